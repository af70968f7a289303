/**
 * The kernel's tables as bytes, for rules that are known when the product is built: laying them out takes fifty times as
 * long as copying them. Words, little-endian: the number of rules, the size of the block, the numbers of the rules in
 * their set, then the block as tables.ts lays it out, with addresses from its own start.
 */
import { linearMemory } from '../bytes/linear-memory.ts';
import { ANCHOR_WORDS, ENTRY_WORDS } from './tables.ts';
import type { PlacedEntry, Tables } from './tables.ts';

/** Words of the header that are addresses, and where the others stand that are needed here. */
const HEADER_ADDRESSES = [0, 1, 2, 4, 5, 6, 7, 10];
const ANCHORS_AT = 6;
const ENTRIES_AT = 7;
const ANCHOR_COUNT = 11;
const ENTRY_COUNT = 12;
/** Likewise of an anchor, and of an entry; 0 stands for none. */
const ANCHOR_ADDRESSES = [0, 2];
const ENTRY_ADDRESSES = [6, 7, 9, 12, 14];

/** `numbers`: for each rule that entries name, its number in the set. */
export function packTables(tables: Tables, numbers: readonly number[]): Uint8Array {
  const block = linearMemory().bytes.slice(tables.at, tables.at + tables.size);
  moveAddresses(new Int32Array(block.buffer), 0, tables.at, -tables.at);
  const head = Int32Array.of(numbers.length, block.length, ...numbers);
  return Buffer.concat([new Uint8Array(head.buffer), block]);
}

export interface PlacedTables {
  readonly tables: Tables;
  readonly numbers: Int32Array;
}

/** Copies tables into this thread's memory. */
export function placeTables(image: Uint8Array): PlacedTables {
  const words = new Int32Array(image.buffer.slice(image.byteOffset, image.byteOffset + (image.length & ~3)));
  const [count = 0, size = 0] = words;
  const numbers = words.subarray(2, 2 + count);
  const block = words.subarray(2 + count, 2 + count + (size >> 2));
  const entries = placedEntries(block);
  const memory = linearMemory();
  const at = memory.allocate(size);
  memory.words.set(block, at >> 2);
  moveAddresses(memory.words, at >> 2, 0, at);
  return { tables: { at, size, entries }, numbers };
}

/** `block`: with addresses from its own start. */
function placedEntries(block: Int32Array): readonly PlacedEntry[] {
  const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
  const word = (at: number): number => block[at] ?? 0;
  const entries: PlacedEntry[] = [];
  for (let number = 0; number < word(ANCHOR_COUNT); number++) {
    const anchor = (word(ANCHORS_AT) >> 2) + ANCHOR_WORDS * number;
    for (let i = word(anchor + 4); i < word(anchor + 5); i++) {
      const entry = (word(ENTRIES_AT) >> 2) + ENTRY_WORDS * i;
      const whole = word(entry + 6);
      const start = whole === 0 ? word(anchor) : whole;
      entries.push({
        rule: word(entry),
        keyword: bytes.subarray(start, start + word(entry + 4)),
        anchor: number,
      });
    }
  }
  return entries;
}

/** The block begins at word `start`, and its addresses are to be read from `origin`. */
function moveAddresses(words: Int32Array, start: number, origin: number, by: number): void {
  const word = (at: number): number => words[at] ?? 0;
  const inBlock = (address: number): number => start + ((address - origin) >> 2);
  const anchors = inBlock(word(start + ANCHORS_AT));
  const entries = inBlock(word(start + ENTRIES_AT));
  const anchorCount = word(start + ANCHOR_COUNT);
  const entryCount = word(start + ENTRY_COUNT);
  function move(at: number, places: readonly number[], isOptional: boolean): void {
    for (const place of places) {
      const address = word(at + place);
      if (address !== 0 || !isOptional) words[at + place] = address + by;
    }
  }
  move(start, HEADER_ADDRESSES, false);
  for (let i = 0; i < anchorCount; i++) move(anchors + ANCHOR_WORDS * i, ANCHOR_ADDRESSES, true);
  for (let i = 0; i < entryCount; i++) move(entries + ENTRY_WORDS * i, ENTRY_ADDRESSES, true);
}
