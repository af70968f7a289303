/** Answers about a repository's history through the installed git. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectType } from './batch-parser.ts';
import { readEach, withCatFile } from './cat-file-process.ts';
import { type CommitGraph, createGraphBuilder, type GraphBuilder } from './commit-graph.ts';
import { walkCommits } from './commit-walk.ts';
import { readChanges } from './diff-tree.ts';
import { type GitDoor, git, gitStream } from './door.ts';
import { GitError } from './git-error.ts';
import type { AccessContext, HistoryAccess } from './history-access.ts';
import { fromHex, hashBytes } from './oid.ts';
import { createSplitter } from './splitter.ts';

/** `processes`: how many git processes may compare trees at a time. */
export function createGitHistory(door: GitDoor, processes: number): HistoryAccess {
  async function read(
    ids: readonly string[],
    onObject: (oid: string, type: ObjectType, bytes: Uint8Array) => void,
    ctx: AccessContext,
  ): Promise<void> {
    await withCatFile(door, (catFile) =>
      readEach(catFile, fromHex(ids.join('')), hashBytes(door.hash), ctx.signal, {
        object: (index, type, bytes) => onObject(ids[index] ?? '', type, bytes),
        missing: () => undefined,
        corrupt: () => undefined,
        gaveUp: () => undefined,
      }),
    );
  }

  return {
    hash: door.hash,
    types: (ids, ctx) => readTypes(door, ids, ctx.signal),
    async graph(tips, exclude, ctx) {
      try {
        return await graphByRevList(door, tips, exclude, ctx.signal);
      } catch (error) {
        if (!(error instanceof GitError) || error.code !== 'git-failed') throw error;
        // git stops at the first commit that it cannot read; what the others tell is still true.
        const { graph, cut } = await walkCommits(
          { hash: door.hash, read, shallow: await readShallow(door) },
          tips,
          exclude,
          ctx,
        );
        // To git, too, their history ends there from now on: what stands in `shallow` has no parents.
        await appendFile(join(door.gitDir, 'shallow'), cut.map((oid) => `${oid}\n`).join(''));
        return graph;
      }
    },
    changes: (graph, wanted, allParents, ctx) => readChanges(door, graph, wanted, allParents, processes, ctx),
    read,
  };
}

async function readShallow(door: GitDoor): Promise<ReadonlySet<string>> {
  const text = await readFile(join(door.gitDir, 'shallow'), 'latin1').catch(() => '');
  return new Set(text.split('\n'));
}

async function readTypes(
  door: GitDoor,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ObjectType>> {
  const text = new TextDecoder('latin1').decode(
    await git(door, ['cat-file', '--batch-check=%(objecttype) %(objectname)', '--buffer'], {
      input: ids.map((id) => `${id}\n`).join(''),
      signal,
      maxBytes: 1024 * 1024 * 1024,
    }),
  );
  const types = new Map<string, ObjectType>();
  for (const line of text.split('\n')) {
    const [type, oid] = line.split(' ');
    if (oid !== undefined && (type === 'blob' || type === 'commit' || type === 'tag' || type === 'tree'))
      types.set(oid, type);
  }
  return types;
}

async function graphByRevList(
  door: GitDoor,
  tips: readonly string[],
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<CommitGraph> {
  const builder = createGraphBuilder(door.hash);
  if (tips.length > 0) {
    const lines = createSplitter(0x0a, (bytes, start, end) => addLine(builder, bytes, start, end));
    const input = [...tips, ...exclude.map((id) => `^${id}`)].map((line) => `${line}\n`).join('');
    await gitStream(door, ['rev-list', '--parents', '--timestamp', '--stdin'], lines.push, { input, signal });
  }
  return builder.finish();
}

/** `<seconds> <commit> <parent>*` */
function addLine(builder: GraphBuilder, bytes: Uint8Array, start: number, end: number): void {
  const hex = builder.table.width * 2;
  let at = start;
  let date = 0;
  for (; at < end && bytes[at] !== 0x20; at += 1) date = date * 10 + (bytes[at] ?? 0) - 0x30;
  const commit = builder.table.addHex(bytes, at + 1);
  const parents: number[] = [];
  for (at += 1 + hex; at + hex < end; at += 1 + hex) parents.push(builder.table.addHex(bytes, at + 1));
  builder.add(commit, date, parents);
}
