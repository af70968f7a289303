/** Commits with what leads on from them: tree, parents, committer date; in arrays, since there may be millions. */
import { type CommitNotes, eachNote, PARENTS } from '../commit-notes.ts';
import { parseCommitLinks } from '../commit-text.ts';
import { fromHex, type HashName, hashBytes } from '../oid.ts';
import type { Forest } from '../pack/forest.ts';
import { createPlainCommits, MOST_LINKS } from '../plain-commit.ts';
import type { ObjectNumbers } from './object-numbers.ts';

export interface CommitList {
  readonly size: number;
  /** Reads the commit in `bytes[start, end)`; gives its row. */
  add(object: number, bytes: Uint8Array, start: number, end: number): number;
  /** Takes over what was noted of commits that are not in the list. */
  take(forest: Forest, notes: CommitNotes): void;
  /** Row of the commit with this object number, or -1. */
  row(object: number): number;
  /** Object number of its tree, -1 for a commit without one. */
  tree(row: number): number;
  /** Seconds since 1970. */
  date(row: number): number;
  parentCount(row: number): number;
  /** Object number of a parent. */
  parent(row: number, index: number): number;
}

/** Ids that are looked up together. */
const BATCH = 4096;
const NO_TREE = -1;

export function createCommitList(hash: HashName, numbers: ObjectNumbers): CommitList {
  const width = hashBytes(hash);
  const plain = createPlainCommits(hash);
  let rows = new Int32Array(numbers.packed).fill(-1);
  let dates = new Float64Array(1024);
  /** Where the links of a row begin: its tree, then its parents. They end where those of the next begin. */
  let starts = new Int32Array(1025);
  let links = new Int32Array(4096);
  let size = 0;
  let linked = 0;
  /** Ids of the last links, which are looked up when they are asked for, or enough. */
  const ids = new Int32Array(BATCH * (width / 4));
  const idBytes = new Uint8Array(ids.buffer);
  const found = new Int32Array(BATCH);
  let waiting = 0;

  function reserve(object: number): void {
    if (object >= rows.length) {
      const larger = new Int32Array(Math.max(object + 1, rows.length + (rows.length >> 2))).fill(-1);
      larger.set(rows);
      rows = larger;
    }
    if (size < dates.length) return;
    dates = enlarge(dates, new Float64Array(size * 2));
    starts = enlarge(starts, new Int32Array(size * 2 + 1));
  }

  /** A row for a commit; its links are to follow. */
  function begin(object: number, date: number): number {
    reserve(object);
    rows[object] = size;
    dates[size] = date;
    size += 1;
    return size - 1;
  }

  function link(object: number): void {
    if (linked === links.length) links = enlarge(links, new Int32Array(linked * 2));
    links[linked] = object;
    linked += 1;
  }

  function lookUp(): void {
    numbers.addAll(ids, waiting, found);
    links.set(found.subarray(0, waiting), linked - waiting);
    waiting = 0;
  }

  function readAny(bytes: Uint8Array): void {
    const { tree, parents, date } = parseCommitLinks(bytes, hash);
    const id = fromHex(tree);
    link(id.length === width ? numbers.add(id, 0) : NO_TREE);
    for (const parent of parents) link(numbers.add(fromHex(parent), 0));
    dates[size - 1] = date;
  }

  return {
    get size() {
      return size;
    },
    add(object, bytes, start, end) {
      if (waiting + MOST_LINKS > BATCH) lookUp();
      const count = plain.read(bytes, start, end, idBytes, waiting * width);
      const row = begin(object, plain.date);
      if (count < 0) {
        lookUp();
        readAny(bytes.subarray(start, end));
      } else {
        for (let each = 0; each < count; each += 1) link(0);
        waiting += count;
      }
      starts[size] = linked;
      return row;
    },
    take(forest, notes) {
      lookUp();
      eachNote(forest, notes, (entry, number) => {
        if ((rows[entry] ?? -1) >= 0) return;
        begin(entry, notes.dates[number] ?? 0);
        link((notes.trees[number] ?? 0) - 1);
        for (let at = number * PARENTS; at < (number + 1) * PARENTS; at += 1) {
          const parent = notes.parents[at] ?? -1;
          if (parent >= 0) link(parent);
        }
        starts[size] = linked;
      });
    },
    row: (object) => rows[object] ?? -1,
    tree(row) {
      if (waiting > 0) lookUp();
      return links[starts[row] ?? 0] ?? NO_TREE;
    },
    date: (row) => dates[row] ?? 0,
    parentCount: (row) => (starts[row + 1] ?? 0) - (starts[row] ?? 0) - 1,
    parent(row, index) {
      if (waiting > 0) lookUp();
      return links[(starts[row] ?? 0) + 1 + index] ?? 0;
    },
  };
}

function enlarge<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
