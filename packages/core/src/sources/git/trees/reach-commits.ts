/** Which commits the tips of a history lead to, and the graph of them. */
import { type CommitGraph, createGraphBuilder } from '../commit-graph.ts';
import type { AccessContext } from '../history-access.ts';
import { fromHex, type HashName } from '../oid.ts';
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
  const { numbers, commits } = from;
  const left = createMarks(numbers.packed);
  reach(from, exclude, left, left, () => undefined);
  const seen = createMarks(numbers.packed);
  const reached = reach(from, tips, seen, left, (object) =>
    ctx.notScanned({
      state: 'failed',
      reason: 'corrupt',
      where: `git:${numbers.hex(object)}`,
      detail: 'the commit cannot be read; what leads to it alone is called unreachable',
    }),
  );
  const builder = createGraphBuilder(from.hash, reached.length);
  /** Number in the graph, one more than it. */
  const places = createMarks(numbers.packed);
  const objects: number[] = [];
  function place(object: number): number {
    const known = places.get(object);
    if (known > 0) return known - 1;
    const added = numbers.addTo(builder.table, object);
    places.set(object, added + 1);
    objects[added] = object;
    return added;
  }
  for (const object of reached) {
    const parents: number[] = [];
    if (!from.shallow.has(object))
      for (const parent of commits.parents(commits.row(object)))
        if (left.get(parent) > 0 || commits.row(parent) >= 0) parents.push(place(parent));
    builder.add(place(object), commits.date(commits.row(object)), parents);
  }
  return { graph: builder.finish(), objects: Int32Array.from(objects) };
}

/** Commits that can be read, level by level; marks all that are met. Does not pass what `stop` marks. */
function reach(
  { numbers, commits, rowOf, shallow }: CommitReach,
  tips: readonly string[],
  seen: Marks,
  stop: Marks,
  onUnreadable: (object: number) => void,
): readonly number[] {
  const queue: number[] = [];
  function ask(object: number): void {
    if (seen.get(object) > 0 || stop.get(object) > 0) return;
    seen.set(object, 1);
    queue.push(object);
  }
  for (const tip of tips) ask(numbers.add(fromHex(tip), 0));
  const reached: number[] = [];
  for (let at = 0; at < queue.length; at += 1) {
    const object = queue[at] ?? 0;
    const row = rowOf(object);
    if (row < 0) onUnreadable(object);
    else {
      reached.push(object);
      if (!shallow.has(object)) for (const parent of commits.parents(row)) ask(parent);
    }
  }
  return reached;
}

/** A number for each object, 0 at first. */
interface Marks {
  get(object: number): number;
  set(object: number, mark: number): void;
}

function createMarks(size: number): Marks {
  let marks = new Int32Array(size);
  return {
    get: (object) => marks[object] ?? 0,
    set(object, mark) {
      if (object >= marks.length) {
        const larger = new Int32Array(object + 1 + (object >> 2));
        larger.set(marks);
        marks = larger;
      }
      marks[object] = mark;
    },
  };
}
