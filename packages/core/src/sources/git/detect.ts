/**
 * What a path is, found without running git: a repository only if the path is itself the top level of a work tree, a
 * linked work tree, a submodule's work tree, a git directory, or bare. Anything else is its files.
 */
import { realpathSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isDirectory, linkStatOf, realPathOf, statOf, textOf } from '../look.ts';

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
  const stats = statOf(absolute);
  if (stats === undefined) return { kind: 'missing', root: absolute };
  const root = realpathSync.native(absolute);
  if (stats.isFile()) return { kind: 'file', root, inside: topLevelAbove(dirname(root)) };
  if (!stats.isDirectory()) return { kind: 'special', root };
  if (isGitDir(root))
    return { kind: 'repository', root, worktree: undefined, gitDir: root, commonDir: commonDirOf(root) };
  const found = gitDirOf(root);
  if (typeof found === 'object') return { kind: 'repository', root, worktree: root, ...found };
  const inside = topLevelAbove(dirname(root));
  return { kind: 'directory', root, inside, ...(found === undefined ? {} : { broken: found }) };
}

/**
 * The repository that git itself names, as it does to its hooks in GIT_DIR and GIT_WORK_TREE; undefined where there is
 * none. Paths are absolute.
 */
export function repositoryAt(gitDir: string, worktree: string | undefined): Repository | undefined {
  const stats = statOf(gitDir);
  // git takes the `.git` file of a linked work tree or submodule for what it leads to.
  const real = stats?.isFile() === true ? readGitFile(gitDir, stats) : realPathOf(gitDir);
  if (real === undefined || !isGitDir(real)) return undefined;
  const top = worktree === undefined ? undefined : realPathOf(worktree);
  return { kind: 'repository', root: top ?? real, worktree: top, gitDir: real, commonDir: commonDirOf(real) };
}

/** The git directory of a work tree, undefined when it has none, a sentence when it is broken. */
function gitDirOf(worktree: string): Pick<Repository, 'gitDir' | 'commonDir'> | string | undefined {
  const dotGit = join(worktree, '.git');
  const stats = statOf(dotGit);
  if (stats === undefined) return linkStatOf(dotGit) === undefined ? undefined : 'its .git leads nowhere';
  const gitDir = stats.isFile() ? readGitFile(dotGit, stats) : realPathOf(dotGit);
  if (gitDir === undefined || !isGitDir(gitDir)) return 'its .git is not a git directory';
  return { gitDir, commonDir: commonDirOf(gitDir) };
}

/** `gitdir: <path>`, relative to the directory of the file (gitrepository-layout). */
function readGitFile(file: string, stats: Stats): string | undefined {
  const content = readSmall(file, stats.size);
  if (content === undefined || !content.startsWith('gitdir:')) return undefined;
  return realPathOf(resolve(dirname(file), content.slice('gitdir:'.length).trim()));
}

function commonDirOf(gitDir: string): string {
  const content = readSmall(join(gitDir, 'commondir'));
  if (content === undefined) return gitDir;
  return realPathOf(resolve(gitDir, content.trim())) ?? gitDir;
}

function isGitDir(path: string): boolean {
  const head = readHead(path);
  if (head === undefined) return false;
  const common = commonDirOf(path);
  if (!isDirectory(join(common, 'objects'))) return false;
  return (
    isDirectory(join(common, 'refs')) ||
    isDirectory(join(common, 'reftable')) ||
    statOf(join(common, 'packed-refs')) !== undefined
  );
}

function readHead(gitDir: string): string | undefined {
  const content = readSmall(join(gitDir, 'HEAD'));
  // A branch that was HEAD's symbolic link and is not born yet leads nowhere.
  if (content === undefined) return linkStatOf(join(gitDir, 'HEAD'))?.isSymbolicLink() === true ? '' : undefined;
  return content;
}

function readSmall(file: string, size?: number): string | undefined {
  const stats = size === undefined ? statOf(file) : undefined;
  if (size === undefined && stats?.isFile() !== true) return undefined;
  if ((size ?? stats?.size ?? 0) > 64 * 1024) return undefined;
  return textOf(file);
}

function topLevelAbove(start: string): string | undefined {
  let directory = start;
  for (;;) {
    if (typeof gitDirOf(directory) === 'object') return directory;
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}
