import { expect, test } from 'vitest';
import { readEvent } from '../event.ts';
import type { Context, Plan } from '../types.ts';
import { planFor } from './plan.ts';

const [base, head, sha] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const zeros = '0'.repeat(40);

function context(ref: string): Context {
  return {
    repository: { owner: 'acme', name: 'shop' },
    apiUrl: '',
    serverUrl: '',
    workspace: '/',
    event: '',
    sha,
    ref,
    workflow: '',
    job: '',
    runId: '',
    runAttempt: '',
    token: undefined,
  };
}

const nothing = { scan: undefined, base: undefined };

function plan(
  name: string,
  payload: object,
  ref = 'refs/heads/main',
  inputs: Parameters<typeof planFor>[2] = nothing,
): Plan {
  return planFor(readEvent(name, JSON.stringify(payload)), context(ref), inputs).plan;
}

const pull = {
  number: 7,
  base: { sha: base, repo: { full_name: 'acme/shop' } },
  head: { sha: head, repo: { full_name: 'acme/shop' } },
};

test.each(['pull_request', 'pull_request_target', 'pull_request_review'])(
  '%s: the commits of the pull request',
  (name) => {
    expect(plan(name, { pull_request: pull })).toEqual({
      scan: 'changes',
      base,
      head,
      pullRequest: { number: 7, baseSha: base, headSha: head, fork: false },
    });
  },
);

test.each([{ full_name: 'mallory/shop' }, null])('a head in %j is that of a fork', (repo) => {
  const found = plan('pull_request', { pull_request: { ...pull, head: { sha: head, repo } } });
  expect(found).toMatchObject({ pullRequest: { fork: true } });
});

test.each<[string, string, object, string, Partial<Plan>]>([
  ['a push', 'push', { before: base, after: head }, 'refs/heads/main', { base, head }],
  ['a new branch', 'push', { before: zeros, after: head }, 'refs/heads/new', { base: undefined, head }],
  ['a tag', 'push', { before: zeros, after: head }, 'refs/tags/v1', { base: undefined, head: sha }],
  ['a tag that moved', 'push', { before: base, after: head }, 'refs/tags/v1', { base: undefined, head: sha }],
  ['a merge queue', 'merge_group', { merge_group: { base_sha: base, head_sha: head } }, 'refs/heads/q', { base, head }],
  [
    'a new branch, told by the event create',
    'create',
    { ref: 'new' },
    'refs/heads/new',
    { base: undefined, head: sha },
  ],
])('%s', (_title, name, payload, ref, expected) => {
  expect(plan(name, payload, ref)).toEqual({ scan: 'changes', pullRequest: undefined, ...expected });
});

test.each(['schedule', 'workflow_dispatch', 'release'])('%s: the whole history, and nothing more to say', (name) => {
  expect(planFor(readEvent(name, '{}'), context('refs/heads/main'), nothing)).toEqual({
    plan: { scan: 'history' },
    notices: [],
  });
});

test('an event that is not known here: the whole history, and it is said', () => {
  const { plan: found, notices } = planFor(readEvent('discussion', '{}'), context('refs/heads/main'), nothing);
  expect(found).toEqual({ scan: 'history' });
  expect(notices.map(({ level, text }) => `${level}: ${text}`)).toEqual([
    expect.stringContaining('notice: the event "discussion" names no commits'),
  ]);
});

test('what goes away is nothing to scan, whatever is asked for', () => {
  const inputs = { scan: 'history', base: undefined } as const;
  expect(plan('push', { before: base, after: zeros }, 'refs/heads/x', inputs).scan).toBe('nothing');
  expect(plan('delete', { ref: 'x' }, 'refs/heads/main', inputs).scan).toBe('nothing');
});

test('inputs go before the event', () => {
  expect(plan('pull_request', { pull_request: pull }, 'r', { scan: 'history', base: undefined })).toEqual({
    scan: 'history',
  });
  expect(plan('pull_request', { pull_request: pull }, 'r', { scan: undefined, base: 'v1' })).toMatchObject({
    base: 'v1',
    head,
  });
  expect(plan('schedule', {}, 'r', { scan: 'changes', base: undefined })).toMatchObject({ base: undefined, head: sha });
  expect(plan('schedule', {}, 'r', { scan: undefined, base: 'v1' })).toMatchObject({
    scan: 'changes',
    base: 'v1',
    head: sha,
  });
});
