/** Numbers for pairs of numbers: entries of trees (name and child), paths (directory and name). */
import { ObjectError } from './pack/object-error.ts';

const MAX_PAIRS: number = 2 ** 26;

export interface PairTable {
  readonly size: number;
  /** Number of the pair, added if it is new. @throws ObjectError `limit` */
  add(first: number, second: number): number;
  first(pair: number): number;
  second(pair: number): number;
}

/** `most`: more pairs are a `limit`. */
export function createPairTable(most: number = MAX_PAIRS): PairTable {
  let slots = new Int32Array(4096).fill(-1);
  /** First and second of each pair, side by side. */
  let pairs = new Int32Array(2048);
  let size = 0;

  function mix(first: number, second: number): number {
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }

  function grow(): void {
    if (size >= most) throw new ObjectError('limit', 'the directories are too many to be kept');
    if (size * 2 + 2 > pairs.length) {
      const larger = new Int32Array(pairs.length * 2);
      larger.set(pairs);
      pairs = larger;
    }
    if ((size + 1) * 3 <= slots.length * 2) return;
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let pair = 0; pair < size; pair += 1) {
      let slot = mix(pairs[pair * 2] ?? 0, pairs[pair * 2 + 1] ?? 0) & (slots.length - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = pair;
    }
  }

  return {
    get size() {
      return size;
    },
    add(first, second) {
      const hash = mix(first, second);
      let slot = hash & (slots.length - 1);
      for (let pair = slots[slot] ?? -1; pair >= 0; pair = slots[slot] ?? -1) {
        if (pairs[pair * 2] === first && pairs[pair * 2 + 1] === second) return pair;
        slot = (slot + 1) & (slots.length - 1);
      }
      grow();
      slot = hash & (slots.length - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = size;
      pairs[size * 2] = first;
      pairs[size * 2 + 1] = second;
      size += 1;
      return size - 1;
    },
    first: (pair) => pairs[pair * 2] ?? 0,
    second: (pair) => pairs[pair * 2 + 1] ?? 0,
  };
}
