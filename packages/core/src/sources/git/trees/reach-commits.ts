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
  const { numbers, commits, shallow } = from;
  const left = reach(from, exclude, undefined, () => undefined);
  const reached = reach(from, tips, left, (object) =>
    ctx.notScanned({
      state: 'failed',
      reason: 'corrupt',
      where: `git:${numbers.hex(object)}`,
      detail: 'the commit cannot be read; what leads to it alone is called unreachable',
    }),
  );
  const builder = createGraphBuilder(from.hash, reached.rows.length);
  const objects: number[] = [];
  /** Number in the graph, one more than it; by row, and of what has none. */
  const placeOfRow = new Int32Array(commits.size);
  const placeOfOther = new Map<number, number>();
  function add(object: number): number {
    const place = numbers.addTo(builder.table, object);
    objects[place] = object;
    return place;
  }
  function placeOf(object: number): number {
    const row = commits.row(object);
    let place = row < 0 ? (placeOfOther.get(object) ?? -1) : (placeOfRow[row] ?? 0) - 1;
    if (place >= 0) return place;
    place = add(object);
    if (row < 0) placeOfOther.set(object, place);
    else placeOfRow[row] = place + 1;
    return place;
  }
  const parents: number[] = [];
  for (let index = 0; index < reached.rows.length; index += 1) {
    const row = reached.rows[index] ?? 0;
    const object = reached.objects[index] ?? 0;
    let count = 0;
    if (!shallow.has(object)) {
      for (let at = 0; at < commits.parentCount(row); at += 1) {
        const parent = commits.parent(row, at);
        if (commits.row(parent) < 0 && !left.has(parent)) continue;
        parents[count] = placeOf(parent);
        count += 1;
      }
    }
    builder.add(placeOf(object), commits.date(row), parents, count);
  }
  return { graph: builder.finish(), objects: Int32Array.from(objects) };
}

interface Reach {
  /** Commits that can be read, level by level: row and object. */
  readonly rows: readonly number[];
  readonly objects: readonly number[];
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
  const rows: number[] = [];
  const objects: number[] = [];
  let seen = new Uint8Array(commits.size);
  const unreadable = new Set<number>();
  function ask(object: number): void {
    const known = commits.row(object);
    if (known >= 0 ? seen[known] === 1 : unreadable.has(object)) return;
    if (stop?.has(object) === true) return;
    const row = rowOf(object);
    if (row < 0) {
      unreadable.add(object);
      onUnreadable(object);
      return;
    }
    if (row >= seen.length) {
      const larger = new Uint8Array(Math.max(row + 1, seen.length * 2));
      larger.set(seen);
      seen = larger;
    }
    seen[row] = 1;
    rows.push(row);
    objects.push(object);
  }
  for (const tip of tips) ask(numbers.add(fromHex(tip), 0));
  for (let at = 0; at < rows.length; at += 1) {
    if (shallow.has(objects[at] ?? 0)) continue;
    const row = rows[at] ?? 0;
    for (let index = 0; index < commits.parentCount(row); index += 1) ask(commits.parent(row, index));
  }
  return {
    rows,
    objects,
    has(object) {
      const row = commits.row(object);
      return row < 0 ? unreadable.has(object) : seen[row] === 1;
    },
  };
}
