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
  inHead: boolean;
  readonly branches: string[];
  /** The newest version of the text there: HEAD's, else that of the first branch. */
  readonly blob: number;
}

export function readPresence(intervals: Intervals, tips: TipNumbers): readonly (Presence | undefined)[] {
  const presence: (Presence | undefined)[] = Array.from({ length: intervals.list.length });
  function at(interval: number, blob: number): Presence {
    const found = presence[interval] ?? { inHead: false, branches: [], blob };
    presence[interval] = found;
    return found;
  }
  if (tips.head >= 0) {
    intervals.holds(tips.head, (interval, blob) => {
      if (interval >= 0) at(interval, blob).inHead = true;
    });
  }
  // Many branches share a tip: what it holds is told once.
  const byCommit = Map.groupBy(tips.branches, ({ commit }) => commit);
  for (const [commit, branches] of byCommit) {
    intervals.holds(commit, (interval, blob) => {
      if (interval >= 0) at(interval, blob).branches.push(...branches.map(({ name }) => name));
    });
  }
  for (const found of presence) {
    if (found === undefined) continue;
    found.branches.sort();
    found.branches.splice(MAX_BRANCHES);
  }
  return presence;
}
