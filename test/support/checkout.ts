/** A repository as GitHub keeps it, and checkouts of it as actions/checkout makes them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { gitEnvironment, makeRepo, type TestRepo } from './repo.ts';

export interface Hosted {
  /** `file://…`, in the place of https://github.com. */
  readonly serverUrl: string;
  /** Work tree that tests commit in. */
  readonly work: TestRepo;
  /** Puts commits where GitHub has them, under a ref (`refs/heads/main`, `refs/pull/7/head`). */
  push(commit: string, ref: string): void;
  /** Takes a ref away, and all that nothing leads to any more. */
  forget(ref: string): void;
  /** A merge of two commits, as GitHub makes one for each pull request (`refs/pull/N/merge`). */
  merge(base: string, head: string, number: number): string;
  /** A checkout of a commit; `depth` 0 is everything. */
  checkout(commit: string, ref: string, depth: number): string;
  /** A checkout with `filter: blob:none`: it has the files of the commit, and no others. */
  partial(commit: string): string;
  /** As GitHub's API compares. */
  compare(base: string, head: string): { readonly mergeBase: string; readonly aheadBy: number };
}

/** `parent`: a folder that is removed after the test. */
export function hostRepository(parent: string, name: string = 'acme/shop'): Hosted {
  const server = mkdtempSync(join(parent, 'server-'));
  const bare = join(server, name);
  mkdirSync(bare, { recursive: true });
  const origin = makeRepo(parent, { at: bare, bare: true });
  // GitHub gives any commit that it has, by its id.
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  origin.git('config', 'uploadpack.allowFilter', 'true');
  const work = makeRepo(parent);
  const url = `file://${bare}`;

  return {
    serverUrl: `file://${server}`,
    work,
    push: (commit, ref) => void work.git('push', '--quiet', '--force', url, `${commit}:${ref}`),
    forget(ref) {
      origin.git('update-ref', '-d', ref);
      origin.git('reflog', 'expire', '--expire=now', '--all');
      origin.git('gc', '--quiet', '--prune=now');
    },
    merge(base, head, number) {
      work.git('checkout', '--quiet', '--detach', base);
      work.git('merge', '--quiet', '--no-ff', '-m', `Merge ${head} into ${base}`, head);
      const commit = work.git('rev-parse', 'HEAD');
      work.git('push', '--quiet', '--force', url, `${commit}:refs/pull/${number}/merge`);
      return commit;
    },
    checkout(commit, ref, depth) {
      const path = mkdtempSync(join(parent, 'workspace-'));
      const run = (...args: string[]): void =>
        void execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
          cwd: path,
          env: gitEnvironment(),
          stdio: 'pipe',
        });
      run('init', '--quiet', '--initial-branch=main', '--template=');
      run('remote', 'add', 'origin', url);
      const local = ref.startsWith('refs/pull/')
        ? ref.replace('refs/pull/', 'refs/remotes/pull/')
        : ref.replace('refs/heads/', 'refs/remotes/origin/');
      if (depth === 0) {
        run('fetch', '--quiet', '--prune', 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
        if (!ref.startsWith('refs/heads/')) run('fetch', '--quiet', 'origin', `+${commit}:${local}`);
      } else run('fetch', '--quiet', '--no-tags', '--prune', `--depth=${depth}`, 'origin', `+${commit}:${local}`);
      run(
        'checkout',
        '--quiet',
        '--force',
        ...(ref.startsWith('refs/heads/') ? ['-B', ref.slice('refs/heads/'.length), local] : [local]),
      );
      return path;
    },
    partial(commit) {
      const path = mkdtempSync(join(parent, 'workspace-'));
      const run = (...args: string[]): void =>
        void execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
          env: gitEnvironment(),
          stdio: 'pipe',
        });
      run('clone', '--quiet', '--filter=blob:none', '--no-checkout', url, path);
      run('-C', path, 'checkout', '--quiet', '--detach', commit);
      return path;
    },
    compare(base, head) {
      const oid = (name: string): string => work.git('rev-parse', `${name}^{commit}`);
      return {
        mergeBase: work.git('merge-base', oid(base), oid(head)),
        aheadBy: Number(work.git('rev-list', '--count', `${oid(base)}..${oid(head)}`)),
      };
    },
  };
}

export interface PullCommits {
  readonly base: string;
  readonly head: string;
  readonly merge: string;
}

/** A pull request, number 7: commits on main, and commits on a branch of it, each as the files that it writes. */
export function hostPull(
  hosted: Hosted,
  main: readonly Readonly<Record<string, string>>[],
  branch: readonly Readonly<Record<string, string>>[],
): PullCommits {
  const { work } = hosted;
  for (const files of main) work.commitFiles(files);
  const base = work.git('rev-parse', 'HEAD');
  hosted.push(base, 'refs/heads/main');
  for (const files of branch) work.commitFiles(files);
  const head = work.git('rev-parse', 'HEAD');
  hosted.push(head, 'refs/pull/7/head');
  return { base, head, merge: hosted.merge(base, head, 7) };
}

/** What a runner knows of a pull request's run, on a checkout as actions/checkout makes it. */
export function pullStep(hosted: Hosted, { base, head, merge }: PullCommits, fork: boolean = false): PullStep {
  return {
    workspace: hosted.checkout(merge, 'refs/pull/7/merge', 1),
    event: 'pull_request',
    payload: payloads.pullRequest(base, head, { fork }),
    sha: merge,
    ref: 'refs/pull/7/merge',
    serverUrl: hosted.serverUrl,
  };
}

export interface PullStep {
  readonly workspace: string;
  readonly event: string;
  readonly payload: object;
  readonly sha: string;
  readonly ref: string;
  readonly serverUrl: string;
}

/** The payload of an event, as far as it says something of commits. */
export const payloads = {
  pullRequest: (
    base: string,
    head: string,
    more: { readonly number?: number; readonly fork?: boolean } = {},
  ): object => ({
    action: 'synchronize',
    number: more.number ?? 7,
    pull_request: {
      number: more.number ?? 7,
      base: { ref: 'main', sha: base, repo: { full_name: 'acme/shop' } },
      head: { ref: 'feature', sha: head, repo: { full_name: more.fork === true ? 'mallory/shop' : 'acme/shop' } },
    },
    repository: { full_name: 'acme/shop', default_branch: 'main' },
  }),
  push: (before: string | undefined, after: string | undefined, ref: string, forced = false): object => ({
    ref,
    before: before ?? '0'.repeat(40),
    after: after ?? '0'.repeat(40),
    created: before === undefined,
    deleted: after === undefined,
    forced,
    commits: [],
    repository: { full_name: 'acme/shop', default_branch: 'main' },
  }),
  mergeGroup: (base: string, head: string): object => ({
    action: 'checks_requested',
    merge_group: {
      base_sha: base,
      head_sha: head,
      base_ref: 'refs/heads/main',
      head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
    },
    repository: { full_name: 'acme/shop', default_branch: 'main' },
  }),
  schedule: (): object => ({ schedule: '0 4 * * *', repository: { full_name: 'acme/shop', default_branch: 'main' } }),
};
