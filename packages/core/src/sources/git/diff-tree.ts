/**
 * Compares commits with their parents through `git diff-tree --stdin`, and keeps the few changes that touch wanted
 * blobs. Each line of input names a commit and the parent to compare it with, so order and pairs are ours. The work is
 * cut into stretches that several processes do at once.
 */
import type { CommitGraph } from './commit-graph.ts';
import { type GitDoor, gitStream } from './door.ts';
import { GitError } from './git-error.ts';
import { type AccessContext, type Change, type Changes, createPathTable } from './history-access.ts';
import type { OidTable } from './oid.ts';
import { createSplitter } from './splitter.ts';

const COLON = 0x3a;
/** A stretch is given up after so many commits on which git died. */
const MAX_DEATHS = 100;
/** Fewer commits than this are not worth a second process. */
const MIN_STRETCH = 2000;

/** One comparison; `index` says which parent, and a commit without parents is compared with nothing. */
interface Pair {
  readonly commit: number;
  readonly index: number;
  readonly parent: number | undefined;
}

export async function readChanges(door: GitDoor, graph: CommitGraph, wanted: OidTable, allParents: boolean, processes: number, ctx: AccessContext): Promise<Changes> {
  const pairs = listPairs(graph, allParents);
  const paths = createPathTable();
  const count = Math.max(1, Math.min(processes, Math.ceil(pairs.length / MIN_STRETCH)));
  const length = Math.ceil(pairs.length / count);
  const stretches = Array.from({ length: count }, (_, index) => pairs.slice(index * length, (index + 1) * length));
  const lists = await Promise.all(stretches.map((stretch) => compareAll(door, graph, stretch, wanted, paths, ctx)));
  return { list: lists.flat(), paths: paths.paths };
}

function listPairs(graph: CommitGraph, allParents: boolean): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const commit of graph.order) {
    const parents = graph.parents(commit);
    if (parents.length === 0) pairs.push({ commit, index: 0, parent: undefined });
    for (let index = 0; index < (allParents ? parents.length : Math.min(1, parents.length)); index += 1) pairs.push({ commit, index, parent: parents[index] });
  }
  return pairs;
}

async function compareAll(door: GitDoor, graph: CommitGraph, pairs: readonly Pair[], wanted: OidTable, paths: ReturnType<typeof createPathTable>, ctx: AccessContext): Promise<readonly Change[]> {
  const list: Change[] = [];
  let done = 0;
  let deaths = 0;
  while (done < pairs.length) {
    const reader = createReader(graph, pairs, done, wanted, paths, list);
    const input = Buffer.from(pairs.slice(done).map((pair) => pairLine(graph, pair)).join(''), 'latin1');
    try {
      // `--always`: a line for each comparison, so that it is known how far git came.
      await gitStream(door, ['diff-tree', '--stdin', '--always', '-r', '--root', '--raw', '-z', '--no-renames', '--no-abbrev', '--full-index'], reader.push, { input, signal: ctx.signal });
      return list;
    } catch (error) {
      if (!(error instanceof GitError) || error.code !== 'git-failed') throw error;
      done += reader.begun();
      deaths += 1;
      if (deaths > MAX_DEATHS) {
        ctx.notScanned({ state: 'failed', reason: 'git-failed', where: 'history', detail: error.message, count: pairs.length - done });
        return list;
      }
      const failed = pairs[done];
      if (failed !== undefined) ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `git:${graph.table.hex(failed.commit)}`, detail: 'what this commit changed cannot be told' });
      done += 1;
    }
  }
  return list;
}

function pairLine(graph: CommitGraph, pair: Pair): string {
  const commit = graph.table.hex(pair.commit);
  return pair.parent === undefined ? `${commit}\n` : `${commit} ${graph.table.hex(pair.parent)}\n`;
}

/**
 * The output is a stream of NUL-ended tokens (git-diff-tree, "RAW OUTPUT FORMAT", -z): a commit id; then for each
 * change `:<mode> <mode> <oid> <oid> <letter>` and a path.
 */
function createReader(graph: CommitGraph, pairs: readonly Pair[], start: number, wanted: OidTable, paths: ReturnType<typeof createPathTable>, list: Change[]): { push(chunk: Uint8Array): void; begun(): number } {
  const hex = wanted.width * 2;
  const oldAt = ':100644 100644 '.length;
  const newAt = oldAt + hex + 1;
  let at = start - 1;
  let isPath = false;
  let before = -1;
  let after = -1;
  const splitter = createSplitter(0, (bytes, from, to) => {
    if (isPath) {
      isPath = false;
      const pair = pairs[at];
      if ((before < 0 && after < 0) || pair === undefined) return;
      list.push({ commit: pair.commit, parent: pair.index, path: paths.add(bytes, from, to), before, after });
    } else if (bytes[from] === COLON) {
      isPath = true;
      before = wanted.findHex(bytes, from + oldAt);
      after = wanted.findHex(bytes, from + newAt);
    } else if (to - from === hex) {
      at += 1;
      const commit = graph.table.findHex(bytes, from);
      if (pairs[at]?.commit !== commit) throw new Error('git diff-tree left out a commit that it was asked for');
    }
  });
  return { push: splitter.push, begun: () => at - start + 1 };
}
