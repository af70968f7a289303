/** Bases that deltas name by id (REF_DELTA): in any pack, or loose. */
import { type HashName, hashBytes, toHex } from '../oid.ts';
import { OUTSIDE } from './delta-links.ts';
import { findSlot, type IdSlots } from './id-slots.ts';
import { looseHeader } from './loose.ts';
import { ObjectError } from './object-error.ts';
import { typeNumber } from './object-types.ts';

/** Entries that name their base by id. */
export interface RefList {
  add(entry: number, bytes: Uint8Array, at: number): void;
  has(entry: number): boolean;
  entries(): Int32Array;
  ids(): Uint8Array;
}

export function createRefList(width: number): RefList {
  let entries = new Int32Array(1024);
  let ids = new Uint8Array(1024 * width);
  let count = 0;
  return {
    add(entry, bytes, at) {
      if (count === entries.length) {
        entries = doubled(entries, new Int32Array(count * 2));
        ids = doubled(ids, new Uint8Array(count * 2 * width));
      }
      entries[count] = entry;
      for (let byte = 0; byte < width; byte += 1) ids[count * width + byte] = bytes[at + byte] ?? 0;
      count += 1;
    },
    has(entry) {
      let low = 0;
      let high = count - 1;
      while (low <= high) {
        const middle = (low + high) >>> 1;
        const found = entries[middle] ?? 0;
        if (found === entry) return true;
        if (found < entry) low = middle + 1;
        else high = middle - 1;
      }
      return false;
    },
    entries: () => entries.subarray(0, count),
    ids: () => ids.subarray(0, count * width),
  };
}

function doubled<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Bases that no pack has: `entries` that derive from them ascend, ids are raw, on shared memory. */
export interface OutsideBases {
  readonly entries: Int32Array;
  readonly ids: Uint8Array;
}

/** Bases by id, wherever a pack has them; else among the loose objects, whose type is then the entry's. */
export function resolveRefs(
  refs: RefList,
  parts: { readonly base: Int32Array; readonly type: Uint8Array },
  slots: IdSlots,
  objectDirs: readonly string[],
  hash: HashName,
): OutsideBases {
  const width = hashBytes(hash);
  const ids = refs.ids();
  const outside = createRefList(width);
  const types = new Map<string, number>();
  for (const [index, entry] of refs.entries().entries()) {
    const base = findSlot(slots, ids, index * width);
    parts.base[entry] = base < 0 ? OUTSIDE : base;
    if (base >= 0) continue;
    outside.add(entry, ids, index * width);
    const oid = toHex(ids, index, width);
    const type = types.get(oid) ?? looseType(objectDirs, oid);
    types.set(oid, type);
    parts.type[entry] = type;
  }
  return { entries: shareInts(outside.entries()), ids: shareBytes(outside.ids()) };
}

function looseType(objectDirs: readonly string[], oid: string): number {
  for (const directory of objectDirs) {
    try {
      const header = looseHeader(directory, oid);
      if (header !== undefined) return typeNumber(header.type);
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
    }
  }
  return 0;
}

function shareInts(from: Int32Array): Int32Array {
  const to = new Int32Array(new SharedArrayBuffer(from.byteLength));
  to.set(from);
  return to;
}

function shareBytes(from: Uint8Array): Uint8Array {
  const to = new Uint8Array(new SharedArrayBuffer(from.byteLength));
  to.set(from);
  return to;
}
