/** Fetches as much of a history as it takes to know which commits lead to one commit and not to another. */
import { GitFailure, type Git } from './git.ts';

/** What of the history is to be scanned: `head`, and what it reaches but for what `without` reaches. */
export interface Commits {
  readonly head: string;
  /** Full ids; all of them are there. */
  readonly without: readonly string[];
  readonly count: number;
}

export interface Ends {
  readonly head: string;
  readonly base: string;
  /** How many commits that is, where GitHub has told. */
  readonly count: number | undefined;
}

/** To git it means: all of it. */
const ALL = 2147483647;
/** More cuts than these are no range that was fetched far enough. */
const MAX_CUTS = 200;

/** `undefined`: not even the whole history has both. @throws GitFailure when something cannot be fetched */
export async function deepen(git: Git, ends: Ends): Promise<Commits | undefined> {
  const { count } = ends;
  for (const depth of count === undefined ? [50, 500, ALL] : [count + 1, 4 * count + 100, ALL]) {
    await git.fetch(Math.min(depth, ALL), [`+${ends.head}:refs/unleak/head`, `+${ends.base}:refs/unleak/base`]);
    // The name of a branch says something on the other side alone.
    const base = (await git.commit('refs/unleak/base')) ?? ends.base;
    const { head } = ends;
    const commits =
      count === undefined ? await between(git, { head, base }) : await counted(git, { head, base, count });
    if (commits !== undefined) return commits;
  }
  return undefined;
}

/** What of a history is there in full. @throws GitFailure */
export async function allOf(git: Git, head: string): Promise<Commits> {
  if ((await git.commit(head)) === undefined || git.shallow().size > 0)
    await git.fetch(ALL, [`+${head}:refs/unleak/head`]);
  return { head, without: [], count: await countOf(git, [head]) };
}

/** Every branch and tag of the remote, in full. @throws GitFailure */
export async function everything(git: Git): Promise<void> {
  await git.fetch(ALL, ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']);
}

/** What `head` reaches and none of `others` does, in a history that is there in full. */
export async function notIn(git: Git, head: string, others: readonly string[]): Promise<Commits> {
  const lines = await list(git, ['--boundary'], head, others);
  const edge = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  const count = lines.length - edge.length;
  // Without any commit there is no edge either.
  return { head, without: count === 0 ? [head] : edge, count };
}

/** What `head` reaches and `base` does not; `undefined` where what is there does not tell. */
export async function between(git: Git, { head, base }: Omit<Ends, 'count'>): Promise<Commits | undefined> {
  if ((await git.commit(head)) === undefined || (await git.commit(base)) === undefined) return undefined;
  const cuts = git.shallow();
  const commits = await list(git, [], head, [base]);
  // A commit at which the history is cut off seems to bring in all that it holds.
  if (cuts.size > 0 && (commits.some((commit) => cuts.has(commit)) || !(await isRelated(git, head, base))))
    return undefined;
  return { head, without: [base], count: commits.length };
}

/**
 * The same where `count` commits are known to lie between the two, and more than as many were fetched of each side: then a
 * commit at which the history is cut off is one that the base has, by a way that was cut off.
 */
async function counted(
  git: Git,
  { head, base, count }: Ends & { readonly count: number },
): Promise<Commits | undefined> {
  const cuts = git.shallow();
  const cut = (await list(git, [], head, [base])).filter((commit) => cuts.has(commit));
  if (cut.length > MAX_CUTS) return undefined;
  const without = [base, ...cut];
  const commits = await list(git, [], head, without);
  return commits.length === count ? { head, without, count } : undefined;
}

async function isRelated(git: Git, a: string, b: string): Promise<boolean> {
  try {
    return (await git.read(['merge-base', a, b])) !== '';
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}

async function list(
  git: Git,
  options: readonly string[],
  head: string,
  without: readonly string[],
): Promise<readonly string[]> {
  const input = [head, ...without.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join('');
  return (await git.read(['rev-list', ...options, '--stdin'], input)).split('\n').filter((line) => line !== '');
}

async function countOf(git: Git, heads: readonly string[]): Promise<number> {
  return Number(await git.read(['rev-list', '--count', '--stdin'], heads.map((head) => `${head}\n`).join('')));
}
