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
import { git, type GitDoor, type OpenDoor, openQuickDoor } from './door.ts';
import { fromHex, hashBytes, type HashName } from './oid.ts';
import { copyIndex } from './private-dir.ts';
import { readHeadOid, readOidLines } from './ref-files.ts';

export interface StagedOptions {
  readonly repository: Repository;
  /** Another index than the repository's own, as `git commit <path>` has one. Default: what git names to its hooks. */
  readonly indexFile?: string;
  readonly maxTextBytes?: number;
  readonly allowMissing?: boolean;
  readonly scanBinary?: boolean;
}

/** A path whose index entry differs from a parent's. Ids are empty where there is no entry. */
interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  readonly status: string;
  /** The same path in that parent, after renames. */
  readonly was: { readonly path: string; readonly oid: string };
}

interface Staged {
  /** Changed against every parent, and still there; sorted by path. */
  readonly changed: readonly {
    readonly path: string;
    readonly mode: string;
    readonly oid: string;
    readonly parents: readonly string[];
  }[];
  /** Paths of the parents that were read, by the id of their text. */
  readonly parentPaths: ReadonlyMap<string, ReadonlySet<string>>;
}

const SUBMODULE = '160000';

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

/** git knows the empty tree without having it. */
function emptyTree(hash: HashName): string {
  return hash === 'sha1'
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
}

async function diffIndex(door: GitDoor, base: string, index: string, signal: AbortSignal): Promise<readonly Entry[]> {
  const args = ['diff-index', '--cached', '--raw', '-z', '-M', '--no-abbrev', '--ita-invisible-in-index', base];
  const output = await git(door, args, { env: { GIT_INDEX_FILE: index }, signal, maxBytes: 1024 * 1024 * 1024 });
  const tokens = Buffer.from(output.buffer, output.byteOffset, output.length).toString('latin1').split('\0');
  const entries: Entry[] = [];
  for (let at = 0; at + 1 < tokens.length;) {
    // `:<mode> <mode> <oid> <oid> <status>`, the path, and for a rename the new path behind it.
    const [, mode = '', before = '', after = '', status = ''] = (tokens[at] ?? '').split(' ');
    const from = tokens[at + 1] ?? '';
    const isRename = status.startsWith('R') || status.startsWith('C');
    const path = isRename ? (tokens[at + 2] ?? '') : from;
    entries.push({
      path,
      mode,
      oid: present(after),
      status: status.charAt(0),
      was: { path: from, oid: present(before) },
    });
    at += isRename ? 3 : 2;
  }
  return entries;
}

function present(oid: string): string {
  for (const digit of oid) if (digit !== '0') return oid;
  return '';
}

/** `diffs`: one list for each parent. */
function combine(diffs: readonly (readonly Entry[])[], ctx: Pick<SourceContext, 'notScanned'>): Staged {
  const byPath = diffs.map((entries) => new Map(entries.map((entry) => [entry.path, entry])));
  const changed: { path: string; mode: string; oid: string; parents: readonly string[] }[] = [];
  const parentPaths = new Map<string, Set<string>>();
  for (const entries of diffs) {
    for (const { was, status } of entries) {
      if (was.oid === '' || status === 'U') continue;
      const paths = parentPaths.get(was.oid) ?? new Set();
      parentPaths.set(was.oid, paths.add(was.path));
    }
  }
  for (const path of [...new Set(diffs.flatMap((entries) => entries.map((entry) => entry.path)))].sort()) {
    const entries = byPath.map((map) => map.get(path));
    const first = entries[0];
    const shown = pathText(Buffer.from(path, 'latin1'));
    if (entries.some((entry) => entry?.status === 'U')) {
      ctx.notScanned({
        state: 'excluded',
        reason: 'ignored',
        where: shown,
        detail: 'unmerged: it cannot be committed as it is',
      });
    } else if (first === undefined || entries.includes(undefined) || first.status === 'D') {
      // A parent has exactly this entry, or it goes away: nothing is brought in.
    } else if (first.mode === SUBMODULE) {
      ctx.notScanned({ state: 'excluded', reason: 'submodule', where: shown });
    } else {
      changed.push({
        path,
        mode: first.mode,
        oid: first.oid,
        parents: entries.flatMap((entry) => (entry === undefined || entry.was.oid === '' ? [] : [entry.was.oid])),
      });
    }
  }
  return { changed, parentPaths };
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

export interface TreeFile {
  readonly mode: string;
  readonly oid: string;
  /** As reports show it. */
  readonly path: string;
}

/** Every file in a commit's tree. */
export async function listTree(door: GitDoor, commit: string, signal: AbortSignal): Promise<readonly TreeFile[]> {
  const output = await git(door, ['ls-tree', '-r', '-z', '--full-tree', commit], {
    signal,
    maxBytes: 1024 * 1024 * 1024,
  });
  const width = hashBytes(door.hash) * 2;
  const files: TreeFile[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const tab = output.indexOf(0x09, at);
    if (end < 0 || tab < 0 || tab > end) break;
    // `<mode> <type> <oid>` TAB path
    const head = Buffer.from(output.subarray(at, tab)).toString('latin1');
    files.push({ mode: head.slice(0, 6), oid: head.slice(-width), path: pathText(output.subarray(tab + 1, end)) });
    at = end + 1;
  }
  return files;
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
