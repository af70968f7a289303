/**
 * Entry numbers by object id: open addressing over words in shared memory, so that workers use one table. An id's place
 * is its first bits, since ids are digests and come sorted: filling the table is one pass over it. But index files can be
 * made up; if ids crowd, their place depends on all their bits and on words that are drawn for each run.
 */
import { randomBytes } from 'node:crypto';

export interface IdSlots {
  /** Entry numbers, -1: free. A power of two, at least 1.5 times the ids. */
  readonly slots: Int32Array;
  /** Ids by entry number, as words. */
  readonly words: Int32Array;
  /** Words in an id. */
  readonly width: number;
  /** Odd words, one for each of an id; all 0 while the first bits are the place. */
  readonly seeds: Int32Array;
  /** Most slots that an id lies behind its place. */
  longest: number;
}

/** Ids of one index: they are at `ids`, in any order, and the entry of each is in `numbers`. */
export interface IdList {
  readonly ids: Int32Array;
  readonly numbers: Uint32Array;
}

/** Further away from their place, ids crowd. */
const CROWDED = 64;

/** `most`: ids that will be added; `words`: ids by entry number, filled before an entry is added. */
export function createIdSlots(most: number, words: Int32Array, width: number): IdSlots {
  let size = 16;
  while (size < most * 1.5) size *= 2;
  return {
    slots: new Int32Array(new SharedArrayBuffer(size * 4)).fill(-1),
    words,
    width,
    seeds: new Int32Array(new SharedArrayBuffer(width * 4)),
    longest: 0,
  };
}

/** Adds a list; `known` are entries that were added before. Calls `onRepeat` for an id that is there, with both entries. */
export function addIds(
  table: IdSlots,
  list: IdList,
  known: number,
  onRepeat: (entry: number, before: number) => void,
): void {
  const { numbers } = list;
  let done = 0;
  if (known === 0 && table.seeds[0] === 0) done = addSorted(table, list);
  for (; done < numbers.length; done += 1) {
    const before = addEntry(table, numbers[done] ?? 0);
    if (before >= 0) onRepeat(numbers[done] ?? 0, before);
  }
}

/** Fills an empty table as long as ids ascend, so that nothing need be compared. Gives how many were added. */
function addSorted(table: IdSlots, { ids, numbers }: IdList): number {
  const { slots, width } = table;
  const mask = slots.length - 1;
  const shift = shiftOf(slots);
  let longest = 0;
  let index = 0;
  for (let last = -1; index < numbers.length; index += 1) {
    const lead = swapped(ids[index * width] ?? 0) >>> 0;
    if (lead < last || (lead === last && !isAscending(ids, index * width, width))) break;
    last = lead;
    const place = lead >>> shift;
    let slot = place;
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    const away = (slot - place) & mask;
    if (away > CROWDED) break;
    if (away > longest) longest = away;
    slots[slot] = numbers[index] ?? 0;
  }
  table.longest = longest;
  return index;
}

/** True when the id at `start` comes behind the one before it, whose first word is the same. */
function isAscending(ids: Int32Array, start: number, width: number): boolean {
  for (let at = start + 1; at < start + width; at += 1) {
    const before = swapped(ids[at - width] ?? 0) >>> 0;
    const now = swapped(ids[at] ?? 0) >>> 0;
    if (before !== now) return before < now;
  }
  return false;
}

/** Adds an entry; gives the entry that had the same id before, or -1. */
function addEntry(table: IdSlots, entry: number): number {
  const { slots, words, width } = table;
  const mask = slots.length - 1;
  const start = entry * width;
  const place = placeOf(table, words, start);
  for (let away = 0; ; away += 1) {
    const slot = (place + away) & mask;
    const found = slots[slot] ?? -1;
    if (found < 0) {
      slots[slot] = entry;
      if (away > table.longest) table.longest = away;
      if (away > CROWDED && table.seeds[0] === 0) mix(table);
      return -1;
    }
    if (equals(words, found * width, words, start, width)) return found;
  }
}

/** From now on the place depends on everything: all are put in again. */
function mix(table: IdSlots): void {
  const { slots, seeds, words, width } = table;
  const random = randomBytes(width * 4);
  for (let at = 0; at < width; at += 1) seeds[at] = random.readInt32LE(at * 4) | 1;
  const entries = slots.filter((entry) => entry >= 0);
  const mask = slots.length - 1;
  slots.fill(-1);
  table.longest = 0;
  for (const entry of entries) {
    const place = placeOf(table, words, entry * width);
    let away = 0;
    while ((slots[(place + away) & mask] ?? -1) >= 0) away += 1;
    slots[(place + away) & mask] = entry;
    if (away > table.longest) table.longest = away;
  }
}

/** The entry with the id at `bytes[at]`, or -1. */
export function findSlot(table: IdSlots, bytes: Uint8Array, at: number): number {
  copyWords(bytes, at, scratch, 0, table.width);
  return findWords(table, scratch, 0);
}

function findWords(table: IdSlots, ids: Int32Array, at: number): number {
  const { slots, words, width, longest } = table;
  const mask = slots.length - 1;
  const place = placeOf(table, ids, at);
  for (let away = 0; away <= longest; away += 1) {
    const found = slots[(place + away) & mask] ?? -1;
    if (found < 0 || equals(words, found * width, ids, at, width)) return found;
  }
  return -1;
}

const BLOCK = 64;
const blockWords = new Int32Array(BLOCK * 8);
const firstFound = new Int32Array(BLOCK);
const firstWord = new Int32Array(BLOCK);

/** The same for the first `count` ids of `bytes`: a block of them waits for memory together. */
export function findSlots(table: IdSlots, bytes: Uint8Array, count: number, found: Int32Array): void {
  const { width } = table;
  for (let block = 0; block < count; block += BLOCK) {
    const length = Math.min(BLOCK, count - block);
    for (let each = 0; each < length; each += 1)
      copyWords(bytes, (block + each) * width * 4, blockWords, each * width, width);
    findBlock(table, blockWords, 0, length, found, block);
  }
}

/** The same for ids that are words already. */
export function findWordSlots(table: IdSlots, ids: Int32Array, count: number, found: Int32Array): void {
  for (let block = 0; block < count; block += BLOCK)
    findBlock(table, ids, block * table.width, Math.min(BLOCK, count - block), found, block);
}

/** `length` ids from `start` on; what is found goes to `found`, from `to` on. */
function findBlock(
  table: IdSlots,
  ids: Int32Array,
  start: number,
  length: number,
  found: Int32Array,
  to: number,
): void {
  const { slots, words, width } = table;
  for (let each = 0; each < length; each += 1)
    firstFound[each] = slots[placeOf(table, ids, start + each * width)] ?? -1;
  for (let each = 0; each < length; each += 1) firstWord[each] = words[Math.max(0, firstFound[each] ?? 0) * width] ?? 0;
  for (let each = 0; each < length; each += 1) {
    const entry = firstFound[each] ?? -1;
    const at = start + each * width;
    const isFirst = entry < 0 || (firstWord[each] === ids[at] && equals(words, entry * width, ids, at, width));
    found[to + each] = isFirst ? entry : findWords(table, ids, at);
  }
}

const scratch = new Int32Array(8);

/** An id of `width` words, wherever its bytes lie. */
function copyWords(bytes: Uint8Array, from: number, to: Int32Array, at: number, width: number): void {
  for (let word = 0, place = from; word < width; word += 1, place += 4) {
    to[at + word] =
      (bytes[place] ?? 0) |
      ((bytes[place + 1] ?? 0) << 8) |
      ((bytes[place + 2] ?? 0) << 16) |
      ((bytes[place + 3] ?? 0) << 24);
  }
}

/** The first bits of an id, or all of it mixed. */
function placeOf({ seeds, slots, width }: IdSlots, words: Int32Array, start: number): number {
  if (seeds[0] === 0) return swapped(words[start] ?? 0) >>> shiftOf(slots);
  let sum = 0;
  for (let at = 0; at < width; at += 1) {
    sum = Math.imul(sum ^ (words[start + at] ?? 0), seeds[at] ?? 0);
    sum ^= sum >>> 15;
  }
  return sum & (slots.length - 1);
}

function shiftOf(slots: Int32Array): number {
  return Math.clz32(slots.length) + 1;
}

/** The bytes of a word the other way round: ids are read as little-endian words. */
function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function equals(a: Int32Array, aStart: number, b: Int32Array, bStart: number, width: number): boolean {
  for (let at = 0; at < width; at += 1) if (a[aStart + at] !== b[bStart + at]) return false;
  return true;
}
