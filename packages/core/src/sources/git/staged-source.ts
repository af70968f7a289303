/**
 * What is about to be committed: the index of the operator's own repository against the commits that will be the new
 * one's parents. The whole text of each changed path is scanned, and that of the same path in every parent: a credential
 * that a parent has there is not news. A copy in another file is, with a word on where it already was.
 */
import { join, resolve } from 'node:path';
import type { Hit, Job, Located, Plan, Source, SourceContext, StagedSighting, TextId } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES, FILES_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import { linkStatOf } from '../look.ts';
import { pathText } from '../path-text.ts';
import { isInside } from '../inside.ts';
import type { Repository } from './detect.ts';
import { GitError, isAbsence } from './git-error.ts';
import { IndexError } from './index-file.ts';
import { reportUnread } from './object-text.ts';
import { ObjectError } from './pack/object-error.ts';
import { stagedByFiles } from './staged-by-files.ts';
import { combine, type Staged, type StagedFile } from './staged-diff.ts';
import type { StagedJob } from './staged-reader.ts';
import type { StagedObject, StagedView } from './staged-view.ts';

export interface StagedOptions {
  readonly repository: Repository;
  /** Another index than the repository's own, as `git commit <path>` has one. Default: what git names to its hooks. */
  readonly indexFile?: string;
  /** git has named it to us, for a commit in this repository. */
  readonly ofCommit?: boolean;
  readonly maxTextBytes?: number;
  readonly allowMissing?: boolean;
}

export function createStagedSource(options: StagedOptions, ambient: Ambient): Source {
  let view: StagedView | undefined;
  let staged: Staged | undefined;

  async function plan(ctx: SourceContext): Promise<Plan> {
    const described = { describes: 'the staged changes', facts: {} };
    view = await viewOf(options, ambient, ctx);
    if (view === undefined) return { jobs: [], ...described };
    staged = combine(view.diffs, ctx);
    return { jobs: makeJobs(staged, view, options), ...described };
  }

  return {
    plan,
    unread(jobs, ctx) {
      for (const { objectsAs = [] } of jobs as readonly (Partial<StagedJob> & Job)[]) reportUnread(objectsAs, ctx);
    },
    async attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: SourceContext): Promise<readonly Located[]> {
      if (view === undefined || staged === undefined) return [];
      const { parentPaths } = staged;
      const news = await withoutRenames(findNews(staged, hits), staged, hits, view, ctx);
      const copies = news.length === 0 ? new Map() : await view.pathsOf(new Set(news.map(({ file }) => file.oid)), ctx);
      return news.map(({ text, hit, path, file }) =>
        locate(text, hit, path, alreadyIn(hit, path, file.oid, parentPaths, hits, copies)),
      );
    },
    async close() {
      await view?.close();
      view = undefined;
    },
  };
}

/** Undefined when there is no index. */
async function viewOf(options: StagedOptions, ambient: Ambient, ctx: SourceContext): Promise<StagedView | undefined> {
  const index = indexFile(options, ambient);
  try {
    return await stagedByFiles(options.repository, index, ambient);
  } catch (error) {
    if (!(error instanceof IndexError) && !(error instanceof ObjectError)) throw error;
    ctx.log('debug', 'the staged changes are asked from git', { because: error.message });
    const { stagedByGit } = await import('./staged-by-git.ts');
    return await stagedByGit(options.repository, index, ambient, ctx.signal);
  }
}

/**
 * A hook finds the index of the commit in GIT_INDEX_FILE, relative to the top level. Without a commit it is
 * taken at its word only for a file of this repository: the variable may come from a hook that runs us on another.
 */
function indexFile({ repository, indexFile: given, ofCommit = false }: StagedOptions, ambient: Ambient): string {
  if (given !== undefined) return given;
  const named = ambient.env['GIT_INDEX_FILE'];
  const path = named === undefined || named === '' ? undefined : resolve(repository.root, named);
  return path !== undefined && (ofCommit || isInside(path, repository.gitDir))
    ? path
    : join(repository.gitDir, 'index');
}

/**
 * Small files first, so that a scan that is stopped has seen as many as it could; before each the texts that it is
 * compared with, so that what was there before is no news in such a scan either.
 */
function makeJobs(staged: Staged, view: StagedView, options: StagedOptions): readonly Job[] {
  const objects: (StagedObject & { readonly bytes: number })[] = [];
  const compared = new Set<string>();
  function addParent(oid: string): void {
    const paths = staged.parentPaths.get(oid);
    if (paths === undefined || compared.has(oid)) return;
    compared.add(oid);
    const place = pathText(Buffer.from([...paths][0] ?? '', 'latin1'));
    objects.push({ oid, as: { id: `parent:${oid}`, place, quiet: true }, bytes: 0 });
  }
  const sized = staged.files.map((file) => ({ ...file, bytes: sizeNow(options.repository, file.path) }));
  for (const { path, oid, before, bytes } of sized.sort((a, b) => a.bytes - b.bytes)) {
    for (const old of before) addParent(old);
    const place = pathText(Buffer.from(path, 'latin1'));
    objects.push({ oid, as: { id: `index:${place}`, place }, bytes });
  }
  // Also what goes away is read: a text that moves to another file is called a copy of it.
  for (const oid of staged.parentPaths.keys()) addParent(oid);
  const policy = {
    maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
    allowMissing: options.allowMissing ?? false,
  };
  const jobs: Job[] = [];
  let batch: StagedObject[] = [];
  let weight = 0;
  function cut(): void {
    if (batch.length > 0) jobs.push(view.job(batch, weight, policy));
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

/** The file as it lies there now is about as large as what is staged. */
function sizeNow(repository: Repository, path: string): number {
  if (repository.worktree === undefined) return 0;
  return linkStatOf(Buffer.concat([Buffer.from(`${repository.worktree}/`), Buffer.from(path, 'latin1')]))?.size ?? 0;
}

interface News {
  readonly text: TextId;
  readonly hit: Hit;
  readonly path: string;
  readonly file: StagedFile;
}

function findNews(staged: Staged, hits: ReadonlyMap<TextId, readonly Hit[]>): readonly News[] {
  const news: News[] = [];
  for (const file of staged.files) {
    const path = pathText(Buffer.from(file.path, 'latin1'));
    const text = `index:${path}`;
    for (const hit of hits.get(text) ?? []) if (!anyHolds(file.before, hit, hits)) news.push({ text, hit, path, file });
  }
  return news;
}

/** Whether one of these texts of the parents holds the credential. */
function anyHolds(oids: Iterable<string>, hit: Hit, hits: ReadonlyMap<TextId, readonly Hit[]>): boolean {
  for (const oid of oids)
    if ((hits.get(`parent:${oid}`) ?? []).some(({ credential }) => credential === hit.credential)) return true;
  return false;
}

/**
 * Leaves out what a file held under its old name. Whether it had one is asked only where that decides: for a credential
 * in a new file that is also in one that goes away.
 */
async function withoutRenames(
  news: readonly News[],
  staged: Staged,
  hits: ReadonlyMap<TextId, readonly Hit[]>,
  view: StagedView,
  ctx: SourceContext,
): Promise<readonly News[]> {
  const old = new Set<News>();
  for (const [parent, removed] of staged.removed.entries()) {
    const open = news.filter(({ hit, file }) => file.newIn.includes(parent) && anyHolds(removed, hit, hits));
    if (open.length === 0) continue;
    const renames = await renamesIn(parent, view, ctx);
    for (const one of open) {
      const before = renames.get(one.file.path);
      if (before !== undefined && anyHolds([before], one.hit, hits)) old.add(one);
    }
  }
  return news.filter((one) => !old.has(one));
}

/** Where git does not tell, a renamed file is a new one: more is reported, not less. */
async function renamesIn(parent: number, view: StagedView, ctx: SourceContext): Promise<ReadonlyMap<string, string>> {
  try {
    return await view.renames(parent, ctx);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const detail = `renamed files count as new ones: ${error.message}`;
    if (isAbsence(error)) ctx.log('warn', detail);
    else {
      const reason = error.code === 'aborted' ? 'interrupted' : 'git-failed';
      ctx.notScanned({ state: 'failed', reason, where: 'the staged changes', detail });
    }
    return new Map();
  }
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
    if (!anyHolds([parent], hit, hits)) continue;
    for (const each of paths) found.add(pathText(Buffer.from(each, 'latin1')));
  }
  found.delete(path);
  return [...found].sort();
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
