/**
 * Compares commits with their parents through `git diff-tree --stdin`. Each line of input names a commit and the parent
 * to compare it with, so order and pairs are ours. The work is cut into stretches that several processes do at once.
 */
import type { CommitGraph } from './commit-graph.ts';
import { type GitDoor, gitStream } from './door.ts';
import { GitError } from './git-error.ts';
import { type AccessContext, type Changes, createChangeList, createPathTable } from './history-access.ts';
import { hashBytes, type OidTable } from './oid.ts';
import { createSplitter } from './splitter.ts';

const COLON = 0x3a;
/** A stretch is given up after so many commits on which git died. */
const MAX_DEATHS = 100;
/** Fewer commits than this are not worth a second process. */
const MIN_STRETCH = 2000;

/** One comparison; `index` says which parent, and a commit without parents is compared with nothing. */
export interface Pair {
  readonly commit: number;
  readonly index: number;
  readonly parent: number | undefined;
}

/** One changed entry, valid during the call: modes and ids are hex at fixed places of `record`. */
export interface RawChange {
  readonly record: Uint8Array;
  /** Offsets in `record`. */
  readonly oldMode: number;
  readonly newMode: number;
  readonly oldId: number;
  readonly newId: number;
  readonly path: Uint8Array;
}

/** The changes that touch wanted blobs: few, so they are kept. */
export async function readChanges(
  door: GitDoor,
  graph: CommitGraph,
  wanted: OidTable,
  allParents: boolean,
  processes: number,
  ctx: AccessContext,
): Promise<Changes> {
  const pairs = listPairs(graph, allParents);
  const paths = createPathTable();
  const count = Math.max(1, Math.min(processes, Math.ceil(pairs.length / MIN_STRETCH)));
  const length = Math.ceil(pairs.length / count);
  const lists = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const list: (readonly [commit: number, parent: number, path: number, before: number, after: number])[] = [];
      await comparePairs(
        door,
        graph,
        pairs.slice(index * length, (index + 1) * length),
        (pair, { record, oldMode, newMode, oldId, newId, path }) => {
          const before = isSubmodule(record, oldMode) ? -1 : wanted.findHex(record, oldId);
          const after = isSubmodule(record, newMode) ? -1 : wanted.findHex(record, newId);
          // The same blob under another mode is no change of the text.
          if (before !== after) list.push([pair.commit, pair.index, paths.add(path, 0, path.length), before, after]);
        },
        ctx,
      );
      return list;
    }),
  );
  const changes = createChangeList();
  for (const list of lists) for (const change of list) changes.add(...change);
  return changes.finish(paths.paths);
}

/** Mode 160000: the id is that of a commit in another repository. */
function isSubmodule(record: Uint8Array, mode: number): boolean {
  return record[mode] === 0x31 && record[mode + 1] === 0x36;
}

/** In the order of the graph; with `allParents` one for each parent, else for the first. */
export function listPairs(graph: CommitGraph, allParents: boolean): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const commit of graph.order) {
    const parents = graph.parents(commit);
    const count = allParents ? parents.length : Math.min(1, parents.length);
    if (count === 0) pairs.push({ commit, index: 0, parent: undefined });
    for (let index = 0; index < count; index += 1) pairs.push({ commit, index, parent: parents[index] });
  }
  return pairs;
}

/** Calls back for every changed entry of every pair. A commit that git cannot compare is reported and passed over. */
export async function comparePairs(
  door: GitDoor,
  graph: CommitGraph,
  pairs: readonly Pair[],
  onChange: (pair: Pair, change: RawChange) => void,
  ctx: AccessContext,
): Promise<void> {
  let done = 0;
  let deaths = 0;
  /** Changes of the pair `done` that were called back for already. */
  let told = 0;
  /** git came no further than before, once. */
  let isStuck = false;

  function report(pair: Pair | undefined): void {
    if (pair === undefined) return;
    ctx.notScanned({
      state: 'failed',
      reason: 'corrupt',
      where: `git:${graph.table.hex(pair.commit)}`,
      detail: 'what this commit changed cannot be told',
    });
  }

  /** Where to go on behind an end of git that it did not choose: its last pair may have been cut off. */
  function resume(begun: number, changes: number): void {
    const last = done + Math.max(0, begun - 1);
    if (last > done || changes > told) {
      told = last === done ? Math.max(told, changes) : changes;
      done = last;
      isStuck = false;
      return;
    }
    if (!isStuck) {
      isStuck = true;
      return;
    }
    // The same place twice: it ends while it writes this pair, or compares the next one.
    report(pairs[last]);
    if (begun > 0) report(pairs[last + 1]);
    done = last + (begun > 0 ? 2 : 1);
    told = 0;
    isStuck = false;
  }

  while (done < pairs.length) {
    const reader = createReader(door, graph, pairs, { done, told }, onChange);
    const input = Buffer.from(
      pairs
        .slice(done)
        .map((pair) => pairLine(graph, pair))
        .join(''),
      'latin1',
    );
    try {
      // `--always`: a line for each comparison, so that it is known how far git came.
      await gitStream(
        door,
        ['diff-tree', '--stdin', '--always', '-r', '--root', '--raw', '-z', '--no-renames', '--no-abbrev'],
        reader.push,
        { input, signal: ctx.signal },
      );
      return;
    } catch (error) {
      if (!(error instanceof GitError) || error.code !== 'git-failed') throw error;
      deaths += 1;
      if (deaths > MAX_DEATHS) {
        ctx.notScanned({
          state: 'failed',
          reason: 'git-failed',
          where: 'history',
          detail: error.message,
          count: pairs.length - done,
        });
        return;
      }
      if (error.wasKilled) resume(reader.begun(), reader.changes());
      else {
        done += reader.begun();
        report(pairs[done]);
        done += 1;
        told = 0;
        isStuck = false;
      }
    }
  }
}

function pairLine(graph: CommitGraph, pair: Pair): string {
  const commit = graph.table.hex(pair.commit);
  return pair.parent === undefined ? `${commit}\n` : `${commit} ${graph.table.hex(pair.parent)}\n`;
}

interface Reader {
  readonly push: (chunk: Uint8Array) => void;
  /** Pairs that git has begun to write. */
  begun(): number;
  /** Changes of the last of these that it has written. */
  changes(): number;
}

/**
 * The output is a stream of NUL-ended tokens (git-diff-tree, "RAW OUTPUT FORMAT", -z): a commit id; then for each
 * change `:<mode> <mode> <oid> <oid> <letter>` and a path. It begins at the pair `done`, of which `told` changes are known.
 */
function createReader(
  door: GitDoor,
  graph: CommitGraph,
  pairs: readonly Pair[],
  { done, told }: { readonly done: number; readonly told: number },
  onChange: (pair: Pair, change: RawChange) => void,
): Reader {
  const hex = hashBytes(door.hash) * 2;
  const oldId = ':100644 100644 '.length;
  const newId = oldId + hex + 1;
  const record = new Uint8Array(newId + hex + 8);
  let at = done - 1;
  /** Of the pair `at`. */
  let changes = 0;
  let isPath = false;
  const splitter = createSplitter(0, (bytes, from, to) => {
    if (isPath) {
      isPath = false;
      const pair = pairs[at];
      changes += 1;
      if (pair !== undefined && (at > done || changes > told))
        onChange(pair, { record, oldMode: 1, newMode: 8, oldId, newId, path: bytes.subarray(from, to) });
    } else if (bytes[from] === COLON) {
      isPath = true;
      record.set(bytes.subarray(from, Math.min(to, from + record.length)));
    } else if (to - from === hex) {
      at += 1;
      changes = 0;
      const commit = graph.table.findHex(bytes, from);
      if (pairs[at]?.commit !== commit) throw new Error('git diff-tree left out a commit that it was asked for');
    }
  });
  return { push: splitter.push, begun: () => at - done + 1, changes: () => changes };
}
