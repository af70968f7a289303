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
      const isInside = (commit: number): boolean => !Number.isNaN(dates[commit]);
      const parents = (commit: number): Int32Array =>
        links.subarray(starts[commit] ?? 0, (starts[commit] ?? 0) + (counts[commit] ?? 0));
      const order = sortCommits(table, added, dates, { starts, counts, links });
      const position = new Int32Array(table.size).fill(-1);
      for (let at = 0; at < order.length; at += 1) position[order[at] ?? 0] = at;
      const parent = (commit: number, index: number): number =>
        index < (counts[commit] ?? 0) ? (links[(starts[commit] ?? 0) + index] ?? -1) : -1;
      return { table, order, position, parents, parent, isInside };
    },
  };
}

function enlarge<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Parents of each commit: `counts` of them in `links`, from `starts` on. */
interface Links {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly links: Int32Array;
}

function sortCommits(table: OidTable, added: number, dates: Float64Array, parents: Links): Int32Array {
  const { starts, counts, links } = parents;
  const { size } = table;
  const waits = new Int32Array(size);
  const childStart = new Int32Array(size + 1);
  const inside = (commit: number): boolean => !Number.isNaN(dates[commit]);
  for (let commit = 0; commit < size; commit += 1) {
    if (!inside(commit)) continue;
    const end = (starts[commit] ?? 0) + (counts[commit] ?? 0);
    for (let at = starts[commit] ?? 0; at < end; at += 1) {
      const parent = links[at] ?? 0;
      if (!inside(parent)) continue;
      waits[commit] = (waits[commit] ?? 0) + 1;
      childStart[parent + 1] = (childStart[parent + 1] ?? 0) + 1;
    }
  }
  for (let commit = 0; commit < size; commit += 1)
    childStart[commit + 1] = (childStart[commit + 1] ?? 0) + (childStart[commit] ?? 0);
  const children = new Int32Array(childStart[size] ?? 0);
  const filled = childStart.slice();
  const ready = createHeap((a, b) => (dates[a] ?? 0) - (dates[b] ?? 0) || table.compare(a, b));
  for (let commit = 0; commit < size; commit += 1) {
    if (!inside(commit)) continue;
    if (waits[commit] === 0) ready.push(commit);
    const end = (starts[commit] ?? 0) + (counts[commit] ?? 0);
    for (let link = starts[commit] ?? 0; link < end; link += 1) {
      const parent = links[link] ?? 0;
      if (!inside(parent)) continue;
      const at = filled[parent] ?? 0;
      children[at] = commit;
      filled[parent] = at + 1;
    }
  }
  const order = new Int32Array(added);
  let length = 0;
  for (let commit = ready.pop(); commit >= 0; commit = ready.pop()) {
    order[length++] = commit;
    for (let at = childStart[commit] ?? 0; at < (childStart[commit + 1] ?? 0); at += 1) {
      const child = children[at] ?? 0;
      const left = (waits[child] ?? 0) - 1;
      waits[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  // A cycle cannot be made with sound hashes; commits on one would be left out here.
  return order.subarray(0, length);
}

/** A binary heap of numbers; `pop` gives the smallest, -1 when it is empty. */
function createHeap(compare: (a: number, b: number) => number): { push(item: number): void; pop(): number } {
  const items: number[] = [];
  const at = (index: number): number => items[index] ?? -1;
  return {
    push(item) {
      let index = items.length;
      items.push(item);
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (compare(at(parent), item) <= 0) break;
        items[index] = at(parent);
        index = parent;
      }
      items[index] = item;
    },
    pop() {
      const top = at(0);
      const last = items.pop();
      if (items.length === 0 || last === undefined) return top;
      let index = 0;
      for (;;) {
        let child = index * 2 + 1;
        if (child >= items.length) break;
        if (child + 1 < items.length && compare(at(child + 1), at(child)) < 0) child += 1;
        if (compare(last, at(child)) <= 0) break;
        items[index] = at(child);
        index = child;
      }
      items[index] = last;
      return top;
    },
  };
}
