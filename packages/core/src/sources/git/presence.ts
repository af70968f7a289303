/** Which intervals are still there, and in which branches. */
import type { CommitGraph } from './commit-graph.ts';
import type { Intervals } from './intervals.ts';
import { fromHex } from './oid.ts';
import type { Tips } from './refs.ts';

const MAX_BRANCHES = 10;

export interface TipNumbers {
  readonly head: number;
  readonly branches: readonly { readonly name: string; readonly commit: number }[];
  readonly all: readonly number[];
}

export function tipNumbers(tips: Tips, graph: CommitGraph): TipNumbers {
  const number = (oid: string | undefined): number => (oid === undefined ? -1 : graph.table.find(fromHex(oid)));
  const head = number(tips.head);
  const branches = tips.branches
    .map(({ name, commit }) => ({ name, commit: number(commit) }))
    .filter(({ commit }) => commit >= 0);
  const all = new Set([head, ...branches.map(({ commit }) => commit)]);
  all.delete(-1);
  return { head, branches, all: [...all] };
}

/** Where an interval is still there; nothing when no branch and not HEAD holds it. */
export interface Presence {
  readonly inHead: boolean;
  /** At most ten, sorted. */
  readonly branches: readonly string[];
  /** The newest version of the text there: HEAD's, else that of the first branch. */
  readonly blob: number;
}

export function readPresence(intervals: Intervals, tips: TipNumbers): readonly (Presence | undefined)[] {
  // HEAD comes first; then the commits that branches are at, in the order of the branches. The first ten branches that
  // hold something are among those at the first ten such commits.
  const byCommit = Map.groupBy(tips.branches, ({ commit }) => commit);
  const places = [{ commit: tips.head, branches: [] as readonly string[] }].concat(
    Array.from(byCommit, ([commit, branches]) => ({ commit, branches: branches.map(({ name }) => name).sort() })),
  );
  const found: Found[] = [];
  intervals.holders(
    places.map(({ commit }) => commit),
    MAX_BRANCHES + 1,
    (interval, blob, holders) => {
      const known = found[interval];
      if (known === undefined) found[interval] = { blob, holders };
      // Another version of the text is in other places.
      else {
        if ((holders[0] ?? 0) < (known.holders[0] ?? 0)) known.blob = blob;
        known.holders = [...known.holders, ...holders].sort((a, b) => a - b);
      }
    },
  );
  return Array.from({ length: intervals.list.length }, (_, interval) => {
    const known = found[interval];
    if (known === undefined) return undefined;
    const branches = known.holders.flatMap((place) => places[place]?.branches ?? []).sort();
    return { inHead: known.holders[0] === 0, branches: branches.slice(0, MAX_BRANCHES), blob: known.blob };
  });
}

interface Found {
  /** That of the first place. */
  blob: number;
  /** Indices of places, ascending. */
  holders: readonly number[];
}
