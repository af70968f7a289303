/**
 * Entry numbers by object id: open addressing over words in shared memory, so that workers use one table. Ids come from
 * index files, which anybody can make up; so the place of an id depends on words that are drawn for each run.
 */
import { randomBytes } from 'node:crypto';

export interface IdSlots {
  /** Entry numbers, -1: free. A power of two, at least 1.5 times the ids. */
  readonly slots: Int32Array;
  /** One odd word for each word of an id. */
  readonly seeds: Int32Array;
  /** Ids by entry number, as words. */
  readonly words: Int32Array;
  /** Words in an id. */
  readonly width: number;
}

/** `ids`: raw, by entry number, starting at a multiple of four bytes. Nothing is in the table yet. */
export function createIdSlots(ids: Uint8Array, idBytes: number): IdSlots {
  const width = idBytes / 4;
  const count = ids.length / idBytes;
  let size = 16;
  while (size < count * 1.5) size *= 2;
  const seeds = new Int32Array(new SharedArrayBuffer(width * 4));
  const random = randomBytes(width * 4);
  for (let at = 0; at < width; at += 1) seeds[at] = random.readInt32LE(at * 4) | 1;
  return {
    slots: new Int32Array(new SharedArrayBuffer(size * 4)).fill(-1),
    seeds,
    words: new Int32Array(ids.buffer, ids.byteOffset, count * width),
    width,
  };
}

/** Adds an entry; gives the entry that had the same id before, or -1. */
export function addEntry(table: IdSlots, entry: number): number {
  const { slots, words, width } = table;
  const mask = slots.length - 1;
  const start = entry * width;
  for (let slot = placeOf(table, words, start); ; slot = (slot + 1) & mask) {
    const found = slots[slot] ?? -1;
    if (found < 0) {
      slots[slot] = entry;
      return -1;
    }
    if (equals(words, found * width, words, start, width)) return found;
  }
}

/** The entry with the id at `bytes[at]`, or -1. */
export function findSlot(table: IdSlots, bytes: Uint8Array, at: number): number {
  const { slots, words, width } = table;
  const mask = slots.length - 1;
  const wanted = wordsOf(bytes, at, width);
  for (let slot = placeOf(table, wanted, 0); ; slot = (slot + 1) & mask) {
    const found = slots[slot] ?? -1;
    if (found < 0 || equals(words, found * width, wanted, 0, width)) return found;
  }
}

const BLOCK = 64;
const firstFound = new Int32Array(BLOCK);
const firstWord = new Int32Array(BLOCK);

/** The same for the first `count` ids of `bytes`: a block of them waits for memory together. */
export function findSlots(table: IdSlots, bytes: Uint8Array, count: number, found: Int32Array): void {
  const { slots, words, width } = table;
  for (let block = 0; block < count; block += BLOCK) {
    const length = Math.min(BLOCK, count - block);
    for (let each = 0; each < length; each += 1)
      firstFound[each] = slots[placeOf(table, wordsOf(bytes, (block + each) * width * 4, width), 0)] ?? -1;
    for (let each = 0; each < length; each += 1)
      firstWord[each] = words[Math.max(0, firstFound[each] ?? 0) * width] ?? 0;
    for (let each = 0; each < length; each += 1) {
      const entry = firstFound[each] ?? -1;
      const at = (block + each) * width * 4;
      const wanted = wordsOf(bytes, at, width);
      const isFirst = entry < 0 || (firstWord[each] === wanted[0] && equals(words, entry * width, wanted, 0, width));
      found[block + each] = isFirst ? entry : findSlot(table, bytes, at);
    }
  }
}

const scratch = new Int32Array(8);

/** Valid until the next call. */
function wordsOf(bytes: Uint8Array, start: number, width: number): Int32Array {
  for (let word = 0, at = start; word < width; word += 1, at += 4) {
    scratch[word] =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  }
  return scratch;
}

function placeOf({ seeds, slots, width }: IdSlots, words: Int32Array, start: number): number {
  let sum = 0;
  for (let at = 0; at < width; at += 1) {
    sum = Math.imul(sum ^ (words[start + at] ?? 0), seeds[at] ?? 0);
    sum ^= sum >>> 15;
  }
  return sum & (slots.length - 1);
}

function equals(a: Int32Array, aStart: number, b: Int32Array, bStart: number, width: number): boolean {
  for (let at = 0; at < width; at += 1) if (a[aStart + at] !== b[bStart + at]) return false;
  return true;
}
