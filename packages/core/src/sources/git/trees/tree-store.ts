/**
 * What trees hold, as far as it matters: subtrees and wanted blobs. A tree is kept as what it has more and less than
 * another one (that which its pack derives it from), so history costs what changes, not what there is. Two trees are
 * compared by adding up the steps between them.
 */
import { ObjectError } from '../pack/object-error.ts';

/** Numbers kept: 1 GiB of them. */
const MAX_LENGTH = 1 << 28;

/** A record: place of its base's record (-1: none), length of that chain, number of steps; then the steps. */
const BASE = 0;
const DEPTH = 1;
const COUNT = 2;
const HEAD = 3;

export interface TreeStore {
  /** True if the tree has been recorded. */
  has(tree: number): boolean;
  /**
   * Begins to record a tree that derives from `base`, which has been recorded; -1: from the empty one. The record goes on
   * up to the next, or `seal`. @throws ObjectError `limit`
   */
  begin(tree: number, base: number): void;
  /** Entries are numbers of the caller's. @throws ObjectError `limit` */
  add(entry: number): void;
  remove(entry: number): void;
  /** The same for many: entries, or the complements of those that go. @throws ObjectError `limit` */
  step(steps: Int32Array, from: number, to: number): void;
  /** Says how large the numbers of entries are, before trees are compared. */
  seal(entries: number): void;
  /** Compares two trees, -1 being the empty one. The result is the store's own and valid until the next call. */
  compare(before: number, after: number): Difference;
}

export interface Difference {
  /** Entries of one tree that the other has not, in no particular order. */
  readonly entries: Int32Array;
  /** 1: the later tree has it, -1: the earlier one. */
  readonly signs: Int8Array;
  readonly count: number;
  /** What the comparison cost: steps looked at. */
  readonly steps: number;
}

/** `trees`: about how large their numbers are. */
export function createTreeStore(trees: number): TreeStore {
  /** Place of a tree's record, -1: none. */
  let places = new Int32Array(trees).fill(-1);
  /** Records, one after the other. A step is an entry, or the complement of one that goes. */
  let records = new Int32Array(1 << 16);
  let used = 0;
  let begun = 0;
  /** By entry: how often it has been met more on one side than on the other. Zero between calls. */
  let balance = new Int32Array(0);
  let touched = new Int32Array(1 << 12);
  let signs = new Int8Array(1 << 12);
  let touches = 0;
  const difference = { entries: touched, signs, count: 0, steps: 0 };

  function reserve(more: number): void {
    if (used + more <= records.length) return;
    if (used + more > MAX_LENGTH) throw new ObjectError('limit', 'what the directories hold is too much to be kept');
    records = larger(records, new Int32Array(Math.max(used * 2, used + more)));
  }

  function push(number: number): void {
    reserve(1);
    records[used] = number;
    used += 1;
  }

  function end(): void {
    if (used > 0) records[begun + COUNT] = used - begun - HEAD;
  }

  /** Adds up the steps of a record; gives the place of its base's. */
  function sum(place: number, sign: number): number {
    const first = place + HEAD;
    const end = first + (records[place + COUNT] ?? 0);
    if (touches + end - first > touched.length) {
      touched = larger(touched, new Int32Array((touches + end - first) * 2));
      signs = new Int8Array(touched.length);
    }
    for (let at = first; at < end; at += 1) {
      const step = records[at] ?? 0;
      const entry = step < 0 ? ~step : step;
      const old = balance[entry] ?? 0;
      if (old === 0) {
        touched[touches] = entry;
        touches += 1;
      }
      balance[entry] = step < 0 ? old - sign : old + sign;
    }
    difference.steps += 1 + end - first;
    return records[place + BASE] ?? -1;
  }

  /** Keeps of what was touched that which one side has more of. */
  function settle(): void {
    let count = 0;
    for (let at = 0; at < touches; at += 1) {
      const entry = touched[at] ?? 0;
      const left = balance[entry] ?? 0;
      if (left === 0) continue;
      balance[entry] = 0;
      touched[count] = entry;
      signs[count] = left > 0 ? 1 : -1;
      count += 1;
    }
    difference.entries = touched;
    difference.signs = signs;
    difference.count = count;
  }

  return {
    has: (tree) => (places[tree] ?? -1) >= 0,
    begin(tree, base) {
      if (tree >= places.length)
        places = larger(places, new Int32Array(Math.max(tree + 1, places.length + (places.length >> 2))).fill(-1));
      const basePlace = base < 0 ? -1 : (places[base] ?? -1);
      end();
      begun = used;
      places[tree] = begun;
      push(basePlace);
      push(basePlace < 0 ? 0 : (records[basePlace + DEPTH] ?? 0) + 1);
      push(0);
    },
    add: push,
    remove(entry) {
      push(~entry);
    },
    step(steps, from, to) {
      reserve(to - from);
      for (let at = from; at < to; at += 1) {
        records[used] = steps[at] ?? 0;
        used += 1;
      }
    },
    seal(entries) {
      end();
      if (balance.length < entries) balance = new Int32Array(entries + (entries >> 2));
    },
    compare(before, after) {
      touches = 0;
      difference.steps = 0;
      let a = before < 0 ? -1 : (places[before] ?? -1);
      let b = after < 0 ? -1 : (places[after] ?? -1);
      let depthA = a < 0 ? -1 : (records[a + DEPTH] ?? 0);
      let depthB = b < 0 ? -1 : (records[b + DEPTH] ?? 0);
      while (a !== b) {
        if (depthA > depthB) {
          a = sum(a, -1);
          depthA -= 1;
        } else {
          b = sum(b, 1);
          depthB -= 1;
        }
      }
      settle();
      return difference;
    },
  };
}

function larger(from: Int32Array, to: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  to.set(from);
  return to;
}
