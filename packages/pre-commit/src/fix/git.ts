/**
 * The few things that are asked of git here, in the repository of the person who asked for it: what is staged, what is
 * ignored, and to stage a file again. Paths are arguments of their own and taken as they are.
 */
import { execFile } from 'node:child_process';

export interface GitPlace {
  /** Top level of the work tree. */
  readonly root: string;
  /** As git gave it to its hook, so that it is the index of this commit which is meant. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
}

/** Paths are taken as they are, whatever characters are in them. */
const LITERAL = '--literal-pathspecs';
const MAX_BYTES = 64 * 1024 * 1024;

/** @throws Error when git cannot be started */
function askGit({ root, env }: GitPlace, args: readonly string[]): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      args,
      { cwd: root, env: { ...env, GIT_OPTIONAL_LOCKS: '0' }, encoding: 'buffer', maxBuffer: MAX_BYTES },
      (error, stdout) => {
        if (error === null) resolve({ code: 0, output: stdout });
        else if (typeof error.code === 'number') resolve({ code: error.code, output: stdout });
        else reject(new Error('git cannot be run'));
      },
    );
  });
}

/** The text of a path in the index; undefined where there is none, or git cannot read it. */
export async function stagedText(git: GitPlace, path: string): Promise<Buffer | undefined> {
  const { code, output } = await askGit(git, ['cat-file', 'blob', `:0:${path}`]);
  return code === 0 ? output : undefined;
}

/** Whether the work tree has nothing but what is staged. */
export async function isWhollyStaged(git: GitPlace, path: string): Promise<boolean> {
  // Not diff-files, to which a file that was only touched is another one.
  return (await askGit(git, [LITERAL, 'diff', '--quiet', '--no-ext-diff', '--no-textconv', '--', path])).code === 0;
}

export async function isTracked(git: GitPlace, path: string): Promise<boolean> {
  return (await askGit(git, [LITERAL, 'ls-files', '--error-unmatch', '--', path])).code === 0;
}

/** A tracked file at the top whose name differs in case alone: where case does not count, it is the same file. */
export async function trackedInOtherCase(git: GitPlace, name: string): Promise<string | undefined> {
  // Somebody's own setting for all commands would take the magic away.
  const place = { ...git, env: { ...git.env, GIT_LITERAL_PATHSPECS: undefined } };
  const { output } = await askGit(place, ['ls-files', '-z', '--', `:(top,icase,literal)${name}`]);
  return output
    .toString('utf8')
    .split('\0')
    .find((found) => found !== '' && found !== name);
}

export async function isIgnored(git: GitPlace, path: string): Promise<boolean> {
  return (await askGit(git, ['check-ignore', '--quiet', '--', path])).code === 0;
}

/** Gives whether it worked. */
export async function stage(git: GitPlace, paths: readonly string[]): Promise<boolean> {
  return paths.length === 0 || (await askGit(git, [LITERAL, 'add', '--', ...paths])).code === 0;
}

/** `git commit -a` and `git commit <path>` make an index for their own use, which a stopped commit throws away. */
export async function isOwnIndex(git: GitPlace): Promise<boolean> {
  const named = git.env['GIT_INDEX_FILE'];
  if (named === undefined || named === '') return true;
  return !/(?:\.lock|next-index-[^/]*)$/.test(named);
}
