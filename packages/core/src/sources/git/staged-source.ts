/**
 * What is about to be committed: the index of the operator's own repository against the commits that will be the new
 * one's parents. The whole text of each changed path is scanned, and that of the same path in every parent: a credential
 * that a parent has there is not news. A copy in another file is, with a word on where it already was.
 */
import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Hit, Located, Plan, Source, SourceContext, StagedSighting, TextId } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES, FILES_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import { pathText } from '../path-text.ts';
import { isInside } from '../inside.ts';
import { closeCatFile, type ObjectAs, type ObjectsJob } from './cat-file-reader.ts';
import type { Repository } from './detect.ts';
import { type GitDoor, type OpenDoor, openQuickDoor } from './door.ts';
import { fromHex, type HashName } from './oid.ts';
import { copyIndex } from './private-dir.ts';
import { readHeadOid, readOidLines } from './ref-files.ts';
import { combine, diffIndex, emptyTree, type Staged } from './staged-diff.ts';
import { listTree } from './tree-list.ts';

export interface StagedOptions {
  readonly repository: Repository;
  /** Another index than the repository's own, as `git commit <path>` has one. Default: what git names to its hooks. */
  readonly indexFile?: string;
  readonly maxTextBytes?: number;
  readonly allowMissing?: boolean;
  readonly scanBinary?: boolean;
}

export function createStagedSource(options: StagedOptions, ambient: Ambient): Source {
  let open: OpenDoor | undefined;
  let staged: Staged | undefined;
  let parents: readonly string[] = [];

  async function plan(ctx: SourceContext): Promise<Plan> {
    const { repository } = options;
    open = await openQuickDoor(repository, ambient);
    const { door } = open;
    const source = indexFile(options, ambient);
    const index = await copyIndex(source, dirname(source), door.gitDir);
    parents = await parentsOf(repository, door.hash);
    const described = { describes: 'the staged changes', facts: {} };
    if (index === undefined) return { jobs: [], ...described };
    const bases = parents.length === 0 ? [emptyTree(door.hash)] : parents;
    const diffs = await Promise.all(bases.map((base) => diffIndex(door, base, index, ctx.signal)));
    staged = combine(diffs, ctx);
    return { jobs: await makeJobs(staged, door, options), ...described };
  }

  return {
    plan,
    async attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: SourceContext): Promise<readonly Located[]> {
      if (open === undefined || staged === undefined) return [];
      const news = findNews(staged, hits);
      const copies =
        news.length === 0 ? new Map<string, ReadonlySet<string>>() : await pathsByBlob(open.door, parents, ctx.signal);
      return news.map(({ text, hit, path, oid }) =>
        locate(text, hit, path, alreadyIn(hit, path, oid, staged?.parentPaths ?? new Map(), hits, copies)),
      );
    },
    async close() {
      if (open !== undefined) closeCatFile(open.door);
      await open?.close();
      open = undefined;
    },
  };
}

/**
 * A hook finds the index of the commit in GIT_INDEX_FILE, relative to the top level. It is taken at its word only for a
 * file of this repository: the variable may come from a hook that runs us on another.
 */
function indexFile({ repository, indexFile: given }: StagedOptions, ambient: Ambient): string {
  if (given !== undefined) return given;
  const named = ambient.env['GIT_INDEX_FILE'];
  const path = named === undefined || named === '' ? undefined : resolve(repository.root, named);
  return path !== undefined && isInside(path, repository.gitDir) ? path : join(repository.gitDir, 'index');
}

/** HEAD, and what is being merged. */
async function parentsOf(repository: Repository, hash: HashName): Promise<readonly string[]> {
  const head = await readHeadOid(repository, hash);
  const merging = await readOidLines(join(repository.gitDir, 'MERGE_HEAD'), hash);
  return [...new Set([...(head === undefined ? [] : [head]), ...merging])];
}

async function makeJobs(staged: Staged, door: GitDoor, options: StagedOptions): Promise<readonly ObjectsJob[]> {
  const objects: { readonly oid: string; readonly as: ObjectAs; readonly bytes: number }[] = [];
  const known = new Set<string>();
  for (const { path, oid } of staged.changed) {
    const place = pathText(Buffer.from(path, 'latin1'));
    objects.push({ oid, as: { id: `index:${place}`, place }, bytes: await sizeNow(options.repository, path) });
  }
  // Also what goes away is read: a text that moves to another file is called a copy of it.
  for (const [oid, paths] of staged.parentPaths) {
    if (known.has(oid)) continue;
    known.add(oid);
    const place = pathText(Buffer.from([...paths][0] ?? '', 'latin1'));
    objects.push({ oid, as: { id: `parent:${oid}`, place, quiet: true }, bytes: 0 });
  }
  const jobs: ObjectsJob[] = [];
  let batch: typeof objects = [];
  let weight = 0;
  function cut(): void {
    if (batch.length === 0) return;
    jobs.push({
      reader: 'git-cat-file',
      weight,
      objects: batch.length,
      door,
      ids: fromHex(batch.map(({ oid }) => oid).join('')),
      objectsAs: batch.map(({ as }) => as),
      maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
      scanBinary: options.scanBinary ?? false,
      allowMissing: options.allowMissing ?? false,
      where: 'staged changes',
    });
    batch = [];
    weight = 0;
  }
  for (const object of objects) {
    if (weight + object.bytes > FILES_JOB_BYTES) cut();
    batch.push(object);
    weight += object.bytes + TEXT_OVERHEAD_BYTES;
  }
  cut();
  return jobs;
}

/** The file as it lies there now is about as large as what is staged; exact sizes would cost one more git. */
async function sizeNow(repository: Repository, path: string): Promise<number> {
  if (repository.worktree === undefined) return 0;
  const file = Buffer.concat([Buffer.from(`${repository.worktree}/`), Buffer.from(path, 'latin1')]);
  return (await lstat(file).catch(() => undefined))?.size ?? 0;
}

interface News {
  readonly text: TextId;
  readonly hit: Hit;
  readonly path: string;
  readonly oid: string;
}

function findNews(staged: Staged, hits: ReadonlyMap<TextId, readonly Hit[]>): readonly News[] {
  const news: News[] = [];
  for (const { path, oid, parents } of staged.changed) {
    const shown = pathText(Buffer.from(path, 'latin1'));
    const text = `index:${shown}`;
    const old = new Set(parents.flatMap((parent) => (hits.get(`parent:${parent}`) ?? []).map((hit) => hit.credential)));
    for (const hit of hits.get(text) ?? []) if (!old.has(hit.credential)) news.push({ text, hit, path: shown, oid });
  }
  return news;
}

/** Paths in the parents that hold the credential: those whose text was read, and those with the very same text. */
function alreadyIn(
  hit: Hit,
  path: string,
  oid: string,
  parentPaths: Staged['parentPaths'],
  hits: ReadonlyMap<TextId, readonly Hit[]>,
  copies: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const found = new Set<string>(copies.get(oid));
  for (const [parent, paths] of parentPaths) {
    if (!(hits.get(`parent:${parent}`) ?? []).some(({ credential }) => credential === hit.credential)) continue;
    for (const each of paths) found.add(pathText(Buffer.from(each, 'latin1')));
  }
  found.delete(path);
  return [...found].sort();
}

/** Every path of the parents' trees by the id of its blob. Asked only when there is something to report. */
async function pathsByBlob(
  door: GitDoor,
  parents: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const paths = new Map<string, Set<string>>();
  for (const parent of parents) {
    for (const entry of await listTree(door, parent, signal))
      paths.set(entry.oid, (paths.get(entry.oid) ?? new Set()).add(entry.path));
  }
  return paths;
}

function locate(text: TextId, hit: Hit, path: string, already: readonly string[]): Located {
  const sighting: StagedSighting = {
    kind: 'staged',
    path,
    line: hit.line,
    column: hit.column,
    endLine: hit.endLine,
    endColumn: hit.endColumn,
    ...(hit.decoded.length === 0 ? {} : { decoded: hit.decoded }),
    ...(already.length === 0 ? {} : { alreadyIn: already }),
  };
  return { text, hit, sighting };
}
