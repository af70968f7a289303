/**
 * What a path is, found without running git: a repository only if the path is itself the top level of a work tree, a
 * linked work tree, a submodule's work tree, a git directory, or bare. Anything else is its files.
 */
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Repository {
  readonly kind: 'repository';
  /** What the operator pointed at, with symbolic links resolved. */
  readonly root: string;
  /** Top level of the work tree; undefined when bare, or when the path is a git directory. */
  readonly worktree: string | undefined;
  /** Holds HEAD and index; of a linked work tree it is not the common one. */
  readonly gitDir: string;
  /** Holds objects, refs, packed-refs, config, shallow. */
  readonly commonDir: string;
}

export interface PlainTarget {
  readonly kind: 'directory' | 'file';
  readonly root: string;
  /** Top level of the repository that it lies in, for a hint. */
  readonly inside: string | undefined;
  /** Why something that looks like a repository is not one, such as a `.git` file that leads nowhere. */
  readonly broken?: string;
}

export type Target = Repository | PlainTarget | { readonly kind: 'missing' | 'special'; readonly root: string };

export async function detect(path: string): Promise<Target> {
  const absolute = resolve(path);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats === undefined) return { kind: 'missing', root: absolute };
  const root = await realpath(absolute);
  if (stats.isFile()) return { kind: 'file', root, inside: await topLevelAbove(dirname(root)) };
  if (!stats.isDirectory()) return { kind: 'special', root };
  if (await isGitDir(root))
    return { kind: 'repository', root, worktree: undefined, gitDir: root, commonDir: await commonDirOf(root) };
  const found = await gitDirOf(root);
  if (typeof found === 'object') return { kind: 'repository', root, worktree: root, ...found };
  const inside = await topLevelAbove(dirname(root));
  return { kind: 'directory', root, inside, ...(found === undefined ? {} : { broken: found }) };
}

/** The git directory of a work tree, undefined when it has none, a sentence when it is broken. */
async function gitDirOf(worktree: string): Promise<Pick<Repository, 'gitDir' | 'commonDir'> | string | undefined> {
  const dotGit = join(worktree, '.git');
  const stats = await stat(dotGit).catch(() => undefined);
  if (stats === undefined)
    return (await lstat(dotGit).catch(() => undefined)) === undefined ? undefined : 'its .git leads nowhere';
  const gitDir = stats.isFile() ? await readGitFile(dotGit, stats) : await realpath(dotGit);
  if (gitDir === undefined || !(await isGitDir(gitDir))) return 'its .git is not a git directory';
  return { gitDir, commonDir: await commonDirOf(gitDir) };
}

/** `gitdir: <path>`, relative to the directory of the file (gitrepository-layout). */
async function readGitFile(file: string, stats: Stats): Promise<string | undefined> {
  const content = await readSmall(file, stats.size);
  if (content === undefined || !content.startsWith('gitdir:')) return undefined;
  return await realpath(resolve(dirname(file), content.slice('gitdir:'.length).trim())).catch(() => undefined);
}

async function commonDirOf(gitDir: string): Promise<string> {
  const content = await readSmall(join(gitDir, 'commondir'));
  if (content === undefined) return gitDir;
  return await realpath(resolve(gitDir, content.trim())).catch(() => gitDir);
}

async function isGitDir(path: string): Promise<boolean> {
  const head = await readHead(path);
  if (head === undefined) return false;
  const common = await commonDirOf(path);
  if (!(await isDirectory(join(common, 'objects')))) return false;
  return (
    (await isDirectory(join(common, 'refs'))) ||
    (await isDirectory(join(common, 'reftable'))) ||
    (await exists(join(common, 'packed-refs')))
  );
}

async function readHead(gitDir: string): Promise<string | undefined> {
  const content = await readSmall(join(gitDir, 'HEAD'));
  // A branch that was HEAD's symbolic link and is not born yet leads nowhere.
  if (content === undefined)
    return (await lstat(join(gitDir, 'HEAD')).catch(() => undefined))?.isSymbolicLink() === true ? '' : undefined;
  return content;
}

async function readSmall(file: string, size?: number): Promise<string | undefined> {
  const stats = size === undefined ? await stat(file).catch(() => undefined) : undefined;
  if (size === undefined && stats?.isFile() !== true) return undefined;
  if ((size ?? stats?.size ?? 0) > 64 * 1024) return undefined;
  return await readFile(file, 'utf8').catch(() => undefined);
}

async function topLevelAbove(start: string): Promise<string | undefined> {
  let directory = start;
  for (;;) {
    if (typeof (await gitDirOf(directory)) === 'object') return directory;
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
