/** Object ids: raw bytes in tables and jobs, lower-case hex in text ids and messages. */
import { randomBytes } from 'node:crypto';

export type HashName = 'sha1' | 'sha256';

export function hashBytes(hash: HashName): number {
  return hash === 'sha1' ? 20 : 32;
}

export function toHex(raw: Uint8Array, index: number, size: number): string {
  return Buffer.from(raw.buffer, raw.byteOffset + index * size, size).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** Ids of one width as words, one after the other; all are hex. */
export function idWords(ids: readonly string[]): Int32Array {
  return new Int32Array(fromHex(ids.join('')).buffer);
}

/** True for a full object id in lower-case hex. */
export function isOid(text: string, hash: HashName): boolean {
  if (text.length !== hashBytes(hash) * 2) return false;
  for (let at = 0; at < text.length; at += 1) if (nibble(text.charCodeAt(at)) < 0) return false;
  return true;
}

/** Id of the tree with nothing in it, which git knows without having it. */
export function emptyTree(hash: HashName): string {
  return hash === 'sha1'
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
}

/** Value of a lower-case hex digit, -1 for anything else. */
export function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

/**
 * A growing set of object ids, each with the index of its first insertion. Ids lie in one array: 1.3 million commits
 * cost about 40 MB, not the 150 MB of as many strings.
 */
export interface OidTable {
  readonly size: number;
  readonly width: number;
  /** Index of the id at `bytes[offset, offset + width)`, added if it is new. */
  add(bytes: Uint8Array, offset?: number): number;
  /** Adds an id that is known not to be there: places are made for all of these when the next one is looked for. */
  append(bytes: Uint8Array, offset?: number): number;
  /** Index, or -1. */
  find(bytes: Uint8Array, offset?: number): number;
  /** The same for ids spelt in hex in a stream of bytes. */
  addHex(bytes: Uint8Array, offset: number): number;
  findHex(bytes: Uint8Array, offset: number): number;
  hex(index: number): string;
  /** Order of two ids, as that of their hex spelling. */
  compare(a: number, b: number): number;
  /** All ids in order of insertion; a view that is valid until the next insertion. */
  raw(): Uint8Array;
}

/** `expected`: about how many ids there will be. */
export function createOidTable(hash: HashName, expected = 1024): OidTable {
  const width = hashBytes(hash);
  const scratch = new Uint8Array(width);
  let ids = new Uint8Array(Math.max(1, expected) * width);
  let slots = new Int32Array(slotCount(expected)).fill(-1);
  let size = 0;
  /** Ids that have a slot; those behind them were appended. */
  let placed = 0;

  /** Most slots that an id lies behind its place. */
  let longest = 0;
  /** Odd words, one for each of an id, drawn once ids crowd. */
  let seeds: Int32Array | undefined;

  /**
   * The first bytes of a hash are as good as random, but ids that only others name can be made up: if they crowd, their
   * place depends on all their bytes, and on words that nobody knows before.
   */
  function placeOf(bytes: Uint8Array, offset: number): number {
    if (seeds === undefined) return wordAt(bytes, offset);
    let hash = 0;
    for (let at = 0; at < width; at += 4) {
      hash = Math.imul(hash ^ wordAt(bytes, offset + at), seeds[at >> 2] ?? 1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  function equals(index: number, bytes: Uint8Array, offset: number): boolean {
    const start = index * width;
    for (let at = 0; at < width; at += 1) if (ids[start + at] !== bytes[offset + at]) return false;
    return true;
  }

  /** Gives every id a slot, of twice as many slots as ids at least. */
  function place(): void {
    if (size * 2 > slots.length) clear(slotCount(size));
    while (placed < size) {
      const away = enter(placed);
      placed += 1;
      if (away > longest) longest = away;
      if (away <= CROWDED || seeds !== undefined) continue;
      const random = randomBytes(width);
      seeds = Int32Array.from({ length: width / 4 }, (_, at) => random.readInt32LE(at * 4) | 1);
      clear(slots.length);
    }
  }

  function clear(count: number): void {
    slots = new Int32Array(count).fill(-1);
    placed = 0;
    longest = 0;
  }

  /** Gives how far from its place. */
  function enter(index: number): number {
    const mask = slots.length - 1;
    const first = placeOf(ids, index * width);
    let away = 0;
    while ((slots[(first + away) & mask] ?? -1) >= 0) away += 1;
    slots[(first + away) & mask] = index;
    return away;
  }

  function append(bytes: Uint8Array, offset = 0): number {
    const start = size * width;
    if (start + width > ids.length) {
      const larger = new Uint8Array(ids.length * 2);
      larger.set(ids);
      ids = larger;
    }
    for (let at = 0; at < width; at += 1) ids[start + at] = bytes[offset + at] ?? 0;
    size += 1;
    return size - 1;
  }

  function add(bytes: Uint8Array, offset = 0): number {
    const known = find(bytes, offset);
    if (known >= 0) return known;
    const index = append(bytes, offset);
    place();
    return index;
  }

  function find(bytes: Uint8Array, offset = 0): number {
    if (placed < size) place();
    const mask = slots.length - 1;
    const first = placeOf(bytes, offset);
    for (let away = 0; away <= longest; away += 1) {
      const index = slots[(first + away) & mask] ?? -1;
      if (index < 0 || equals(index, bytes, offset)) return index;
    }
    return -1;
  }

  function parseHex(bytes: Uint8Array, offset: number): Uint8Array {
    for (let at = 0; at < width; at += 1) {
      scratch[at] = (nibble(bytes[offset + at * 2] ?? 0) << 4) | nibble(bytes[offset + at * 2 + 1] ?? 0);
    }
    return scratch;
  }

  return {
    get size() {
      return size;
    },
    width,
    add,
    append,
    find,
    addHex: (bytes, offset) => add(parseHex(bytes, offset)),
    findHex: (bytes, offset) => find(parseHex(bytes, offset)),
    hex: (index) => toHex(ids, index, width),
    compare: (a, b) => {
      for (let at = 0; at < width; at += 1) {
        const difference = (ids[a * width + at] ?? 0) - (ids[b * width + at] ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    },
    raw: () => ids.subarray(0, size * width),
  };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** Further away from their place, ids crowd. */
const CROWDED = 64;

/** A power of two, at least twice as many. */
function slotCount(ids: number): number {
  let count = 4096;
  while (count < ids * 2) count *= 2;
  return count;
}
