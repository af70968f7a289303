/**
 * What trees hold, as far as it matters: subtrees and wanted blobs. A tree is kept as what it has more and less than
 * another one (that which its pack derives it from), so history costs what changes, not what there is. Two trees are
 * compared by adding up the steps between them.
 */
import { ObjectError } from '../pack/object-error.ts';

const MAX_STEPS = 1 << 28;

export interface TreeStore {
  /** True if the tree has been recorded. */
  has(tree: number): boolean;
  /** Begins to record a tree that derives from `base`, which has been recorded; -1: from the empty one. */
  begin(tree: number, base: number): void;
  /** Entries are numbers of the caller's. @throws ObjectError `limit` */
  add(entry: number): void;
  remove(entry: number): void;
  /** Forgets what was said since `begin`. */
  restart(): void;
  /** Ends the record that was begun last. */
  end(): void;
  /** Gives the entries from `from` on other numbers. Once replaced, or of a number below `from`, an entry is final. */
  replace(from: number, entryOf: (entry: number) => number): void;
  /** Says how large the numbers of entries are, before trees are compared. */
  seal(entries: number): void;
  /**
   * Entries of `after` that `before` has not, and the reverse; -1 is the empty tree. The result is the store's own and
   * valid until the next call. `steps` is what the comparison cost.
   */
  compare(before: number, after: number): Difference;
  readonly steps: number;
}

export interface Difference {
  /** Entry numbers. */
  readonly entries: Int32Array;
  /** 1: `after` has it, -1: `before` has it. */
  readonly signs: Int8Array;
  count: number;
  steps: number;
}

/** `trees`: about how many there will be. */
export function createTreeStore(trees: number): TreeStore {
  /** Place of a tree's steps: their count, then the steps: an entry, or the complement of one that goes. -1: no tree. */
  let places = new Int32Array(trees).fill(-1);
  let bases = new Int32Array(trees);
  let depths = new Int32Array(trees);
  let steps = new Int32Array(1 << 16);
  let used = 0;
  let begun = 0;
  /** By entry: how often it has been met more on one side than on the other. Zero between calls. */
  let balance = new Int32Array(1 << 12);
  let touched = new Int32Array(1 << 12);
  let touches = 0;
  /** Steps before this one are final. */
  let final = 0;
  let signs = new Int8Array(1 << 12);
  const difference: { entries: Int32Array; signs: Int8Array; count: number; steps: number } = {
    entries: touched,
    signs,
    count: 0,
    steps: 0,
  };

  function push(step: number): void {
    if (used === steps.length) {
      if (used >= MAX_STEPS) throw new ObjectError('limit', 'what the directories hold is too much to be kept');
      const larger = new Int32Array(steps.length * 2);
      larger.set(steps);
      steps = larger;
    }
    steps[used] = step;
    used += 1;
  }

  function countSteps(tree: number, sign: number): void {
    const place = places[tree] ?? 0;
    const end = place + (steps[place] ?? 0);
    for (let at = place + 1; at <= end; at += 1) {
      const step = steps[at] ?? 0;
      const entry = step < 0 ? ~step : step;
      const old = balance[entry] ?? 0;
      if (old === 0) {
        if (touches === touched.length) {
          const larger = new Int32Array(touches * 2);
          larger.set(touched);
          touched = larger;
        }
        touched[touches] = entry;
        touches += 1;
      }
      balance[entry] = step < 0 ? old - sign : old + sign;
    }
  }

  return {
    get steps() {
      return used;
    },
    has: (tree) => (places[tree] ?? -1) >= 0,
    begin(tree, base) {
      if (tree >= places.length) {
        const length = Math.max(tree + 1, places.length + (places.length >> 1));
        const larger = new Int32Array(length).fill(-1);
        larger.set(places);
        places = larger;
        bases = resized(bases, length);
        depths = resized(depths, length);
      }
      begun = used;
      push(0);
      places[tree] = begun;
      bases[tree] = base;
      depths[tree] = base < 0 ? 0 : (depths[base] ?? 0) + 1;
    },
    add: push,
    remove(entry) {
      push(~entry);
    },
    restart() {
      used = begun + 1;
      final = Math.min(final, used);
    },
    end() {
      steps[begun] = used - begun - 1;
    },
    replace(from, entryOf) {
      for (let at = final; at < used; at += 1) {
        const step = steps[at] ?? 0;
        if (step >= from) steps[at] = entryOf(step);
        else if (~step >= from) steps[at] = ~entryOf(~step);
      }
      final = used;
    },
    seal(entries) {
      if (balance.length < entries) balance = new Int32Array(entries);
    },
    compare(before, after) {
      touches = 0;
      let cost = 0;
      let a = before;
      let b = after;
      while (a !== b) {
        const depthA = a < 0 ? -1 : (depths[a] ?? 0);
        const depthB = b < 0 ? -1 : (depths[b] ?? 0);
        if (depthA > depthB) {
          countSteps(a, -1);
          cost += 1 + (steps[places[a] ?? 0] ?? 0);
          a = bases[a] ?? -1;
        } else {
          countSteps(b, 1);
          cost += 1 + (steps[places[b] ?? 0] ?? 0);
          b = bases[b] ?? -1;
        }
      }
      if (signs.length < touched.length) signs = new Int8Array(touched.length);
      let count = 0;
      for (let at = 0; at < touches; at += 1) {
        const entry = touched[at] ?? 0;
        const sum = balance[entry] ?? 0;
        if (sum === 0) continue;
        balance[entry] = 0;
        touched[count] = entry;
        signs[count] = sum > 0 ? 1 : -1;
        count += 1;
      }
      difference.entries = touched;
      difference.signs = signs;
      difference.count = count;
      difference.steps = cost;
      return difference;
    },
  };
}

function resized(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
