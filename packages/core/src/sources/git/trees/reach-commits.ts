/** Which commits the tips of a history lead to, and the graph of them. */
import { type CommitGraph, createGraph } from '../commit-graph.ts';
import type { AccessContext } from '../history-access.ts';
import { createOidTable, type HashName, idWords } from '../oid.ts';
import type { CommitList } from './commit-list.ts';
import type { ObjectNumbers } from './object-numbers.ts';

export interface CommitReach {
  readonly hash: HashName;
  readonly numbers: ObjectNumbers;
  readonly commits: CommitList;
  /** Row of a commit, read if it must be; -1 when it is missing or corrupt. */
  readonly rowOf: (object: number) => number;
  /** Object numbers of the commits at which a shallow clone ends: their parents are not there and not missed. */
  readonly shallow: ReadonlySet<number>;
}

export interface ReachedCommits {
  readonly graph: CommitGraph;
  /** Object numbers of the graph's commits, outside ones included. */
  readonly objects: Int32Array;
}

/** Every commit that `tips` reach and `exclude` do not. A parent that cannot be read is left out, and reported. */
export function reachCommits(
  from: CommitReach,
  tips: readonly string[],
  exclude: readonly string[],
  ctx: Pick<AccessContext, 'notScanned'>,
): ReachedCommits {
  const { hash, numbers, commits, shallow } = from;
  const left = reach(from, exclude, undefined, () => undefined);
  const reached = reach(from, tips, left, (object) =>
    ctx.notScanned({
      state: 'failed',
      reason: 'corrupt',
      where: `git:${numbers.hex(object)}`,
      detail: 'the commit cannot be read; what leads to it alone is called unreachable',
    }),
  );
  /** Commits have numbers in the order of their rows, in which related ones lie together; then come outside ones. */
  const rows = reached.rows();
  const outside = createOutside(rows.length);
  /** One more than the number; by row. */
  const numberOf = new Int32Array(commits.size);
  for (let at = 0; at < rows.length; at += 1) numberOf[rows[at] ?? 0] = at + 1;
  const inside = new Int32Array(rows.length);
  const starts = new Int32Array(rows.length);
  const counts = new Int32Array(rows.length);
  const links = new Int32Array(reached.parents);
  let linked = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    const object = reached.objectOf(row);
    inside[at] = object;
    starts[at] = linked;
    const count = shallow.has(object) ? 0 : commits.parentCount(row);
    for (let index = 0; index < count; index += 1) {
      const parent = commits.parent(row, index);
      const known = commits.row(parent);
      if (known < 0 && !left.has(parent)) continue;
      const number = known < 0 ? 0 : (numberOf[known] ?? 0);
      links[linked++] = number > 0 ? number - 1 : outside.number(parent);
    }
    counts[at] = linked - (starts[at] ?? 0);
  }

  const objects = new Int32Array(rows.length + outside.objects.length);
  objects.set(inside);
  objects.set(outside.objects, rows.length);
  const table = createOidTable(hash, objects.length);
  for (const object of objects) numbers.appendTo(table, object);
  const dates = new Float64Array(objects.length).fill(Number.NaN);
  for (let at = 0; at < rows.length; at += 1) dates[at] = commits.date(rows[at] ?? 0);
  const known = { added: rows.length, dates, starts, counts, links: links.subarray(0, linked) };
  return { graph: createGraph(table, known), objects };
}

/** Numbers for parents that are not in the graph. */
function createOutside(first: number): { readonly objects: readonly number[]; number(object: number): number } {
  const objects: number[] = [];
  const known = new Map<number, number>();
  return {
    objects,
    number(object) {
      let number = known.get(object);
      if (number === undefined) {
        number = first + objects.push(object) - 1;
        known.set(object, number);
      }
      return number;
    },
  };
}

interface Reach {
  /** How many parents the commits have that can be read. */
  readonly parents: number;
  /** Rows of these commits, ascending. */
  rows(): Int32Array;
  /** Object number of one of them. */
  objectOf(row: number): number;
  /** True for every commit that was met, whether it can be read or not. */
  has(object: number): boolean;
}

/** Walks from `tips`, not past what `stop` has. */
function reach(
  { numbers, commits, rowOf, shallow }: CommitReach,
  tips: readonly string[],
  stop: Reach | undefined,
  onUnreadable: (object: number) => void,
): Reach {
  /** By row, one more than the object number; 0: not met. */
  let objects = new Int32Array(commits.size);
  const unreadable = new Set<number>();
  const open: number[] = [];
  let size = 0;
  let parents = 0;

  function ask(object: number): void {
    const known = commits.row(object);
    if (known >= 0 ? (objects[known] ?? 0) > 0 : unreadable.has(object)) return;
    if (stop?.has(object) === true) return;
    const row = known >= 0 ? known : rowOf(object);
    if (row < 0) {
      unreadable.add(object);
      onUnreadable(object);
      return;
    }
    if (row >= objects.length) {
      const larger = new Int32Array(Math.max(row + 1, objects.length * 2));
      larger.set(objects);
      objects = larger;
    }
    objects[row] = object + 1;
    size += 1;
    if (!shallow.has(object)) open.push(row);
  }

  const asked = new Int32Array(tips.length);
  numbers.addAll(idWords(tips), tips.length, asked);
  for (const tip of asked) ask(tip);
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    const count = commits.parentCount(row);
    parents += count;
    for (let index = 0; index < count; index += 1) ask(commits.parent(row, index));
  }
  return {
    parents,
    rows() {
      const rows = new Int32Array(size);
      for (let row = 0, at = 0; row < objects.length; row += 1) if ((objects[row] ?? 0) > 0) rows[at++] = row;
      return rows;
    },
    objectOf: (row) => (objects[row] ?? 0) - 1,
    has(object) {
      const row = commits.row(object);
      return row < 0 ? unreadable.has(object) : (objects[row] ?? 0) > 0;
    },
  };
}
