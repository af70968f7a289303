/**
 * Every entry of every pack of a repository, by entry number: packs one after the other, entries in the order of their
 * offsets. Typed arrays on shared memory, so that workers read the same ones. Objects are stored whole or as deltas, so
 * the entries form trees (gitformat-pack); nothing is inflated to find them.
 */
import { setImmediate } from 'node:timers/promises';
import { type HashName, hashBytes, toHex } from '../oid.ts';
import { BROKEN, linkChildren, NO_BASE, resolveTypes } from './delta-links.ts';
import { readHeaders } from './entry-headers.ts';
import { addIds, createIdSlots, findSlot, type IdList, type IdSlots } from './id-slots.ts';
import { linkCopies, MOST_COPIES } from './object-copies.ts';
import { ObjectError } from './object-error.ts';
import { OFS_DELTA } from './object-types.ts';
import { createOffsetLookup } from './offset-lookup.ts';
import type { PackListing } from './multi-pack-index.ts';
import { orderOf } from './offset-order.ts';
import { listPacks, reasonOf } from './pack-listing.ts';
import { createRefList, type OutsideBases, type RefList, resolveRefs } from './ref-bases.ts';

export interface ForestPack {
  readonly path: string;
  /** Its first entry. */
  readonly first: number;
  readonly count: number;
  /** Offset of the trailer. */
  readonly end: number;
}

export interface Forest {
  readonly hash: HashName;
  readonly packs: readonly ForestPack[];
  readonly count: number;
  /** In its pack; an entry ends where the next begins. */
  readonly offset: Float64Array;
  /** Claimed inflated size of the entry itself (of the delta, for a delta); 0xffffffff: that or more. */
  readonly size: Uint32Array;
  /** As in object-types.ts, of deltas through their chain; 0: cannot be resolved. */
  readonly type: Uint8Array;
  /** Entry number of the base; -1: stored whole; -2: the base is not in a pack (see `outside`); -3: it cannot be told. */
  readonly base: Int32Array;
  /** Entry that the chain ends at, itself for a root; -1 for type 0. */
  readonly root: Int32Array;
  /** -1: none. Children ascend. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** Raw ids by entry number. */
  readonly ids: Uint8Array;
  /** 1: an entry before this one has the same id. */
  readonly repeated: Uint8Array;
  readonly slots: IdSlots;
  /** Of the entries with base -2. */
  readonly outside: OutsideBases;
  /** Packs and indexes that cannot be read: file name and reason. */
  readonly broken: readonly { readonly name: string; readonly detail: string }[];
}

/** Entry number of the first entry with the id at `id[at]`, -1 if no pack has it. */
export function findEntry(forest: Forest, id: Uint8Array, at = 0): number {
  return findSlot(forest.slots, id, at);
}

/** The object id of an entry, in hex. */
export function entryHex(forest: Forest, entry: number): string {
  return toHex(forest.ids, entry, hashBytes(forest.hash));
}

/** Number of the pack that an entry lies in. */
export function packOf(forest: Forest, entry: number): number {
  let low = 0;
  let high = forest.packs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((forest.packs[middle]?.first ?? 0) <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Reads indexes and headers of all packs in the object directories, the first of which is the repository's own.
 * `onListed` is told first how many bytes the packs have.
 */
export async function openForest(
  objectDirs: readonly string[],
  hash: HashName,
  signal?: AbortSignal,
  onListed?: (bytes: number) => void,
): Promise<Forest> {
  const listed = listPacks(objectDirs, hash);
  onListed?.(listed.packs.reduce((sum, { end }) => sum + end, 0));
  const broken = [...listed.broken];
  const width = hashBytes(hash);
  const room = allocate(
    listed.packs.reduce((sum, pack) => sum + pack.most, 0),
    width,
  );
  const slots = createIdSlots(room.type.length, new Int32Array(room.ids.buffer), width / 4);
  const refs = createRefList(width);
  const packs: ForestPack[] = [];
  let count = 0;
  for (const pack of listed.packs) {
    const { name, path, end, most, claimed } = pack;
    await setImmediate();
    signal?.throwIfAborted();
    try {
      const listing = pack.read();
      if (listing.offsets.length > most) throw new ObjectError('corrupt', 'the pack index has changed');
      if (claimed !== undefined && claimed !== listing.offsets.length)
        broken.push({ name, detail: 'the pack and its index differ in the number of objects' });
      const first = count;
      const number = packs.push({ path, end, first, count: listing.offsets.length }) - 1;
      count += listing.offsets.length;
      const numbers = placeEntries(listing, first, width, room);
      addIds(slots, numbers, first, (entry) => {
        room.repeated[entry] = 1;
      });
      readPack(packs[number], width, room, refs);
    } catch (error) {
      broken.push({ name, detail: reasonOf(error) });
    }
  }
  const parts = cut(room, count, width);
  const outside = resolveRefs(refs, parts, slots, objectDirs, hash);
  let copies: Int32Array | undefined;
  resolveTypes(parts, (entry) => {
    if (!refs.has(entry)) return -1;
    copies ??= linkCopies(slots, parts.ids, parts.repeated);
    let other = parts.base[entry] ?? NO_BASE;
    for (let tried = 0; other >= 0 && tried < MOST_COPIES; tried += 1) {
      if (parts.type[other] !== 0) return other;
      other = copies[other] ?? -1;
    }
    return -1;
  });
  linkChildren(parts);
  return { hash, packs, count, ...parts, slots, outside, broken };
}

type Parts = Pick<
  Forest,
  'offset' | 'size' | 'type' | 'base' | 'root' | 'firstChild' | 'nextSibling' | 'ids' | 'repeated'
>;

function allocate(count: number, width: number): Parts {
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(count * bytes);
  return {
    offset: new Float64Array(shared(8)),
    size: new Uint32Array(shared(4)),
    type: new Uint8Array(shared(1)),
    base: new Int32Array(shared(4)),
    root: new Int32Array(shared(4)),
    firstChild: new Int32Array(shared(4)),
    nextSibling: new Int32Array(shared(4)),
    ids: new Uint8Array(shared(width)),
    repeated: new Uint8Array(shared(1)),
  };
}

/** Without the room of packs that turned out to be unreadable. */
function cut(parts: Parts, count: number, width: number): Parts {
  return {
    offset: parts.offset.subarray(0, count),
    size: parts.size.subarray(0, count),
    type: parts.type.subarray(0, count),
    base: parts.base.subarray(0, count),
    root: parts.root.subarray(0, count),
    firstChild: parts.firstChild.subarray(0, count),
    nextSibling: parts.nextSibling.subarray(0, count),
    ids: parts.ids.subarray(0, count * width),
    repeated: parts.repeated.subarray(0, count),
  };
}

/** Puts offsets and ids where their entries are; gives the ids as listed, with the entry of each. */
function placeEntries(listing: PackListing, first: number, width: number, room: Parts): IdList {
  const count = listing.offsets.length;
  const order = orderOf(listing.offsets, room.offset.subarray(first, first + count));
  const numbers = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) numbers[order[at] ?? 0] = first + at;
  // Words can be read in place only where they lie on words.
  const raw = listing.ids.byteOffset % 4 === 0 ? listing.ids : listing.ids.slice();
  const ids = new Int32Array(raw.buffer, raw.byteOffset, (count * width) / 4);
  const target = new Int32Array(room.ids.buffer);
  const words = width / 4;
  let from = 0;
  for (let index = 0; index < count; index += 1) {
    const to = (numbers[index] ?? 0) * words;
    for (let word = 0; word < words; word += 1) {
      target[to + word] = ids[from] ?? 0;
      from += 1;
    }
  }
  return { ids, numbers };
}

/** Fills in headers and bases of one pack; deltas by REF_DELTA are left for later. */
function readPack(pack: ForestPack | undefined, width: number, room: Parts, refs: RefList): void {
  if (pack === undefined) return;
  const { first, count, end, path } = pack;
  const offset = room.offset.subarray(first, first + count);
  const type = room.type.subarray(first, first + count);
  const base = room.base.subarray(first, first + count);
  const back = new Float64Array(count);
  readHeaders(path, offset, end, width, {
    size: room.size.subarray(first, first + count),
    type,
    back,
    refDelta: (index, bytes, at) => refs.add(first + index, bytes, at),
  });
  const find = createOffsetLookup(offset, end);
  base.fill(NO_BASE);
  for (let at = 0; at < count; at += 1) {
    if (type[at] !== OFS_DELTA) continue;
    const found = find((offset[at] ?? 0) - (back[at] ?? 0));
    base[at] = found < 0 ? BROKEN : first + found;
  }
}
