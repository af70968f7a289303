/** The tips of a repository's history, and what they are called. */
import { type GitDoor, git } from './door.ts';
import { headBranchByGit, headOidByGit } from './head-by-git.ts';
import type { PrivateDir } from './private-dir.ts';
import { headBranch, headOid, isRefName, type Ref } from './ref-files.ts';
import { readEach, withCatFile } from './cat-file-process.ts';
import { fromHex, hashBytes, isOid } from './oid.ts';

export interface Branch {
  readonly name: string;
  readonly commit: string;
}

export interface Tips {
  /** Commit that HEAD leads to; undefined when its branch is not born yet. */
  readonly head: string | undefined;
  /** Short name of the branch that HEAD is on. */
  readonly branch: string | undefined;
  /** Branches, local and remote-tracking, sorted by short name. */
  readonly branches: readonly Branch[];
  /** Every commit that a ref leads to, each once. */
  readonly commits: readonly string[];
  /** Annotated tags that a ref leads to, nested ones included. */
  readonly tags: readonly string[];
  /** Refs whose object is missing or unreadable. */
  readonly broken: readonly string[];
}

export interface RefsAndHead {
  readonly refs: readonly Ref[];
  readonly head: { readonly oid: string | undefined; readonly branch: string | undefined };
}

export async function readRefs(door: GitDoor, dir: PrivateDir, signal: AbortSignal): Promise<RefsAndHead> {
  const refs = dir.reftable ? await refsByGit(door, signal) : dir.refs.refs;
  const head = dir.reftable
    ? { oid: await headOidByGit(door, signal), branch: await headBranchByGit(door, signal) }
    : { oid: headOid(dir.refs), branch: headBranch(dir.refs) };
  return { refs, head };
}

export async function readTips(door: GitDoor, dir: PrivateDir, signal: AbortSignal): Promise<Tips> {
  const { refs, head } = await readRefs(door, dir, signal);
  const ids = new Set([
    ...refs.map((ref) => ref.oid),
    ...dir.refs.bareTips,
    ...(head.oid === undefined ? [] : [head.oid]),
  ]);
  return await resolveTips([...ids].sort(), refs, head, (asked) => peelByGit(door, asked, signal));
}

/** The same tips as if the repository had only these refs. `oids`: what they point at; `commits`: where that leads. */
export function narrowTips(tips: Tips, oids: readonly string[], commits: readonly string[]): Tips {
  const wanted = new Set(oids);
  return {
    ...tips,
    commits: [...new Set(commits)].sort(),
    tags: tips.tags.filter((tag) => wanted.has(tag)),
    broken: [],
  };
}

/** What an object is, and what a tag points at. */
export type Peeled = { readonly type: 'commit' | 'tree' | 'blob' } | { readonly type: 'tag'; readonly target: string };

/** Shared by the readers with and without git: `peelAll` says what each id is, nothing when it is missing or corrupt. */
export async function resolveTips(
  ids: readonly string[],
  refs: readonly Ref[],
  head: { readonly oid: string | undefined; readonly branch: string | undefined },
  peelAll: (ids: readonly string[]) => Promise<ReadonlyMap<string, Peeled>>,
): Promise<Tips> {
  const known = new Map<string, Peeled>();
  // A tag may point at a tag; a chain of them that is longer than this is no tag anybody made.
  for (let level = 0, ask = ids; ask.length > 0 && level < 16; level += 1) {
    const answers = await peelAll(ask);
    const next = new Set<string>();
    for (const [oid, peeled] of answers) {
      known.set(oid, peeled);
      if (peeled.type === 'tag' && !known.has(peeled.target)) next.add(peeled.target);
    }
    ask = [...next].sort();
  }

  function commitOf(oid: string): string | undefined {
    let at = oid;
    for (let level = 0; level < 16; level += 1) {
      const peeled = known.get(at);
      if (peeled?.type === 'commit') return at;
      if (peeled?.type !== 'tag') return undefined;
      at = peeled.target;
    }
    return undefined;
  }

  const branches: Branch[] = [];
  const broken: string[] = [];
  for (const ref of refs) {
    const commit = commitOf(ref.oid);
    const name = branchName(ref.name);
    if (!known.has(ref.oid)) broken.push(ref.name);
    else if (name !== undefined && commit !== undefined) branches.push({ name, commit });
  }
  branches.sort(byName);
  const commits = new Set(ids.map(commitOf).filter((commit) => commit !== undefined));
  return {
    head: head.oid === undefined ? undefined : commitOf(head.oid),
    branch: head.branch === undefined ? undefined : (branchName(head.branch) ?? head.branch),
    branches,
    commits: [...commits].sort(),
    tags: [...known]
      .filter(([, peeled]) => peeled.type === 'tag')
      .map(([oid]) => oid)
      .sort(),
    broken,
  };
}

export function byName(a: Branch, b: Branch): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Short name of a branch, `origin/x` for a remote-tracking one; undefined for other refs and for `origin/HEAD`. */
export function branchName(ref: string): string | undefined {
  if (ref.startsWith('refs/heads/')) return ref.slice('refs/heads/'.length);
  if (ref.startsWith('refs/remotes/') && !ref.endsWith('/HEAD')) return ref.slice('refs/remotes/'.length);
  return undefined;
}

/** What each object is; nothing for those that are missing or corrupt. */
export async function peelByGit(
  door: GitDoor,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Peeled>> {
  if (ids.length === 0) return new Map();
  const text = await ask(door, ids, '--batch-check=%(objecttype) %(objectname)', signal);
  const found = new Map<string, Peeled>();
  const tags: string[] = [];
  for (const line of text.split('\n')) {
    const [type = '', oid = ''] = line.split(' ');
    if (type === 'tag') tags.push(oid);
    else if (type === 'commit' || type === 'tree' || type === 'blob') found.set(oid, { type });
  }
  if (tags.length === 0) return found;
  await withCatFile(door, (catFile) =>
    readEach(catFile, fromHex(tags.join('')), hashBytes(door.hash), signal, {
      object(index, _type, bytes) {
        // `object <oid>` is the first line of every tag.
        const target = latin1.decode(bytes.subarray('object '.length, 'object '.length + hashBytes(door.hash) * 2));
        if (isOid(target, door.hash)) found.set(tags[index] ?? '', { type: 'tag', target });
      },
      missing: () => undefined,
      corrupt: () => undefined,
      gaveUp: () => undefined,
    }),
  );
  return found;
}

const latin1 = new TextDecoder('latin1');

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}

async function ask(door: GitDoor, ids: readonly string[], format: string, signal: AbortSignal): Promise<string> {
  return latin1.decode(
    await git(door, ['cat-file', format, '--buffer'], { input: lines(ids), signal, maxBytes: 1024 * 1024 * 1024 }),
  );
}

async function refsByGit(door: GitDoor, signal: AbortSignal): Promise<readonly Ref[]> {
  const text = new TextDecoder().decode(
    await git(door, ['for-each-ref', '--format=%(objectname) %(refname)'], { signal }),
  );
  const refs: Ref[] = [];
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    const name = line.slice(space + 1);
    if (isRefName(name) && isOid(line.slice(0, space), door.hash)) refs.push({ name, oid: line.slice(0, space) });
  }
  return refs;
}
