/**
 * Numbers of subtrees are looked up many at a time: one look-up waits for memory, many together wait little longer. Until
 * then an entry has a stand-in number, which stays good for what remembers it.
 */
import { copyWords } from '../pack/id-slots.ts';
import type { EntryTable } from './entry-table.ts';

const SIZE = 4096;
/** Numbers from here on are stand-ins. */
export const STAND_IN: number = 1 << 30;

export interface SubtreeBatch {
  readonly isFull: boolean;
  /** A stand-in for the entry of this name whose id is `bytes[at, at + width)`. */
  add(name: number, bytes: Uint8Array, at: number): number;
  /** Looks up what was added since the last time. @throws ObjectError `limit` */
  resolve(): void;
  /** What a stand-in stands for, once it is resolved. */
  readonly entryOf: (standIn: number) => number;
}

/** `find` gives the numbers of the trees with the first `count` ids, as words. */
export function createSubtreeBatch(
  width: number,
  entries: EntryTable,
  find: (ids: Int32Array, count: number, numbers: Int32Array) => void,
): SubtreeBatch {
  const words = width / 4;
  const ids = new Int32Array(SIZE * words);
  const names = new Int32Array(SIZE);
  const numbers = new Int32Array(SIZE);
  let resolved = new Int32Array(1 << 12);
  let before = 0;
  let count = 0;

  return {
    get isFull() {
      return count === SIZE;
    },
    add(name, bytes, at) {
      copyWords(bytes, at, ids, count * words, words);
      names[count] = name;
      count += 1;
      return STAND_IN + before + count - 1;
    },
    resolve() {
      find(ids, count, numbers);
      while (before + count > resolved.length) {
        const larger = new Int32Array(resolved.length * 2);
        larger.set(resolved);
        resolved = larger;
      }
      for (let each = 0; each < count; each += 1)
        resolved[before + each] = entries.add(names[each] ?? 0, numbers[each] ?? 0);
      before += count;
      count = 0;
    },
    entryOf: (standIn) => resolved[standIn - STAND_IN] ?? 0,
  };
}
