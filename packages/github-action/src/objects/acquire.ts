/**
 * Makes sure that the commits of a plan are there, with all that they hold: what the checkout has, and what has to be
 * fetched. What cannot be had makes the scan incomplete; it is never replaced by a scan of everything, or of nothing.
 */
import type { TargetMode } from '@unleak/core';
import type { Event } from '../event.ts';
import type { Github } from '../github/client.ts';
import { GithubError } from '../github/error.ts';
import type { Context, Notice, Plan } from '../types.ts';
import { allOf, between, deepen, everything, notIn, type Commits, type Ends } from './deepen.ts';
import { GitFailure, type Git } from './git.ts';

export interface Acquired {
  readonly mode: TargetMode;
  /** What HEAD of the repository has to be, so that places are said to be in it or not. */
  readonly head: string;
  /** Whose configuration counts: of a pull request, the tip of the base branch, since its author chooses no other. */
  readonly configCommit: string;
  /** What a pull request changed is told by comparing with this: the commit that it left the base branch at, where that is known. */
  readonly leftAt: string;
  /** Commits; undefined for the whole history. */
  readonly count: number | undefined;
  readonly notices: readonly Notice[];
  /** Why the answer is not complete, and what to do. */
  readonly incomplete: string | undefined;
}

/** The commits that are asked for cannot be had. One line that says what to do. */
export class MissingCommits extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MissingCommits';
  }
}

export interface Ways {
  readonly git: Git;
  readonly github: Pick<Github, 'compare'>;
  readonly context: Context;
  readonly event: Event;
  readonly log: (line: string) => void;
}

const FETCH_ALL = 'give actions/checkout the input "fetch-depth: 0"';

/** @throws MissingCommits */
export async function acquire(plan: Exclude<Plan, { scan: 'nothing' }>, ways: Ways): Promise<Acquired> {
  return plan.scan === 'history' ? await history(ways) : await changes(plan, ways);
}

async function history({ git, event, log }: Ways): Promise<Acquired> {
  const head = await git.commit('HEAD');
  const isWhole = head !== undefined && git.shallow().size === 0;
  let incomplete: string | undefined;
  if (!isWhole) {
    log('the checkout does not have the whole history: fetching it');
    incomplete = await everything(git).then(
      () => undefined,
      sentence(
        (why) => `the checkout is shallow, and the rest of the history could not be fetched (${why}): ${FETCH_ALL}`,
      ),
    );
  }
  const from = head ?? (await git.commit('HEAD'));
  if (from === undefined) throw new MissingCommits(incomplete ?? `the checkout has no commit: ${FETCH_ALL}`);
  const base = event.pullRequest?.baseSha;
  return {
    mode: { kind: 'all', history: 'only' },
    head: from,
    ...(base === undefined ? { configCommit: from, leftAt: from } : await trusted(git, base, base, from)),
    count: undefined,
    notices: [],
    incomplete,
  };
}

type Changes = Extract<Plan, { scan: 'changes' }>;

async function changes(plan: Changes, ways: Ways): Promise<Acquired> {
  const { git, context } = ways;
  const notices: Notice[] = [];
  const commits = await commitsOf(plan, ways, notices).catch((error: unknown) => {
    if (!(error instanceof GitFailure)) throw error;
    const rights =
      context.token === undefined
        ? 'there is no token to fetch with (input "token")'
        : 'the token needs "contents: read"';
    throw new MissingCommits(
      `the commits to be scanned are not in the checkout and could not be fetched (${error.message}): ${rights}, or ${FETCH_ALL}`,
    );
  });
  const { head, without, count } = commits;
  const { pullRequest, base } = plan;
  const tip = pullRequest?.baseSha;
  // An input may name any commit as base, one of the pull request, too.
  const known = base === tip ? (without[0] ?? tip) : tip;
  return {
    mode: modeOf(commits),
    head,
    ...(tip === undefined || known === undefined
      ? { configCommit: head, leftAt: head }
      : await trusted(git, tip, known, head)),
    count,
    notices,
    incomplete: undefined,
  };
}

/** One base can be told by name; several are options of rev-list. */
function modeOf({ head, without }: Commits): TargetMode {
  const [base, ...others] = without;
  if (base === undefined) return { kind: 'range', branch: head };
  if (others.length === 0) return { kind: 'range', range: `${base}..${head}` };
  const revisions = [head, ...without.map((oid) => `^${oid}`)];
  return { kind: 'range', commits: { options: [], revisions, paths: [] } };
}

async function commitsOf(plan: Changes, ways: Ways, notices: Notice[]): Promise<Commits> {
  const { git } = ways;
  if (plan.base === undefined) return await notInDefault(plan.head, ways);
  const base = (await git.commit(plan.base)) ?? (await git.commit(`refs/remotes/origin/${plan.base}`)) ?? plan.base;
  const found = await between(git, { head: plan.head, base });
  if (found !== undefined) return found;
  try {
    const commits = await deepen(git, await compared({ head: plan.head, base }, ways));
    if (commits !== undefined) return commits;
  } catch (error) {
    // What a forced push threw away may be gone for good.
    if (!(error instanceof GitFailure) || plan.pullRequest !== undefined || ways.event.push?.before !== plan.base)
      throw error;
    ways.log(error.message);
  }
  if (plan.pullRequest !== undefined || ways.event.push?.before !== plan.base)
    throw new MissingCommits(
      `nothing leads from ${plan.base} to ${plan.head}, so what lies between them cannot be told: name another commit or branch with the input "base"`,
    );
  notices.push({
    level: 'notice',
    text: `the commit before this push (${plan.base.slice(0, 10)}) is not there any more, as after a forced push: what the default branch does not have is scanned`,
  });
  return await notInDefault(plan.head, ways);
}

/**
 * What the default branch does not have; of that, its whole history. Other branches do not count: nobody knows whether
 * they were ever scanned.
 */
async function notInDefault(head: string, { git, github, context, event, log }: Ways): Promise<Commits> {
  const branch = context.ref.startsWith('refs/heads/') ? context.ref.slice('refs/heads/'.length) : undefined;
  const isDefault = branch !== undefined && branch === event.defaultBranch;
  if (isDefault) return await allOf(git, head);
  if ((await git.commit(head)) !== undefined && git.shallow().size === 0) {
    const tip = await git.commit(`refs/remotes/origin/${event.defaultBranch ?? ''}`);
    if (tip !== undefined) return await notIn(git, head, [tip]);
  }
  if (event.defaultBranch === undefined) return await allOf(git, head);
  const base = `refs/heads/${event.defaultBranch}`;
  const ends = await compared({ head, base: event.defaultBranch }, { github, context, log });
  const commits = await deepen(git, ends.count === undefined ? { ...ends, base } : ends);
  return commits ?? (await allOf(git, head));
}

/** With GitHub's answer, where there is one: how far to fetch, and from which commit on. */
async function compared(
  { head, base }: Omit<Ends, 'count'>,
  { github, context, log }: Pick<Ways, 'github' | 'context' | 'log'>,
): Promise<Ends> {
  try {
    const { mergeBase, aheadBy } = await github.compare(context.repository, base, head);
    return { head, base: mergeBase, count: aheadBy };
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    log(`${error.message}; the commits are looked for by fetching`);
    return { head, base, count: undefined };
  }
}

/**
 * Whose configuration counts for a pull request: `tip`, that of its base branch. `known`: that, or a commit in its place which leads
 * to `head`. @throws MissingCommits
 */
async function trusted(
  git: Git,
  tip: string,
  known: string,
  head: string,
): Promise<Pick<Acquired, 'configCommit' | 'leftAt'>> {
  // Before the tip is fetched without what leads to it.
  const left = await git.read(['merge-base', known, head]).then(
    (text) => text.trim(),
    () => undefined,
  );
  if ((await git.commit(tip)) === undefined) {
    await git.fetch(1, [`+${tip}:refs/unleak/trusted`]).catch((error: unknown) => {
      if (!(error instanceof GitFailure)) throw error;
      throw new MissingCommits(
        `the base of the pull request, whose configuration counts, could not be fetched (${error.message}): ${FETCH_ALL}`,
      );
    });
  }
  return { configCommit: tip, leftAt: left ?? tip };
}

function sentence(say: (why: string) => string): (error: unknown) => string {
  return (error) => {
    if (!(error instanceof GitFailure)) throw error;
    return say(error.message);
  };
}
