/**
 * What leads on from commits, noted by those who inflate them anyway (the workers, for their messages) for those who need
 * the graph. On shared memory; a commit that is not plain, or names what no pack has, is left to be read once more.
 */
import { hashBytes } from './oid.ts';
import type { Forest } from './pack/forest.ts';
import { findWordSlots } from './pack/id-slots.ts';
import { createPlainCommits, MOST_LINKS } from './plain-commit.ts';
import { COMMIT } from './pack/object-types.ts';

export interface CommitNotes {
  /** How many commits the forest has among the entries before each multiple of BLOCK. */
  readonly before: Int32Array;
  /** By number of the commit: 1 + entry of its tree; 0: nothing is noted. */
  readonly trees: Int32Array;
  /** Entries of the parents, PARENTS for each commit; -1: none. */
  readonly parents: Int32Array;
  /** Seconds since 1970. */
  readonly dates: Float64Array;
}

/** Commits with more parents are not noted. */
export const PARENTS = 2;

const BLOCK = 64;
/** Commits that are looked up together. */
const BATCH = 512;

export function createCommitNotes({ type }: Forest): CommitNotes {
  const before = new Int32Array(new SharedArrayBuffer((Math.floor(type.length / BLOCK) + 1) * 4));
  let count = 0;
  for (let entry = 0; entry < type.length; entry += 1) {
    if (entry % BLOCK === 0) before[entry / BLOCK] = count;
    if (type[entry] === COMMIT) count += 1;
  }
  return {
    before,
    trees: new Int32Array(new SharedArrayBuffer(count * 4)),
    parents: new Int32Array(new SharedArrayBuffer(count * 4 * PARENTS)),
    dates: new Float64Array(new SharedArrayBuffer(count * 8)),
  };
}

/** Number of a commit among all commits of the forest. */
function numberOf({ type }: Forest, { before }: CommitNotes, entry: number): number {
  const block = Math.floor(entry / BLOCK);
  let number = before[block] ?? 0;
  for (let at = block * BLOCK; at < entry; at += 1) if (type[at] === COMMIT) number += 1;
  return number;
}

export interface NoteTaker {
  /** Notes the commit of an entry. */
  add(entry: number, bytes: Uint8Array): void;
  /** To be called after the last commit. */
  finish(): void;
}

export function createNoteTaker(forest: Forest, notes: CommitNotes): NoteTaker {
  const width = hashBytes(forest.hash);
  const plain = createPlainCommits(forest.hash);
  const ids = new Int32Array((BATCH * (PARENTS + 1) + MOST_LINKS) * (width / 4));
  const idBytes = new Uint8Array(ids.buffer);
  const found = new Int32Array(BATCH * (PARENTS + 1));
  const entries = new Int32Array(BATCH);
  const counts = new Int32Array(BATCH);
  const dates = new Float64Array(BATCH);
  let commits = 0;
  let links = 0;

  function flush(): void {
    findWordSlots(forest.slots, ids, links, found);
    for (let at = 0, first = 0; at < commits; at += 1) {
      const count = counts[at] ?? 0;
      if (areAllThere(first, count)) note(entries[at] ?? 0, dates[at] ?? 0, first, count);
      first += count;
    }
    commits = 0;
    links = 0;
  }

  function areAllThere(first: number, count: number): boolean {
    for (let link = first; link < first + count; link += 1) if ((found[link] ?? -1) < 0) return false;
    return true;
  }

  function note(entry: number, date: number, first: number, count: number): void {
    const number = numberOf(forest, notes, entry);
    notes.dates[number] = date;
    for (let parent = 0; parent < PARENTS; parent += 1)
      notes.parents[number * PARENTS + parent] = parent + 1 < count ? (found[first + parent + 1] ?? -1) : -1;
    notes.trees[number] = (found[first] ?? 0) + 1;
  }

  return {
    add(entry, bytes) {
      if (commits === BATCH) flush();
      const count = plain.read(bytes, 0, bytes.length, idBytes, links * width);
      if (count < 0 || count > PARENTS + 1) return;
      entries[commits] = entry;
      counts[commits] = count;
      dates[commits] = plain.date;
      commits += 1;
      links += count;
    },
    finish: flush,
  };
}

/** Calls `visit` for every commit that was noted, with its entry and its number. */
export function eachNote(
  { type }: Forest,
  { trees }: CommitNotes,
  visit: (entry: number, number: number) => void,
): void {
  for (let entry = 0, number = 0; entry < type.length; entry += 1) {
    if (type[entry] !== COMMIT) continue;
    if ((trees[number] ?? 0) > 0) visit(entry, number);
    number += 1;
  }
}
