import { afterEach, describe, expect, it } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../../../../test/fakes/github/server.ts';
import {
  forkToken,
  storedComment,
  workflowToken,
  type FakeState,
  type Fault,
} from '../../../../test/fakes/github/state.ts';
import { createGithub, type Github, type Patience } from './client.ts';
import { GithubError } from './error.ts';

const repository = { owner: 'acme', name: 'shop' };
const head = 'a'.repeat(40);
const base = 'b'.repeat(40);
const merge = 'c'.repeat(40);

let fake: FakeGithub | undefined;
let lines: string[] = [];
afterEach(async () => {
  await fake?.close();
  fake = undefined;
  lines = [];
});

interface Started {
  readonly github: Github;
  readonly fake: FakeGithub;
}

/** Tries again at once, so that no test waits. */
async function start(
  state: Partial<FakeState> = {},
  patience: Partial<Patience> = {},
  token?: string,
): Promise<Started> {
  fake = await startFakeGithub({ comparisons: { [`${base}...${head}`]: { mergeBase: merge, aheadBy: 1 } }, ...state });
  const github = createGithub({
    apiUrl: fake.url,
    token: token ?? fake.state.token.value,
    log: (line) => lines.push(line),
    patience: { pause: 1, request: 20_000, ...patience },
  });
  return { github, fake };
}

async function failure(run: Promise<unknown>): Promise<GithubError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof GithubError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function fault(kind: Fault['kind'], operation = 'repos/get', times = 100): Partial<FakeState> {
  return { faults: [{ operation, kind, times }] };
}

describe('what is asked for', () => {
  it('finds the merge base and the default branch', async () => {
    const { github } = await start();
    expect(await github.compare(repository, base, head)).toEqual({ mergeBase: merge, aheadBy: 1 });
    expect(await github.defaultBranch(repository)).toBe('main');
    expect(await github.login()).toBe('github-actions[bot]');
  });

  it('reads all comments, page by page', async () => {
    const comments = Array.from({ length: 250 }, (_, at) => storedComment({ id: at + 1 }));
    const { github, fake } = await start({ comments });
    const read = await github.comments(repository, 7);
    expect(read.map(({ id }) => id)).toEqual(comments.map(({ id }) => id));
    expect(read[249]).toEqual({ id: 250, body: 'comment 250', author: 'octocat' });
    expect(fake.calls).toHaveLength(3);
  });

  it('writes and changes a comment', async () => {
    const { github, fake } = await start();
    const made = await github.createComment(repository, 7, 'hello');
    expect(made).toEqual({ id: 1, body: 'hello', author: 'github-actions[bot]' });
    await github.updateComment(repository, made.id, 'hello again');
    expect(fake.state.comments).toEqual([
      { id: 1, issue: 7, body: 'hello again', author: 'github-actions[bot]', updates: 1 },
    ]);
  });

  it('uploads SARIF packed, for a ref and a commit', async () => {
    const { github, fake } = await start();
    const sarif = JSON.stringify({ runs: [{ tool: { driver: {} }, results: [] }] });
    const ref = 'refs/pull/7/head';
    expect(await github.uploadSarif(repository, { sarif, ref, commit: head, toolName: 'unleak' })).toBe('sarif-1');
    expect(fake.state.sarifs).toEqual([{ ref, commit: head, tool: 'unleak', sarif }]);
  });
});

describe('what may not be', () => {
  const calls: readonly (readonly [string, string, (github: Github) => Promise<unknown>])[] = [
    ['comments', 'pull-requests: write', (github) => github.comments(repository, 7)],
    ['createComment', 'pull-requests: write', (github) => github.createComment(repository, 7, 'x')],
    ['updateComment', 'pull-requests: write', (github) => github.updateComment(repository, 1, 'x')],
    [
      'uploadSarif',
      'security-events: write',
      (github) =>
        github.uploadSarif(repository, { sarif: '{"runs":[]}', ref: 'refs/heads/main', commit: head, toolName: 'x' }),
    ],
    ['compare', 'contents: read', (github) => github.compare(repository, base, head)],
  ];

  it.each(calls)('%s names the permission that is missing: %s', async (_name, permission, call) => {
    const none = { contents: 'none', pullRequests: 'none', securityEvents: 'none' } as const;
    const { github } = await start({ token: workflowToken(none) });
    const error = await failure(call(github));
    expect(error.code).toBe('permission');
    expect(error.permission).toBe(permission);
    expect(error.message).toContain(`"${permission}"`);
  });

  it('says that code scanning is off, instead of naming a permission that is there', async () => {
    const { github } = await start({ codeScanning: false });
    const upload = { sarif: '{"runs":[]}', ref: 'refs/heads/main', commit: head, toolName: 'x' };
    const error = await failure(github.uploadSarif(repository, upload));
    expect(error.code).toBe('permission');
    expect(error.permission).toBeUndefined();
    expect(error.message).toContain('not enabled for this repository');
  });

  it('says in GitHub’s words what no permission helps against', async () => {
    const { github } = await start(fault(403));
    const error = await failure(github.defaultBranch(repository));
    expect(error.message).toBe(
      'cannot ask GitHub for the default branch: GitHub forbids it (403): status 403 - https://docs.github.com/rest',
    );
    expect(error.permission).toBeUndefined();
  });

  it("lets a fork's token read, and not write", async () => {
    const { github } = await start({ token: forkToken(), comments: [storedComment({ id: 3 })] });
    expect(await github.comments(repository, 7)).toHaveLength(1);
    expect((await failure(github.createComment(repository, 7, 'x'))).permission).toBe('pull-requests: write');
  });

  it('says that the token is not accepted, and never the token', async () => {
    const secret = ['some', 'token', 'that', 'is', 'wrong'].join('-');
    const { github } = await start({}, {}, secret);
    const error = await failure(github.defaultBranch(repository));
    expect(error.code).toBe('permission');
    expect(error.message).toContain('does not accept the token');
    expect([error.message, error.stack, ...lines].join('\n')).not.toContain(secret);
  });

  it('makes no call without a token', async () => {
    const { github, fake } = await start({}, {}, '');
    expect((await failure(github.defaultBranch(repository))).code).toBe('no-token');
    expect(fake.calls).toEqual([]);
  });

  it('tells what is not there from what is refused', async () => {
    const { github } = await start();
    expect((await failure(github.comments(repository, 8))).code).toBe('not-found');
    expect((await failure(github.compare(repository, head, base))).code).toBe('not-found');
    const long = await failure(github.createComment(repository, 7, 'x'.repeat(65_537)));
    expect(long.code).toBe('invalid');
    expect(long.message).toContain('too long');
  });
});

describe('what goes wrong', () => {
  it('tries again after an error of the server, and gives up after two times', async () => {
    const { github, fake } = await start(fault(502, 'repos/get', 2));
    expect(await github.defaultBranch(repository)).toBe('main');
    expect(fake.calls).toHaveLength(3);
  });

  it.each([
    [500, 'unreachable'],
    ['drop', 'unreachable'],
    ['garbage', 'unreachable'],
    [410, 'invalid'],
  ] as const)('%s is told as %s, on one line', async (kind, code) => {
    const { github, fake } = await start(fault(kind));
    const error = await failure(github.defaultBranch(repository));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^cannot ask GitHub for the default branch: [^\n]+$/);
    expect(fake.calls.length).toBeLessThanOrEqual(3);
  });

  it('does not wait for an answer for ever', async () => {
    const { github, fake } = await start(fault('hang'), { request: 200, retries: 1 });
    const error = await failure(github.defaultBranch(repository));
    expect(error.code).toBe('unreachable');
    expect(fake.calls).toHaveLength(2);
  });

  it('says so when nobody is there', async () => {
    const { github, fake } = await start();
    await fake.close();
    expect((await failure(github.defaultBranch(repository))).code).toBe('unreachable');
  });

  it('waits as long as a secondary rate limit asks for', async () => {
    const { github, fake } = await start(fault('secondary', 'repos/get', 1));
    expect(await github.defaultBranch(repository)).toBe('main');
    expect(fake.calls).toHaveLength(2);
    expect(lines).toContain('GitHub asks to wait for 1 s: waiting');
  });

  it.each(['secondary', 'primary'] as const)('does not wait longer than is sensible: %s limit', async (kind) => {
    const { github, fake } = await start({ faults: [{ operation: '*', kind, times: 100, retryAfter: 3600 }] });
    const error = await failure(github.defaultBranch(repository));
    expect(error.code).toBe('rate-limited');
    expect(error.message).toMatch(kind === 'primary' ? /until \d\d:\d\d UTC/ : /no more calls for now$/);
    expect(fake.calls).toHaveLength(1);
  });

  it('gives up when the limit stays', async () => {
    const { github, fake } = await start(fault('secondary'));
    expect((await failure(github.defaultBranch(repository))).code).toBe('rate-limited');
    expect(fake.calls).toHaveLength(3);
  });

  it('takes the token to no other host', async () => {
    const { github } = await start(fault('redirect'));
    const error = await failure(github.defaultBranch(repository));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain('another host');
  });

  it('follows a repository that was renamed, with what was to be sent', async () => {
    const { github, fake } = await start({ faults: [{ operation: 'issues/create-comment', kind: 'moved', times: 1 }] });
    await github.createComment(repository, 7, 'hello');
    expect(fake.state.comments.map(({ body }) => body)).toEqual(['hello']);
  });

  it('does not go in circles', async () => {
    const { github, fake } = await start(
      { faults: [{ operation: 'repos/get', kind: 'moved', times: 100 }] },
      { retries: 0 },
    );
    expect((await failure(github.defaultBranch(repository))).message).toContain('redirects too often');
    expect(fake.calls).toHaveLength(4);
  });

  it('takes no address that is none', () => {
    expect(() => createGithub({ apiUrl: 'not an address', token: 'x', log: () => {} })).toThrow(GithubError);
  });
});
