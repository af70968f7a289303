/** Lists of whole trees of deltas, as many as are read at a time. */
import type { Forest } from '../pack/forest.ts';
import { STAGE_BYTES } from './staged-entries.ts';

/** Entries in a list, a power of two. */
export const LIST_ENTRIES: number = 1 << 18;

/** Whole trees of deltas, one after the other, each base before what derives from it. */
export interface FamilyList {
  readonly entries: Int32Array;
  readonly depths: Int32Array;
  readonly count: number;
  clear(): void;
  /** Adds the tree of a root; false, with nothing added, if it does not fit. */
  add(root: number): boolean;
}

export function createFamilyList(
  forest: Forest,
  needed: Uint8Array | undefined,
  sizeOf: (entry: number) => number,
): FamilyList {
  const { firstChild, nextSibling } = forest;
  const entries = new Int32Array(LIST_ENTRIES);
  const depths = new Int32Array(LIST_ENTRIES);
  /** Entries from the root down to where the listing is. */
  let path = new Int32Array(64);
  let count = 0;
  let bytes = 0;

  /** The entry itself if it is needed, else the next needed one among its siblings; -1: none. */
  function firstNeeded(entry: number): number {
    let at = entry;
    if (needed !== undefined) while (at >= 0 && needed[at] !== 1) at = nextSibling[at] ?? -1;
    return at;
  }

  function push(entry: number, depth: number): boolean {
    const size = sizeOf(entry);
    if (count === LIST_ENTRIES || size < 0 || bytes + size > STAGE_BYTES) return false;
    entries[count] = entry;
    depths[count] = depth;
    count += 1;
    bytes += size;
    return true;
  }

  function addTree(root: number): boolean {
    let entry = root;
    let depth = 0;
    for (;;) {
      if (!push(entry, depth)) return false;
      const child = firstNeeded(firstChild[entry] ?? -1);
      if (child >= 0) {
        if (depth === path.length) {
          const longer = new Int32Array(depth * 2);
          longer.set(path);
          path = longer;
        }
        path[depth] = entry;
        depth += 1;
        entry = child;
        continue;
      }
      let sibling = -1;
      while (depth > 0) {
        sibling = firstNeeded(nextSibling[entry] ?? -1);
        if (sibling >= 0) break;
        depth -= 1;
        entry = path[depth] ?? 0;
      }
      if (depth === 0) return true;
      entry = sibling;
    }
  }

  return {
    entries,
    depths,
    get count() {
      return count;
    },
    clear() {
      count = 0;
      bytes = 0;
    },
    add(root) {
      const before = count;
      const bytesBefore = bytes;
      if (addTree(root)) return true;
      count = before;
      bytes = bytesBefore;
      return false;
    },
  };
}
