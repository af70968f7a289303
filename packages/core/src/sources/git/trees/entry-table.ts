/**
 * Numbers for entries of trees that matter: a name, and a tree or a wanted blob under it. Most have the same name wherever
 * they are met, so the first one needs no search.
 */
import { createPairTable } from '../pair-table.ts';

export interface EntryTable {
  /** One more than the largest number given out so far. */
  readonly size: number;
  /** `name`: its number; `child`: the number of a tree, or the complement of that of a wanted blob. @throws ObjectError `limit` */
  add(name: number, child: number): number;
  name(entry: number): number;
  child(entry: number): number;
}

/** `blobs`: how many are wanted; `trees`: how many are expected, more may come. */
export function createEntryTable(blobs: number, trees: number): EntryTable {
  const usual = blobs + trees;
  /** Name, one more than its number; of each blob, then of each tree. */
  const names = new Int32Array(usual);
  const others = createPairTable();

  return {
    get size() {
      return usual + others.size;
    },
    add(name, child) {
      const place = child < 0 ? ~child : child + blobs;
      if (place < usual) {
        const first = names[place] ?? 0;
        if (first === name + 1) return place;
        if (first === 0) {
          names[place] = name + 1;
          return place;
        }
      }
      return usual + others.add(name, child);
    },
    name: (entry) => (entry < usual ? (names[entry] ?? 0) - 1 : others.first(entry - usual)),
    child: (entry) => (entry < usual ? (entry < blobs ? ~entry : entry - blobs) : others.second(entry - usual)),
  };
}
