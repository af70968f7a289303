/**
 * Some trees of the forest as one list, base before delta, with what a walk must know beforehand: how much lies below each
 * entry, whether any of it is wanted, and which child has most below it.
 */
import type { Forest } from './forest.ts';

export interface Families {
  /** Entries in these trees. */
  readonly count: number;
  /** Entry number by position; an entry's descendants follow it, and each tree follows the one before. */
  readonly entry: Int32Array;
  /** Positions that an entry takes with all its descendants. */
  readonly span: Int32Array;
  /** Position of the child with most below it, -1: no child is needed. */
  readonly heavy: Int32Array;
  /** 1: it or something that derives from it is wanted. */
  readonly needed: Uint8Array;
  /** Fills all this with the trees of roots, from the one at `from` on; gives the number of the next one. */
  list(roots: Int32Array, from: number, wanted: Uint8Array | undefined): number;
  /** The needed ones, ascending. */
  sorted(): Int32Array;
}

/** Trees are added to a list until it has so many entries. */
const ENOUGH = 4096;

/** The arrays are used again for each list. */
export function createFamilies(forest: Forest): Families {
  const { firstChild, nextSibling } = forest;
  let capacity = 1024;
  let entries = new Int32Array(capacity);
  let parents = new Int32Array(capacity);
  let spans = new Int32Array(capacity);
  let heavy = new Int32Array(capacity);
  let needed = new Uint8Array(capacity);
  let count = 0;

  function grow(): void {
    capacity *= 2;
    entries = larger(entries);
    parents = larger(parents);
    spans = new Int32Array(capacity);
    heavy = new Int32Array(capacity);
    needed = new Uint8Array(capacity);
  }

  function larger(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    const to = new Int32Array(capacity);
    to.set(from);
    return to;
  }

  function add(entry: number, parent: number): void {
    if (count === capacity) grow();
    entries[count] = entry;
    parents[count] = parent;
    count += 1;
  }

  function listDown(root: number): void {
    const first = count;
    add(root, -1);
    let at = first;
    for (let child = firstChild[root] ?? -1; child >= 0;) {
      add(child, at);
      at = count - 1;
      child = firstChild[child] ?? -1;
      while (child < 0 && at > first) {
        child = nextSibling[entries[at] ?? 0] ?? -1;
        at = parents[at] ?? 0;
      }
    }
  }

  function sumUp(wanted: Uint8Array | undefined): void {
    for (let at = 0; at < count; at += 1) {
      spans[at] = 1;
      heavy[at] = -1;
      needed[at] = wanted === undefined ? 1 : Math.min(wanted[entries[at] ?? 0] ?? 0, 1);
    }
    for (let at = count - 1; at > 0; at -= 1) {
      const parent = parents[at] ?? -1;
      if (parent < 0) continue;
      spans[parent] = (spans[parent] ?? 0) + (spans[at] ?? 0);
      if (needed[at] === 0) continue;
      needed[parent] = 1;
      const most = heavy[parent] ?? -1;
      if (most < 0 || (spans[at] ?? 0) > (spans[most] ?? 0)) heavy[parent] = at;
    }
  }

  return {
    get count() {
      return count;
    },
    get entry() {
      return entries;
    },
    get span() {
      return spans;
    },
    get heavy() {
      return heavy;
    },
    get needed() {
      return needed;
    },
    list(roots, from, wanted) {
      count = 0;
      let next = from;
      for (; next < roots.length; next += 1) {
        if (count >= ENOUGH) break;
        listDown(roots[next] ?? 0);
      }
      sumUp(wanted);
      return next;
    },
    sorted() {
      let size = 0;
      const list = new Int32Array(count);
      for (let at = 0; at < count; at += 1) {
        list[size] = entries[at] ?? 0;
        size += needed[at] ?? 0;
      }
      return list.subarray(0, size).sort();
    },
  };
}
