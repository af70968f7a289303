/**
 * What commits change: for each pair of root trees the wanted blobs that differ, by path. Only directories that differ
 * are gone into, and of those only what differs is looked at.
 */
import type { ChangeList } from '../history-access.ts';
import { ObjectError } from '../pack/object-error.ts';
import type { EntryTable } from './entry-table.ts';
import type { NameTable } from './name-table.ts';
import { createPairTable } from './pair-table.ts';
import type { TreeStore } from './tree-store.ts';

/** git itself reads no deeper ones (core.maxTreeDepth). */
const MAX_DEPTH = 4096;
/** Entries looked at for one pair of commits, and for all. Far above what real ones need. */
const MAX_PAIR_STEPS = 1 << 26;
const MAX_STEPS = 2 ** 33;
/** Instead of a tree. */
const EMPTY = -1;
/** Above all directories. */
const TOP = -1;

export interface TreeChangesInput {
  readonly store: TreeStore;
  readonly names: NameTable;
  readonly entries: EntryTable;
  readonly list: ChangeList;
  /** Sees to it that a tree is in the store, if only as an empty one; gives its number, which differs where a commit stands for its tree. */
  ensure(tree: number): number;
}

export interface TreeChanges {
  /** Adds what differs to the list. Trees are object numbers, -1 for none. @throws ObjectError `limit` */
  compare(commit: number, parent: number, before: number, after: number): void;
  /** Paths by the numbers that the list has; one character per byte. */
  paths(): readonly string[];
}

export function createTreeChanges({ store, names, entries, list, ensure }: TreeChangesInput): TreeChanges {
  /** Directory and name. */
  const places = createPairTable();
  /** Number of the path in the list, one more than it; by place. */
  let numbers = new Int32Array(1024);
  const files: number[] = [];
  /** Directories to go into: place, tree before, tree after, depth. */
  const open: number[] = [];
  /** What differs in one directory, by name. */
  let differing: Differing[] = [];
  let total = 0;

  function pathNumber(place: number): number {
    if (place >= numbers.length) {
      const larger = new Int32Array(Math.max(place + 1, numbers.length * 2));
      larger.set(numbers);
      numbers = larger;
    }
    let number = (numbers[place] ?? 0) - 1;
    if (number < 0) {
      number = files.length;
      files.push(place);
      numbers[place] = number + 1;
    }
    return number;
  }

  function read(before: number, after: number): number {
    const from = before === EMPTY ? EMPTY : ensure(before);
    const { entries: found, signs, count, steps } = store.compare(from, after === EMPTY ? EMPTY : ensure(after));
    differing = [];
    for (let at = 0; at < count; at += 1) {
      const entry = found[at] ?? 0;
      differing.push({ name: entries.name(entry), child: entries.child(entry), isAfter: (signs[at] ?? 0) > 0 });
    }
    if (count > 1) differing.sort(byName);
    return steps;
  }

  return {
    compare(commit, parent, before, after) {
      if (before === after) return;
      open.length = 0;
      open.push(TOP, before, after, 0);
      let left = MAX_PAIR_STEPS;
      while (open.length > 0) {
        const depth = open.pop() ?? 0;
        const treeAfter = open.pop() ?? EMPTY;
        const treeBefore = open.pop() ?? EMPTY;
        const directory = open.pop() ?? TOP;
        const steps = read(treeBefore, treeAfter);
        left -= steps + 1;
        total += steps + 1;
        if (left < 0 || total > MAX_STEPS) throw new ObjectError('limit', 'what this commit changed is too much');
        for (let at = 0; at < differing.length;) {
          const first = differing[at];
          if (first === undefined) break;
          const second = differing[at + 1];
          // One name has one entry, or one before and one after; more are malformed, and stand for themselves.
          const isPair = second !== undefined && second.name === first.name && !first.isAfter && second.isAfter;
          const was = first.isAfter ? undefined : first.child;
          const now = isPair ? second.child : first.isAfter ? first.child : undefined;
          at += isPair ? 2 : 1;
          const place = places.add(directory, first.name);
          const blobBefore = was !== undefined && was < 0 ? ~was : -1;
          const blobAfter = now !== undefined && now < 0 ? ~now : -1;
          if (blobBefore !== blobAfter) list.add(commit, parent, pathNumber(place), blobBefore, blobAfter);
          const subBefore = was !== undefined && was >= 0 ? was : EMPTY;
          const subAfter = now !== undefined && now >= 0 ? now : EMPTY;
          if (subBefore === subAfter) continue;
          if (depth >= MAX_DEPTH) throw new ObjectError('limit', 'its directories are too deep');
          open.push(place, subBefore, subAfter, depth + 1);
        }
      }
    },
    paths() {
      return files.map((file) => {
        const parts: string[] = [];
        for (let place = file; place !== TOP; place = places.first(place)) parts.push(names.text(places.second(place)));
        return parts.toReversed().join('/');
      });
    },
  };
}

interface Differing {
  readonly name: number;
  /** Number of a tree, or the complement of that of a wanted blob. */
  readonly child: number;
  readonly isAfter: boolean;
}

/** Of one name, what was there before comes first. */
function byName(a: Differing, b: Differing): number {
  return a.name - b.name || Number(a.isAfter) - Number(b.isAfter) || a.child - b.child;
}
