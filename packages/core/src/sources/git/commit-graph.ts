/**
 * Commits, their parents, and the one order that everything about history is told in: parents before children; among
 * commits that are free to come next, the older committer date first, then the smaller id. It depends on the commits
 * alone, so it is the same whoever walked them.
 */
import { createOidTable, type HashName, type OidTable } from './oid.ts';

export interface CommitGraph {
  /** Every commit of the walk, and the outside parents of those at its edge. */
  readonly table: OidTable;
  /** Commit numbers, parents first, without outside ones. */
  readonly order: Int32Array;
  /** Place of a commit in `order`; -1 for an outside one. */
  readonly position: Int32Array;
  parents(commit: number): Int32Array;
  /** One of them, -1 for none; where there are many to ask for. */
  parent(commit: number, index: number): number;
  /** False for a parent that the walk left out, as the base of a range does. */
  isInside(commit: number): boolean;
}

export interface GraphBuilder {
  readonly table: OidTable;
  /**
   * `commit` and the first `count` of `parents` are numbers in `table`; `date` is seconds since 1970. A commit is added
   * once.
   */
  add(commit: number, date: number, parents: ArrayLike<number>, count?: number): void;
  finish(): CommitGraph;
}

/** `expected`: about how many commits there will be. */
export function createGraphBuilder(hash: HashName, expected = 1024): GraphBuilder {
  const table = createOidTable(hash, expected);
  let dates = new Float64Array(Math.max(1, expected)).fill(Number.NaN);
  let starts = new Int32Array(dates.length);
  let counts = new Int32Array(dates.length);
  let links = new Int32Array(dates.length);
  let linked = 0;
  let added = 0;

  function reserve(commit: number, parents: number): void {
    while (commit >= dates.length) {
      const length = dates.length;
      dates = enlarge(dates, new Float64Array(length * 2).fill(Number.NaN));
      starts = enlarge(starts, new Int32Array(length * 2));
      counts = enlarge(counts, new Int32Array(length * 2));
    }
    while (linked + parents > links.length) links = enlarge(links, new Int32Array(links.length * 2));
  }

  return {
    table,
    add(commit, date, parents, count = parents.length) {
      reserve(commit, count);
      if (Number.isNaN(dates[commit])) added += 1;
      dates[commit] = date;
      starts[commit] = linked;
      counts[commit] = count;
      for (let at = 0; at < count; at += 1) links[linked++] = parents[at] ?? 0;
    },
    finish() {
      reserve(table.size, 0);
      return createGraph(table, { added, dates, starts, counts, links: links.subarray(0, linked) });
    },
  };
}

/** What is known of the commits in a table, by number there. */
export interface Links {
  /** How many commits have a date. */
  readonly added: number;
  /** Seconds since 1970; not a number for outside ones. */
  readonly dates: Float64Array;
  /** Parents of each commit: `counts` of them in `links`, from `starts` on. */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly links: Int32Array;
}

export function createGraph(table: OidTable, known: Links): CommitGraph {
  const { dates, starts, counts, links } = known;
  const order = sortCommits(table, known);
  const position = new Int32Array(table.size).fill(-1);
  for (let at = 0; at < order.length; at += 1) position[order[at] ?? 0] = at;
  return {
    table,
    order,
    position,
    parents: (commit) => links.subarray(starts[commit] ?? 0, (starts[commit] ?? 0) + (counts[commit] ?? 0)),
    parent: (commit, index) => (index < (counts[commit] ?? 0) ? (links[(starts[commit] ?? 0) + index] ?? -1) : -1),
    isInside: (commit) => !Number.isNaN(dates[commit]),
  };
}

function enlarge<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function sortCommits(table: OidTable, { added, dates, starts, counts, links }: Links): Int32Array {
  const { size } = table;
  /** Of each commit, how many of its parents are to come yet. */
  const waits = new Int32Array(size);
  /** Of each parent, the last link that leads to it; of each link, the one before, and the child. */
  const last = new Int32Array(size).fill(-1);
  const before = new Int32Array(links.length);
  const childOf = new Int32Array(links.length);
  const ready = createReadyCommits(added, dates, (a, b) => table.compare(a, b));
  for (let commit = 0; commit < size; commit += 1) {
    if (Number.isNaN(dates[commit])) continue;
    const start = starts[commit] ?? 0;
    const end = start + (counts[commit] ?? 0);
    let waiting = 0;
    for (let link = start; link < end; link += 1) {
      const parent = links[link] ?? 0;
      if (Number.isNaN(dates[parent])) continue;
      waiting += 1;
      childOf[link] = commit;
      before[link] = last[parent] ?? -1;
      last[parent] = link;
    }
    waits[commit] = waiting;
    if (waiting === 0) ready.push(commit);
  }
  const order = new Int32Array(added);
  let length = 0;
  for (let commit = ready.pop(); commit >= 0; commit = ready.pop()) {
    order[length++] = commit;
    for (let link = last[commit] ?? -1; link >= 0; link = before[link] ?? -1) {
      const child = childOf[link] ?? 0;
      const left = (waits[child] ?? 0) - 1;
      waits[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  // A cycle cannot be made with sound hashes; commits on one would be left out here.
  return order.subarray(0, length);
}

interface ReadyCommits {
  push(commit: number): void;
  /** The one with the smallest date, of those the smallest by `compare`; -1 when there is none. */
  pop(): number;
}

/** A binary heap. Dates lie beside the commits, so most comparisons look nowhere else. */
function createReadyCommits(
  most: number,
  dates: Float64Array,
  compare: (a: number, b: number) => number,
): ReadyCommits {
  const commits = new Int32Array(most + 1);
  const keys = new Float64Array(most + 1);
  let size = 0;

  function put(index: number, commit: number, key: number): void {
    commits[index] = commit;
    keys[index] = key;
  }

  function move(to: number, from: number): void {
    put(to, commits[from] ?? 0, keys[from] ?? 0);
  }

  /** True if what lies at `index` comes before a commit. */
  function isBefore(index: number, commit: number, key: number): boolean {
    const own = keys[index] ?? 0;
    return own === key ? compare(commits[index] ?? 0, commit) < 0 : own < key;
  }

  return {
    push(commit) {
      const key = dates[commit] ?? 0;
      let index = size;
      size += 1;
      while (index > 0) {
        const above = (index - 1) >> 1;
        if (isBefore(above, commit, key)) break;
        move(index, above);
        index = above;
      }
      put(index, commit, key);
    },
    pop() {
      if (size === 0) return -1;
      const top = commits[0] ?? 0;
      size -= 1;
      const commit = commits[size] ?? 0;
      const key = keys[size] ?? 0;
      let index = 0;
      for (let child = 1; child < size; child = index * 2 + 1) {
        if (child + 1 < size && isBefore(child + 1, commits[child] ?? 0, keys[child] ?? 0)) child += 1;
        if (!isBefore(child, commit, key)) break;
        move(index, child);
        index = child;
      }
      put(index, commit, key);
      return top;
    },
  };
}
