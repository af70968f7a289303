/** Answers about a repository's history from its packs, without git and without comparing all commits. */
import { setImmediate } from 'node:timers/promises';
import type { CommitGraph } from '../commit-graph.ts';
import {
  type AccessContext,
  type Changes,
  type ChangeList,
  createChangeList,
  type HistoryAccess,
} from '../history-access.ts';
import { parseTag } from '../commit-text.ts';
import { fromHex, type OidTable } from '../oid.ts';
import type { Forest } from '../pack/forest.ts';
import { ObjectError } from '../pack/object-error.ts';
import { createHistoryCommits, type NotedCommits } from './history-commits.ts';
import { type KnownObjects, missingObjects } from './missing-objects.ts';
import { createObjectNumbers } from './object-numbers.ts';
import { createPackedObjects, type SingleObjects } from './packed-objects.ts';
import { reachCommits } from './reach-commits.ts';
import { findSuspects, readTrees } from './read-trees.ts';
import { createTreeChanges } from './tree-changes.ts';
import { TREE } from '../pack/object-types.ts';

/** Comparisons cost about so many trees; where the packs have far more, only those asked for are read. */
const TREES_PER_PAIR = 16;
const PAIRS_BETWEEN_PAUSES = 4096;
/** Of all commits; real ones have a few hundred thousand. */
const MAX_CHANGES = 2 ** 21;
/** After so many commits that are too much the rest is not compared. */
const MAX_FAILURES = 100;
/** Tags that lead to tags. */
const MAX_LEVELS = 16;

export interface TreeHistoryInput {
  readonly forest: Forest;
  /** Reads one object, from wherever a sound copy is. */
  readonly objects: SingleObjects;
  /** Commits at which a shallow clone ends. */
  readonly shallow: readonly string[];
  readonly noted?: NotedCommits | undefined;
  /** `missing` will be asked for: all trees of the packs are read, once. */
  readonly checks?: boolean | undefined;
}

export interface TreeHistory extends HistoryAccess {
  /** All trees of the packs were read, and what they name was looked up: `missing` costs little. */
  readonly isChecked: boolean;
  /** Ids, sorted, of objects that others name and that are not there. `tips`: commits that refs lead to. */
  missing(known: KnownObjects, tips: readonly string[], ctx: AccessContext): Promise<readonly string[]>;
}

export function createTreeHistory(input: TreeHistoryInput): TreeHistory {
  const { forest, objects: single, shallow, noted, checks = false } = input;
  const numbers = createObjectNumbers(forest);
  const objects = createPackedObjects(forest, single);
  const commits = createHistoryCommits(objects, numbers, noted);
  const { list: rows, rowOf } = commits;
  const cut = new Set(shallow.map((oid) => numbers.add(fromHex(oid), 0)));
  /** Of graphs that were made here, the commits. */
  const objectsOf = new WeakMap<CommitGraph, Int32Array>();
  /** Ids that trees of the packs name and no pack has, once they were read to find these. */
  let suspects: OidTable | undefined;

  /** What a commit or a tag leads to, as far as that is a tree. */
  function treeOf(object: number): number {
    let at = object;
    for (let level = 0; level < MAX_LEVELS; level += 1) {
      const row = rows.row(at);
      if (row >= 0) return rows.tree(row) < 0 ? object : rows.tree(row);
      const oid = numbers.hex(at);
      const type = objects.typeOf(oid);
      if (type === 'commit') {
        if (rowOf(at) < 0) return object;
      } else if (type === 'tag') {
        const target = fromHex(parseTag(objects.read(oid)?.bytes ?? new Uint8Array(0), []).commit);
        if (target.length !== numbers.width) return object;
        at = numbers.add(target, 0);
      } else return type === 'tree' ? at : object;
    }
    return object;
  }

  /** Object numbers of the trees of a graph's commits, -1 where there is none. */
  function commitTrees(graph: CommitGraph): Int32Array {
    const known = objectsOf.get(graph);
    const ids = graph.table.raw();
    const trees = new Int32Array(graph.table.size).fill(-1);
    for (let commit = 0; commit < trees.length; commit += 1) {
      const row = rowOf(known?.[commit] ?? numbers.add(ids, commit * numbers.width));
      if (row >= 0) trees[commit] = rows.tree(row);
    }
    return trees;
  }

  async function changes(
    graph: CommitGraph,
    wanted: OidTable,
    allParents: boolean,
    ctx: AccessContext,
  ): Promise<Changes> {
    const list = createChangeList(MAX_CHANGES);
    try {
      return list.finish(await compareAll(graph, wanted, allParents, list, ctx));
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
      ctx.notScanned({ state: 'failed', reason: 'limit', where: 'history', detail: error.message });
      return createChangeList().finish([]);
    }
  }

  /** Fills the list; gives the paths. */
  async function compareAll(
    graph: CommitGraph,
    wanted: OidTable,
    allParents: boolean,
    list: ChangeList,
    ctx: AccessContext,
  ): Promise<readonly string[]> {
    await commits.readAll(ctx.signal);
    const isMuch = graph.order.length * TREES_PER_PAIR > countTrees(forest);
    // Where all are read anyway, looking up what they name is a tenth of the work.
    const all = isMuch || checks;
    const reading = { all, checks: all };
    const trees = await readTrees(objects, numbers, wanted, reading, treeOf, ctx);
    if (all) suspects = trees.suspects;
    const compare = createTreeChanges({ ...trees, list });
    const treesOf = commitTrees(graph);
    let failures = 0;
    for (let at = 0; at < graph.order.length; at += 1) {
      const commit = graph.order[at] ?? 0;
      if (at % PAIRS_BETWEEN_PAUSES === 0) await setImmediate();
      ctx.signal.throwIfAborted();
      const count = allParents ? Math.max(1, graph.parents(commit).length) : 1;
      for (let parent = 0; parent < count; parent += 1) {
        const base = graph.parent(commit, parent);
        try {
          compare.compare(commit, parent, base < 0 ? -1 : (treesOf[base] ?? -1), treesOf[commit] ?? -1);
        } catch (error) {
          if (!(error instanceof ObjectError)) throw error;
          failures += 1;
          const where = failures > MAX_FAILURES ? 'history' : `git:${graph.table.hex(commit)}`;
          ctx.notScanned({
            state: 'failed',
            reason: 'limit',
            where,
            detail: error.message,
            ...(failures > MAX_FAILURES ? { count: graph.order.length - at } : {}),
          });
          if (failures > MAX_FAILURES) return compare.paths();
        }
      }
    }
    return compare.paths();
  }

  return {
    hash: forest.hash,
    get isChecked() {
      return suspects !== undefined;
    },
    types(ids) {
      const types = new Map(
        ids.flatMap((oid) => {
          const type = objects.typeOf(oid);
          return type === undefined ? [] : [[oid, type] as const];
        }),
      );
      return Promise.resolve(types);
    },
    async graph(tips, exclude, ctx) {
      await commits.readAll(ctx.signal);
      const reached = reachCommits(
        { hash: forest.hash, numbers, commits: rows, rowOf, shallow: cut },
        tips,
        exclude,
        ctx,
      );
      objectsOf.set(reached.graph, reached.objects);
      return reached.graph;
    },
    changes,
    read: (ids, onObject, ctx) => objects.readEach(ids, ctx.signal, onObject),
    async missing(known, tips, ctx) {
      try {
        suspects ??= await findSuspects(forest, ctx);
      } catch (error) {
        if (!(error instanceof ObjectError)) throw error;
        ctx.notScanned({ state: 'failed', reason: 'limit', where: 'history', detail: error.message });
        return [];
      }
      return await missingObjects({ ...known, objects, numbers, commits, suspects, tips, cut }, ctx.signal);
    },
  };
}

function countTrees(forest: Forest): number {
  let count = 0;
  for (let entry = 0; entry < forest.count; entry += 1) if (forest.type[entry] === TREE) count += 1;
  return count;
}
