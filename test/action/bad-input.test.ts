/** What goes wrong around a run: each is told in one line, and the exit code is right. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InputName } from '../../packages/github-action/src/input-table.ts';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { forkToken, workflowToken, type FakeState } from '../fakes/github/state.ts';
import { hostPull, hostRepository, payloads, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('bad-input');
afterAll(() => folder.remove());

let github: FakeGithub;
let hosted: Hosted;
let commits: PullCommits;
beforeEach(async () => {
  hosted = hostRepository(folder.path);
  commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': `TOKEN=${githubToken('bad input')}\n` }]);
  github = await startFakeGithub();
});
afterEach(async () => {
  await github.close();
});

async function restart(state: Partial<FakeState>): Promise<void> {
  await github.close();
  github = await startFakeGithub(state);
}

async function scan(more: Partial<Step> = {}): Promise<StepResult> {
  return await runStep({ apiUrl: github.url, token: github.state.token.value, ...pullStep(hosted, commits), ...more });
}

/** What is told of the run itself, by level. */
function told({ annotations }: StepResult): readonly string[] {
  return annotations.flatMap(({ level, text, file, title }) =>
    file === undefined && title === 'unleak' ? [`${level}: ${text}`] : [],
  );
}

describe('the result of the scan stays what it is', () => {
  const found = { findings: '1', 'exit-code': '1' };

  test('without a token', async () => {
    const result = await scan({ token: '' });
    expect([result.code, result.outputs]).toEqual([1, expect.objectContaining(found)]);
    expect(told(result).join('\n')).toContain('there is no token (input "token")');
  });

  test('with a token that may not comment and upload: both permissions are named', async () => {
    await restart({ token: workflowToken({ pullRequests: 'none', securityEvents: 'none' }) });
    const result = await scan({ inputs: { 'upload-sarif': 'true' } });
    expect([result.code, result.outputs]).toEqual([1, expect.objectContaining(found)]);
    expect(told(result).join('\n')).toContain('"pull-requests: write"');
    expect(told(result).join('\n')).toContain('"security-events: write"');
  });

  test('with the token of a fork: one notice, and the summary has it all', async () => {
    await restart({ token: forkToken() });
    const result = await scan(pullStep(hosted, commits, true));
    expect([result.code, result.outputs]).toEqual([1, expect.objectContaining(found)]);
    expect(told(result)).toEqual([expect.stringMatching(/^warning: could not comment .* comes from a fork/)]);
    expect(result.summary).toContain('app');
  });

  test('with an API that is down', async () => {
    const result = await scan({ apiUrl: 'http://127.0.0.1:9' });
    expect([result.code, result.outputs]).toEqual([1, expect.objectContaining(found)]);
    expect(told(result).join('\n')).toContain('comment');
  });

  test('with a service for artifacts that is not there', async () => {
    const result = await scan({ inputs: { artifact: 'leaks' } });
    expect([result.code, result.outputs]).toEqual([1, expect.objectContaining(found)]);
    expect(told(result).join('\n')).toContain('could not upload the artifact');
  });

  test('with an API that answers nonsense', async () => {
    await restart({ faults: [{ operation: '*', kind: 'garbage', times: 100 }] });
    const result = await scan();
    expect([result.code, result.outputs]).toEqual([1, expect.objectContaining(found)]);
  });
});

test.each<{ name: InputName; value: string; allowed: string }>([
  { name: 'scan', value: 'everything', allowed: 'it must be changes or history' },
  { name: 'fail-on', value: 'critical', allowed: 'it must be low, medium, high, present or none' },
  { name: 'suppressions', value: 'none', allowed: 'it must be all or base-only' },
  { name: 'comment', value: 'maybe', allowed: 'it must be true or false' },
  { name: 'workers', value: '0', allowed: 'it must be a whole number from 1 to 64' },
  { name: 'workers', value: 'many', allowed: 'it must be a whole number from 1 to 64' },
  { name: 'artifact', value: 'a/b', allowed: 'names of artifacts hold none of' },
])('the input $name cannot be "$value"', async ({ name, value, allowed }) => {
  const result = await scan({ inputs: { [name]: value } });
  expect(result.code).toBe(2);
  expect(told(result)).toEqual([expect.stringMatching(`^error: input "${name}" is "${value}": ${allowed}`)]);
  expect(result.outputs['exit-code']).toBe('2');
  expect(result.summary).toContain('could not scan');
});

test('an input that is no command to the runner either', async () => {
  const result = await scan({ inputs: { scan: 'x\n::add-mask::unleak\n##[error]x' } });
  expect([result.code, result.masks, result.otherCommands, told(result).length]).toEqual([2, [], [], 1]);
});

test.each<{ title: string; more: Partial<Step>; said: string }>([
  { title: 'no checkout', more: {}, said: 'put "uses: actions/checkout" before this step' },
  { title: 'a payload that is no JSON', more: { payload: '{"pull_request":' }, said: 'is no JSON' },
  {
    title: 'a payload without commits',
    more: { payload: { pull_request: { number: 7, base: {}, head: {} } } },
    said: '"pull_request.base.sha" is missing or malformed',
  },
  {
    title: 'a payload whose commit is an option of git',
    more: { payload: payloads.pullRequest('--upload-pack=touch /tmp/x', '-x') },
    said: '"pull_request.base.sha" is missing or malformed',
  },
  {
    title: 'a push without commits in its payload',
    more: { event: 'push', ref: 'refs/heads/main', payload: {} },
    said: '"before" is missing or malformed',
  },
  { title: 'no payload', more: { env: { GITHUB_EVENT_PATH: '/nonexistent' } }, said: 'GITHUB_EVENT_PATH names' },
  { title: 'no runner', more: { env: { GITHUB_REPOSITORY: undefined } }, said: 'GITHUB_REPOSITORY is not set' },
  { title: 'a file that is not there', more: { inputs: { config: 'nowhere.yaml' } }, said: 'there is no file' },
  { title: 'a base that nobody knows', more: { inputs: { base: 'nowhere' } }, said: 'could not be fetched' },
])('$title is an error of one line', async ({ title, more, said }) => {
  const empty = join(folder.path, 'empty');
  mkdirSync(empty, { recursive: true });
  const result = await scan({ ...(title === 'no checkout' ? { workspace: empty } : {}), ...more });
  expect(result.code).toBe(2);
  expect(told(result)).toEqual([expect.stringContaining(said)]);
  expect(result.log).not.toMatch(/^\s+at /m);
});

test.skipIf(!existsSync('/dev/full'))('a log that takes nothing: exit code 2, not that of findings', async () => {
  const log = openSync('/dev/full', 'w');
  const main = join(import.meta.dirname, '../../packages/github-action/dist/main.cjs');
  const { status, stderr } = spawnSync(process.execPath, [main], {
    env: { PATH: process.env['PATH'], HOME: folder.path },
    stdio: ['ignore', log, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(log);
  expect([status, stderr.trimEnd().split('\n')]).toEqual([2, [expect.stringMatching(/^unleak: .*ENOSPC/)]]);
});

test('a pull request without commits ends well', async () => {
  const result = await scan({ payload: payloads.pullRequest(commits.base, commits.base) });
  expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
  expect(result.log).toContain('there are no new commits');
});

test('a run that is cancelled ends with 130, and says that it is partial', async () => {
  const result = await scan({ kill: { signal: 'SIGINT', when: 'scanning' } });
  expect([result.code, result.outputs['exit-code']]).toEqual([130, '130']);
  expect(github.state.comments).toEqual([]);
});

test('names of files, and messages, are no commands and no markup', async () => {
  const names = ['::add-mask::a.env', '##[add-mask]b.env', '<script>c.env', '![d](e).env', 'f\u001b[2J.env'];
  const other = hostRepository(folder.path);
  const pull = hostPull(
    other,
    [{ 'README.md': 'a shop\n' }],
    [Object.fromEntries(names.map((name, i) => [name, `TOKEN=${githubToken(`name ${i}`)}\n`]))],
  );
  const result = await scan(pullStep(other, pull));
  expect(result.outputs['findings']).toBe(String(names.length));
  expect(result.otherCommands).toEqual([]);
  expect(result.masks.every((mask) => mask.startsWith('ghp_'))).toBe(true);
  expect(result.summary).not.toContain('<script>');
  expect(result.summary).not.toContain('![d](e)');
  expect(result.raw).not.toContain('\u001b');
});
