/** What is known of a repository's history from its packs, beside what git says. */
import type { NotScanned } from '../../packages/core/src/types/index.ts';
import type { CommitGraph } from '../../packages/core/src/sources/git/commit-graph.ts';
import { detect } from '../../packages/core/src/sources/git/detect.ts';
import { openDoor } from '../../packages/core/src/sources/git/door.ts';
import { createGitHistory } from '../../packages/core/src/sources/git/git-history.ts';
import type { AccessContext, HistoryAccess } from '../../packages/core/src/sources/git/history-access.ts';
import { createOidTable, fromHex, type OidTable } from '../../packages/core/src/sources/git/oid.ts';
import { openForest } from '../../packages/core/src/sources/git/pack/forest.ts';
import { openDatabase } from '../../packages/core/src/sources/git/pack/object-database.ts';
import { createTreeHistory } from '../../packages/core/src/sources/git/trees/tree-history.ts';
import { testAmbient } from './ambient.ts';
import type { TestRepo } from './repo.ts';

export interface OpenedHistory {
  readonly own: HistoryAccess;
  readonly git: HistoryAccess;
  /** What `own` could not tell. */
  readonly events: NotScanned[];
  readonly ctx: AccessContext;
  readonly close: () => Promise<void>;
}

export async function openHistory(path: string): Promise<OpenedHistory> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const opened = await openDoor(repository, testAmbient());
  const { door, dir: layout } = opened;
  const objects = openDatabase(layout.objectDirs, layout.hash);
  const forest = await openForest(layout.objectDirs, layout.hash);
  const events: NotScanned[] = [];
  return {
    own: createTreeHistory({ forest, objects, shallow: layout.shallow }),
    git: createGitHistory(door, 1),
    events,
    ctx: { signal: new AbortController().signal, notScanned: (event) => events.push(event) },
    async close() {
      objects.close();
      await opened.close();
    },
  };
}

export function outputIds(repo: TestRepo, ...args: string[]): readonly string[] {
  return repo
    .git(...args)
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(' ') < 0 ? undefined : line.indexOf(' ')))
    .filter((line) => line !== '');
}

export function tableOf(access: HistoryAccess, oids: readonly string[]): OidTable {
  const table = createOidTable(access.hash);
  for (const oid of oids) table.add(fromHex(oid));
  return table;
}

export function graphLines(graph: CommitGraph): readonly string[] {
  return Array.from(graph.order, (commit) =>
    [commit, ...graph.parents(commit)].map((each) => graph.table.hex(each)).join(' '),
  );
}

/** Each change in words, in the order of commits; those of one commit sorted. */
export async function changeLines(
  access: HistoryAccess,
  graph: CommitGraph,
  wanted: OidTable,
  allParents: boolean,
  ctx: AccessContext,
): Promise<readonly string[]> {
  const { count, commit, parent, path, before, after, paths } = await access.changes(graph, wanted, allParents, ctx);
  const at = Array.from({ length: count }, (_, index) => index);
  const place = (index: number): number => graph.position[commit[index] ?? 0] ?? -1;
  if (at.some((index) => index > 0 && place(index - 1) > place(index))) throw new Error('changes are out of order');
  const hex = (blob: number | undefined): string => (blob === undefined || blob < 0 ? '-' : wanted.hex(blob));
  return at
    .map((index) => ({
      place: place(index),
      line: `${place(index)} ${parent[index] ?? -1} ${hex(before[index])} ${hex(after[index])} ${JSON.stringify(paths[path[index] ?? 0])}`,
    }))
    .sort((a, b) => a.place - b.place || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
    .map(({ line }) => line);
}

/** Changes of the history of a commit, as both tell them. */
export async function bothChanges(
  repo: TestRepo,
  tip: string,
  blobs: readonly string[],
): Promise<{
  readonly own: readonly string[];
  readonly git: readonly string[];
  readonly events: readonly NotScanned[];
}> {
  const { own, git, events, ctx, close } = await openHistory(repo.path);
  const quiet = { ...ctx, notScanned: () => undefined };
  const graph = await own.graph([tip], [], ctx);
  const wanted = tableOf(own, blobs);
  const result = {
    own: await changeLines(own, graph, wanted, false, ctx),
    git: await changeLines(git, graph, wanted, false, quiet),
    events,
  };
  await close();
  return result;
}
