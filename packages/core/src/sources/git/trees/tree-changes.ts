/**
 * What commits change: for each pair of root trees the wanted blobs that differ, by path. Only directories that differ
 * are gone into, and of those only what differs is looked at.
 */
import type { ChangeList } from '../history-access.ts';
import { ObjectError } from '../pack/object-error.ts';
import type { EntryTable } from './entry-table.ts';
import type { NameTable } from './name-table.ts';
import { createPairTable } from '../pair-table.ts';
import type { Difference, TreeStore } from './tree-store.ts';

/** git itself reads no deeper ones (core.maxTreeDepth). */
const MAX_DEPTH = 4096;
/**
 * Trees may hold themselves many times over. So there are limits, far above what real ones need: entries looked at for
 * one pair of commits, and for all; changes of one pair; paths, and directories on them.
 */
const MAX_PAIR_STEPS = 2 ** 24;
const MAX_STEPS = 2 ** 32;
const MAX_PAIR_CHANGES = 2 ** 18;
const MAX_PATHS = 2 ** 20;
const MAX_PLACES = 2 ** 22;
/** More than so many things are not sorted one by one. */
const MAX_INSERTED = 16;
/** Instead of a tree. */
const EMPTY = -1;
/** Above all directories. */
const TOP = -1;
const UNKNOWN = -2;
const FRAME = 4;
/** What a directory counts for, beside its entries. */
const DIRECTORY_STEPS = 16;

export interface TreeChangesInput {
  readonly store: TreeStore;
  readonly names: NameTable;
  readonly entries: EntryTable;
  readonly list: ChangeList;
  /** Sees to it that a tree is in the store, if only as an empty one; gives its number, which differs where a commit stands for its tree. */
  readonly ensure: (tree: number) => number;
}

export interface TreeChanges {
  /** Adds what differs to the list. Trees are object numbers, -1 for none. @throws ObjectError `limit` */
  compare(commit: number, parent: number, before: number, after: number): void;
  /** Paths by the numbers that the list has; one character per byte. */
  paths(): readonly string[];
}

export function createTreeChanges({ store, names, entries, list, ensure }: TreeChangesInput): TreeChanges {
  /** Directory and name. */
  const places = createPairTable(MAX_PLACES);
  /** Number of the path in the list, one more than it; by place. */
  let numbers = new Int32Array(1024);
  const files: number[] = [];
  /** Directories of the pair at hand: parent (-1: the top), its entry there, place (-2: not asked for yet), depth. */
  let frames = new Int32Array(FRAME * 256);
  let framed = 0;
  /** Directories to go into: frame, tree before, tree after. */
  const open: number[] = [];
  let total = 0;
  /** Changes that the pair at hand may have yet. */
  let changes = 0;

  function frame(parent: number, entry: number, place: number, depth: number): number {
    const at = framed * FRAME;
    if (at === frames.length) {
      const larger = new Int32Array(at * 2);
      larger.set(frames);
      frames = larger;
    }
    frames[at] = parent;
    frames[at + 1] = entry;
    frames[at + 2] = place;
    frames[at + 3] = depth;
    framed += 1;
    return framed - 1;
  }

  /** Most directories that are gone into hold nothing that changed, so they are numbered when something in them did. */
  function placeOf(directory: number): number {
    let known = directory;
    while (frames[known * FRAME + 2] === UNKNOWN) known = frames[known * FRAME] ?? 0;
    let place = frames[known * FRAME + 2] ?? TOP;
    if (known === directory) return place;
    const path: number[] = [];
    for (let at = directory; at !== known; at = frames[at * FRAME] ?? 0) path.push(at);
    for (let at = path.pop(); at !== undefined; at = path.pop()) {
      place = places.add(place, entries.name(frames[at * FRAME + 1] ?? 0));
      frames[at * FRAME + 2] = place;
    }
    return place;
  }

  function pathNumber(place: number): number {
    if (place >= numbers.length) {
      const larger = new Int32Array(Math.max(place + 1, numbers.length * 2));
      larger.set(numbers);
      numbers = larger;
    }
    let number = (numbers[place] ?? 0) - 1;
    if (number < 0) {
      if (files.length >= MAX_PATHS) throw new ObjectError('limit', 'the paths are too many');
      number = files.length;
      files.push(place);
      numbers[place] = number + 1;
    }
    return number;
  }

  /** What differs between two versions of a directory, by name; of one name, what was there before comes first. */
  function read(before: number, after: number): Difference {
    const from = before === EMPTY ? EMPTY : ensure(before);
    const difference = store.compare(from, after === EMPTY ? EMPTY : ensure(after));
    if (difference.count === 2) sortTwo(difference);
    else if (difference.count > MAX_INSERTED) sortMany(difference);
    else if (difference.count > 1) sortFew(difference);
    return difference;
  }

  /** Negative, 0 or positive, as for `sort`. */
  function order(a: number, signA: number, b: number, signB: number): number {
    return entries.name(a) - entries.name(b) || signA - signB || a - b;
  }

  /** Nearly always a directory before and after, in whichever order. */
  function sortTwo({ entries: found, signs }: Difference): void {
    if ((signs[0] ?? 0) <= (signs[1] ?? 0)) return;
    const later = found[0] ?? 0;
    found[0] = found[1] ?? 0;
    found[1] = later;
    signs[0] = -1;
    signs[1] = 1;
  }

  function sortFew({ entries: found, signs, count }: Difference): void {
    for (let at = 1; at < count; at += 1) {
      const entry = found[at] ?? 0;
      const sign = signs[at] ?? 0;
      let to = at;
      for (; to > 0 && order(found[to - 1] ?? 0, signs[to - 1] ?? 0, entry, sign) > 0; to -= 1) {
        found[to] = found[to - 1] ?? 0;
        signs[to] = signs[to - 1] ?? 0;
      }
      found[to] = entry;
      signs[to] = sign;
    }
  }

  function sortMany({ entries: found, signs, count }: Difference): void {
    const sorted = Array.from({ length: count }, (_, at) => ({ entry: found[at] ?? 0, sign: signs[at] ?? 0 }));
    sorted.sort((a, b) => order(a.entry, a.sign, b.entry, b.sign));
    for (const [at, { entry, sign }] of sorted.entries()) {
      found[at] = entry;
      signs[at] = sign;
    }
  }

  /** One entry before and after; -1 for a side where it is not. A child is a tree, or the complement of a wanted blob. */
  function visit(commit: number, parent: number, directory: number, was: number, now: number): void {
    const childBefore = was < 0 ? 0 : entries.child(was);
    const childAfter = now < 0 ? 0 : entries.child(now);
    const blobBefore = was >= 0 && childBefore < 0 ? ~childBefore : -1;
    const blobAfter = now >= 0 && childAfter < 0 ? ~childAfter : -1;
    if (blobBefore !== blobAfter) {
      if (changes === 0) throw tooMuch();
      changes -= 1;
      const name = entries.name(was < 0 ? now : was);
      list.add(commit, parent, pathNumber(places.add(placeOf(directory), name)), blobBefore, blobAfter);
    }
    const treeBefore = was >= 0 && childBefore >= 0 ? childBefore : EMPTY;
    const treeAfter = now >= 0 && childAfter >= 0 ? childAfter : EMPTY;
    if (treeBefore === treeAfter) return;
    const depth = frames[directory * FRAME + 3] ?? 0;
    if (depth >= MAX_DEPTH) throw new ObjectError('limit', 'its directories are too deep');
    open.push(frame(directory, was < 0 ? now : was, UNKNOWN, depth + 1), treeBefore, treeAfter);
  }

  return {
    compare(commit, parent, before, after) {
      if (before === after) return;
      framed = 0;
      open.length = 0;
      open.push(frame(-1, 0, TOP, 0), before, after);
      let left = MAX_PAIR_STEPS;
      changes = MAX_PAIR_CHANGES;
      while (open.length > 0) {
        const treeAfter = open.pop() ?? EMPTY;
        const treeBefore = open.pop() ?? EMPTY;
        const directory = open.pop() ?? 0;
        const { entries: found, signs, count, steps } = read(treeBefore, treeAfter);
        left -= steps + DIRECTORY_STEPS;
        total += steps + DIRECTORY_STEPS;
        if (left < 0 || total > MAX_STEPS) throw tooMuch();
        for (let at = 0; at < count; at += 1) {
          const entry = found[at] ?? 0;
          if ((signs[at] ?? 0) > 0) {
            visit(commit, parent, directory, -1, entry);
            continue;
          }
          // One name has one entry, or one before and one after; more are malformed, and stand for themselves.
          const next = at + 1 < count ? (found[at + 1] ?? 0) : -1;
          const isPair = next >= 0 && (signs[at + 1] ?? 0) > 0 && entries.name(next) === entries.name(entry);
          if (isPair) at += 1;
          visit(commit, parent, directory, entry, isPair ? next : -1);
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

function tooMuch(): ObjectError {
  return new ObjectError('limit', 'what this commit changed is too much');
}
