/**
 * The few things that are asked of git here, in the repository of the person who asked for it: what is staged, what is
 * ignored, and to stage a file again. Paths are arguments of their own and taken as they are.
 */
import type { AskGit, GitAnswer } from '../ask-git.ts';

export interface GitPlace {
  /** Top level of the work tree. */
  readonly root: string;
  /** Asks git there, with the variables that it gave to its hook, so that it is the index of this commit which is meant. */
  readonly ask: AskGit;
  /** `GIT_INDEX_FILE`, as git gave it to its hook. */
  readonly indexFile: string | undefined;
}

/** Paths are taken as they are, whatever characters are in them. */
const LITERAL = '--literal-pathspecs';
/** Nothing that is only asked for may rewrite the index. */
const LOCK_FREE = '--no-optional-locks';

/** Whatever reads the index would start a program that tells git what has changed, where one is set. */
function ask(git: GitPlace, args: readonly string[]): Promise<GitAnswer> {
  return git.ask(['-c', 'core.fsmonitor=false', ...args]);
}

/** The text of a path in the index; undefined where there is none, or git cannot read it. */
export async function stagedText(git: GitPlace, path: string): Promise<Buffer | undefined> {
  const { code, stdout } = await ask(git, ['cat-file', 'blob', `:0:${path}`]);
  return code === 0 ? stdout : undefined;
}

/** Whether the work tree has nothing but what is staged. */
export async function isWhollyStaged(git: GitPlace, path: string): Promise<boolean> {
  // Not diff-files, to which a file that was only touched is another one.
  const flags = ['--quiet', '--no-ext-diff', '--no-textconv'];
  return (await ask(git, [LITERAL, LOCK_FREE, 'diff', ...flags, '--', path])).code === 0;
}

export async function isTracked(git: GitPlace, path: string): Promise<boolean> {
  return (await ask(git, [LITERAL, 'ls-files', '--error-unmatch', '--', path])).code === 0;
}

/** A tracked file at the top whose name differs in case alone: where case does not count, it is the same file. */
export async function trackedInOtherCase(git: GitPlace, name: string): Promise<string | undefined> {
  // Somebody's own setting for all commands would take the magic away.
  const { stdout } = await ask(git, ['--no-literal-pathspecs', 'ls-files', '-z', '--', `:(top,icase,literal)${name}`]);
  return stdout
    .toString('utf8')
    .split('\0')
    .find((found) => found !== '' && found !== name);
}

export async function isIgnored(git: GitPlace, path: string): Promise<boolean> {
  return (await ask(git, ['check-ignore', '--quiet', '--', path])).code === 0;
}

/** Gives whether it worked. */
export async function stage(git: GitPlace, paths: readonly string[]): Promise<boolean> {
  return paths.length === 0 || (await ask(git, [LITERAL, 'add', '--', ...paths])).code === 0;
}

/** `git commit -a` and `git commit <path>` make an index for their own use, which a stopped commit throws away. */
export function isOwnIndex({ indexFile }: GitPlace): boolean {
  return indexFile === undefined || !/(?:\.lock|next-index-[^/]*)$/.test(indexFile);
}
