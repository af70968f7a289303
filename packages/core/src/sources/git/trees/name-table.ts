/** Numbers for byte strings: names of tree entries, each kept once. */
import { ObjectError } from '../pack/object-error.ts';

/** Names are short and repeat; more than this is made up. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Names made to collide would be searched for in vain for long: those beyond go to a map that the engine has seeded. */
const MAX_PROBES = 64;

export interface NameTable {
  readonly size: number;
  /** Number of the name in `bytes[start, end)`, added if it is new. @throws ObjectError `limit` */
  add(bytes: Uint8Array, start: number, end: number): number;
  /** One character per byte. */
  text(name: number): string;
}

export function createNameTable(): NameTable {
  let slots = new Int32Array(4096).fill(-1);
  let hashes = new Int32Array(1024);
  /** Where a name begins; it ends where the next begins. */
  let starts = new Int32Array(1025);
  let pool = new Uint8Array(16 * 1024);
  let size = 0;
  let used = 0;
  const crowded = new Map<string, number>();

  function isAt(name: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = starts[name] ?? 0;
    if ((starts[name + 1] ?? 0) - from !== length) return false;
    for (let at = 0; at < length; at += 1) if (pool[from + at] !== bytes[start + at]) return false;
    return true;
  }

  function text(name: number): string {
    const start = starts[name] ?? 0;
    return Buffer.from(pool.buffer, start, (starts[name + 1] ?? 0) - start).toString('latin1');
  }

  function place(name: number): void {
    const mask = slots.length - 1;
    const start = hashes[name] ?? 0;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (start + probe) & mask;
      if ((slots[slot] ?? -1) >= 0) continue;
      slots[slot] = name;
      return;
    }
    crowded.set(text(name), name);
  }

  function reserve(length: number): void {
    if (used + length > MAX_BYTES) throw new ObjectError('limit', 'the names of files are too long to be kept');
    if (used + length > pool.length) {
      const larger = new Uint8Array(Math.max(pool.length * 2, used + length));
      larger.set(pool.subarray(0, used));
      pool = larger;
    }
    if (size === hashes.length) {
      starts = enlarge(starts, size * 2 + 1);
      hashes = enlarge(hashes, size * 2);
    }
    if ((size + 1) * 2 <= slots.length) return;
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let name = 0; name < size; name += 1) place(name);
  }

  function insert(bytes: Uint8Array, start: number, end: number, hash: number): number {
    reserve(end - start);
    pool.set(bytes.subarray(start, end), used);
    used += end - start;
    hashes[size] = hash;
    size += 1;
    starts[size] = used;
    place(size - 1);
    return size - 1;
  }

  return {
    get size() {
      return size;
    },
    add(bytes, start, end) {
      let hash = 0x811c9dc5;
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
      hash ^= hash >>> 15;
      const length = end - start;
      const mask = slots.length - 1;
      for (let probe = 0; probe < MAX_PROBES; probe += 1) {
        const name = slots[(hash + probe) & mask] ?? -1;
        if (name < 0) break;
        if (hashes[name] === hash && isAt(name, bytes, start, length)) return name;
      }
      if (crowded.size > 0) {
        const name = crowded.get(Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1'));
        if (name !== undefined) return name;
      }
      return insert(bytes, start, end, hash);
    },
    text,
  };
}

function enlarge(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
