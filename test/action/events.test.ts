/** The built action, as a runner runs it, for every event: what is scanned, whatever the checkout holds. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { hostRepository, payloads, type Hosted } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('action');
afterAll(() => folder.remove());

let github: FakeGithub;
let hosted: Hosted;
/** The base branch: one commit with a credential that no change brought in. */
let base = '';
const old = githubToken('old');

beforeEach(async () => {
  github = await startFakeGithub();
  hosted = hostRepository(folder.path);
  hosted.work.commitFiles({ 'README.md': 'a shop\n', 'old.env': `TOKEN=${old}\n` });
  base = hosted.work.commitFiles({ 'src/app.js': 'start();\n' });
  hosted.push(base, 'refs/heads/main');
});
afterEach(async () => {
  await github.close();
});

/** Lets the fake GitHub tell what lies between two commits. */
async function comparing(...pairs: readonly (readonly [string, string])[]): Promise<void> {
  await github.close();
  github = await startFakeGithub({
    comparisons: Object.fromEntries(pairs.map(([a, b]) => [`${a}...${b}`, hosted.compare(a, b)])),
  });
}

async function run(
  step: Pick<Step, 'workspace' | 'event' | 'payload' | 'sha' | 'ref'> & Partial<Step>,
): Promise<StepResult> {
  return await runStep({ apiUrl: github.url, serverUrl: hosted.serverUrl, token: github.state.token.value, ...step });
}

/** Files that the annotations name, sorted. */
function files({ annotations }: StepResult): readonly string[] {
  return annotations.flatMap(({ file }) => file ?? []).toSorted();
}

describe('a pull request', () => {
  let head = '';
  let merge = '';
  beforeEach(() => {
    hosted.work.git('checkout', '--quiet', '-b', 'feature', 'HEAD~1');
    hosted.work.commitFiles({ 'one.env': `TOKEN=${githubToken('one')}\n` });
    hosted.work.commitFiles({ 'gone.env': `TOKEN=${githubToken('gone')}\n` });
    hosted.work.remove('gone.env');
    head = hosted.work.commit();
    hosted.push(head, 'refs/pull/7/head');
    merge = hosted.merge(base, head, 7);
  });

  test.each([
    { title: 'as actions/checkout makes it', depth: 1, api: true },
    { title: 'of two commits', depth: 2, api: true },
    { title: 'of the whole history', depth: 0, api: true },
    { title: 'as actions/checkout makes it, while the API knows nothing', depth: 1, api: false },
  ])('is scanned by the commits that it brings, in a checkout $title', async ({ depth, api }) => {
    if (api) await comparing([base, head]);
    const result = await run({
      workspace: hosted.checkout(merge, 'refs/pull/7/merge', depth),
      event: 'pull_request',
      payload: payloads.pullRequest(base, head),
      sha: merge,
      ref: 'refs/pull/7/merge',
    });
    expect(result.code).toBe(1);
    expect(result.outputs).toMatchObject({ findings: '2', 'exit-code': '1' });
    expect(files(result)).toEqual(['one.env']);
  });

  test('that merged the base branch into itself brings its own commits alone', async () => {
    hosted.work.git('checkout', '--quiet', '--detach', base);
    for (let i = 0; i < 5; i++) hosted.work.commitFiles({ [`main-${i}.env`]: `TOKEN=${githubToken(`main ${i}`)}\n` });
    const main = hosted.work.git('rev-parse', 'HEAD');
    hosted.push(main, 'refs/heads/main');
    hosted.work.git('checkout', '--quiet', '--detach', head);
    hosted.work.git('merge', '--quiet', '--no-ff', '-m', 'Update branch', main);
    const updated = hosted.work.git('rev-parse', 'HEAD');
    hosted.push(updated, 'refs/pull/7/head');
    const merged = hosted.merge(main, updated, 7);
    await comparing([main, updated]);
    const result = await run({
      workspace: hosted.checkout(merged, 'refs/pull/7/merge', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(main, updated),
      sha: merged,
      ref: 'refs/pull/7/merge',
    });
    expect(result.outputs['findings']).toBe('2');
    expect(files(result)).toEqual(['one.env']);
  });

  test.each([0, 1])('of which the workflow has checked out the base (depth %i) is fetched', async (depth) => {
    await comparing([base, head]);
    const result = await run({
      workspace: hosted.checkout(base, 'refs/heads/main', depth),
      event: 'pull_request_target',
      payload: payloads.pullRequest(base, head, { fork: true }),
      sha: base,
      ref: 'refs/heads/main',
    });
    expect([result.code, result.outputs['findings']]).toEqual([1, '2']);
  });

  test('writes one comment', async () => {
    await comparing([base, head]);
    await run({
      workspace: hosted.checkout(merge, 'refs/pull/7/merge', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(base, head),
      sha: merge,
      ref: 'refs/pull/7/merge',
    });
    expect(github.state.comments.map(({ issue, author }) => [issue, author])).toEqual([[7, 'github-actions[bot]']]);
  });

  test('of which the commits cannot be had is incomplete, and says what to do', async () => {
    const result = await run({
      workspace: hosted.checkout(merge, 'refs/pull/7/merge', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(base, head),
      sha: merge,
      ref: 'refs/pull/7/merge',
      serverUrl: 'file:///nonexistent',
    });
    expect([result.code, result.outputs]).toEqual([2, { findings: '0', 'sarif-file': '', 'exit-code': '2' }]);
    expect(result.annotations).toEqual([expect.objectContaining({ level: 'error' })]);
    expect(result.annotations[0]?.text).toContain('could not be fetched');
    expect(result.annotations[0]?.text).toContain('fetch-depth: 0');
    expect(result.summary).toContain('unleak could not scan');
  });
});

describe('a push', () => {
  let after = '';
  beforeEach(() => {
    hosted.work.git('checkout', '--quiet', '-B', 'main', base);
    hosted.work.commitFiles({ 'one.env': `TOKEN=${githubToken('one')}\n` });
    after = hosted.work.commitFiles({ 'two.env': `TOKEN=${githubToken('two')}\n` });
    hosted.push(after, 'refs/heads/main');
  });

  test.each([0, 1])('is scanned from the commit before it to the one after it (depth %i)', async (depth) => {
    if (depth > 0) await comparing([base, after]);
    const result = await run({
      workspace: hosted.checkout(after, 'refs/heads/main', depth),
      event: 'push',
      payload: payloads.push(base, after, 'refs/heads/main'),
      sha: after,
      ref: 'refs/heads/main',
    });
    expect(files(result)).toEqual(['one.env', 'two.env']);
    expect(result.code).toBe(1);
    // Whoever has the whole history asks nobody.
    expect(github.calls).toEqual(depth === 0 ? [] : ['repos/compare-commits-with-basehead']);
  });

  test('that was forced brings what the commit before it did not have', async () => {
    hosted.work.git('checkout', '--quiet', '--detach', base);
    const forced = hosted.work.commitFiles({ 'forced.env': `TOKEN=${githubToken('forced')}\n` });
    hosted.push(forced, 'refs/heads/main');
    const result = await run({
      workspace: hosted.checkout(forced, 'refs/heads/main', 1),
      event: 'push',
      payload: payloads.push(after, forced, 'refs/heads/main', true),
      sha: forced,
      ref: 'refs/heads/main',
    });
    expect(files(result)).toEqual(['forced.env']);
  });

  test.each([0, 1])(
    'that was forced over commits that are gone brings what the default branch does not have (depth %i)',
    async (depth) => {
      hosted.work.git('checkout', '--quiet', '--detach', base);
      const first = hosted.work.commitFiles({ 'first.env': `TOKEN=${githubToken('first')}\n` });
      hosted.push(first, 'refs/heads/feature');
      hosted.work.git('checkout', '--quiet', '--detach', base);
      const second = hosted.work.commitFiles({ 'second.env': `TOKEN=${githubToken('second')}\n` });
      hosted.push(second, 'refs/heads/feature');
      hosted.forget('refs/heads/none');
      const result = await run({
        workspace: hosted.checkout(second, 'refs/heads/feature', depth),
        event: 'push',
        payload: payloads.push(first, second, 'refs/heads/feature', true),
        sha: second,
        ref: 'refs/heads/feature',
      });
      expect(files(result)).toEqual(['second.env']);
      const notices = result.annotations.filter(({ level }) => level === 'notice');
      expect(notices.map(({ text }) => text).join()).toContain(
        `before this push (${first.slice(0, 10)}) is not there any more`,
      );
    },
  );

  test.each([
    { depth: 0, api: false },
    { depth: 1, api: true },
    { depth: 1, api: false },
  ])('of a new branch brings its own commits (depth $depth, API: $api)', async ({ depth, api }) => {
    hosted.work.git('checkout', '--quiet', '--detach', base);
    const created = hosted.work.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
    hosted.push(created, 'refs/heads/team/new');
    if (api) await comparing(['main', created]);
    const result = await run({
      workspace: hosted.checkout(created, 'refs/heads/team/new', depth),
      event: 'push',
      payload: payloads.push(undefined, created, 'refs/heads/team/new'),
      sha: created,
      ref: 'refs/heads/team/new',
    });
    expect(files(result)).toEqual(['new.env']);
  });

  test.each([0, 1])(
    'of a new branch is scanned although a branch that nobody scanned has it, too (depth %i)',
    async (depth) => {
      hosted.work.git('checkout', '--quiet', '--detach', base);
      const created = hosted.work.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
      hosted.push(created, 'refs/heads/wip');
      hosted.push(created, 'refs/heads/release/1');
      const result = await run({
        workspace: hosted.checkout(created, 'refs/heads/release/1', depth),
        event: 'push',
        payload: payloads.push(undefined, created, 'refs/heads/release/1'),
        sha: created,
        ref: 'refs/heads/release/1',
      });
      expect([result.code, files(result)]).toEqual([1, ['new.env']]);
    },
  );

  test('of a branch that says nothing new ends well', async () => {
    const result = await run({
      workspace: hosted.checkout(base, 'refs/heads/main', 0),
      event: 'push',
      payload: payloads.push(undefined, base, 'refs/heads/same'),
      sha: base,
      ref: 'refs/heads/same',
    });
    expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
  });

  test.each([0, 1])('of the default branch, the first one, brings its whole history (depth %i)', async (depth) => {
    const result = await run({
      workspace: hosted.checkout(after, 'refs/heads/main', depth),
      event: 'push',
      payload: payloads.push(undefined, after, 'refs/heads/main'),
      sha: after,
      ref: 'refs/heads/main',
    });
    expect(files(result)).toEqual(['old.env', 'one.env', 'two.env']);
  });

  test('that deletes a branch has nothing to scan', async () => {
    const result = await run({
      workspace: hosted.checkout(after, 'refs/heads/main', 1),
      event: 'push',
      payload: payloads.push(base, undefined, 'refs/heads/gone'),
      sha: after,
      ref: 'refs/heads/gone',
    });
    expect([result.code, result.outputs]).toEqual([0, { findings: '0', 'sarif-file': '', 'exit-code': '0' }]);
    expect(result.annotations).toEqual([
      expect.objectContaining({ level: 'notice', text: 'nothing to scan: refs/heads/gone was deleted' }),
    ]);
  });

  test.each([0, 1])('of a tag brings the commits that the default branch does not have (depth %i)', async (depth) => {
    hosted.work.git('checkout', '--quiet', '--detach', base);
    const tagged = hosted.work.commitFiles({ 'tagged.env': `TOKEN=${githubToken('tagged')}\n` });
    hosted.work.git('tag', '-a', '-m', 'a release', 'v1', tagged);
    const tag = hosted.work.git('rev-parse', 'v1');
    hosted.push(tag, 'refs/tags/v1');
    if (depth > 0) await comparing(['main', tagged]);
    const result = await run({
      workspace: hosted.checkout(tagged, 'refs/tags/v1', depth),
      event: 'push',
      payload: payloads.push(undefined, tag, 'refs/tags/v1'),
      sha: tagged,
      ref: 'refs/tags/v1',
    });
    expect(files(result)).toEqual(['tagged.env']);
  });
});

test.each([0, 1])('a merge queue is scanned from its base to its head (depth %i)', async (depth) => {
  hosted.work.git('checkout', '--quiet', '--detach', base);
  const head = hosted.work.commitFiles({ 'queued.env': `TOKEN=${githubToken('queued')}\n` });
  const ref = 'refs/heads/gh-readonly-queue/main/pr-7';
  hosted.push(head, ref);
  const result = await run({
    workspace: hosted.checkout(head, ref, depth),
    event: 'merge_group',
    payload: payloads.mergeGroup(base, head),
    sha: head,
    ref,
  });
  expect(files(result)).toEqual(['queued.env']);
});

describe('the whole history', () => {
  const removed = githubToken('removed');
  let head = '';
  beforeEach(() => {
    hosted.work.git('checkout', '--quiet', '-B', 'main', base);
    hosted.work.commitFiles({ 'removed.env': `TOKEN=${removed}\n` });
    hosted.work.remove('removed.env');
    head = hosted.work.commit();
    hosted.push(head, 'refs/heads/main');
    hosted.work.commitFiles({ 'other.env': `TOKEN=${githubToken('other')}\n` });
    hosted.push(hosted.work.git('rev-parse', 'HEAD'), 'refs/heads/other');
  });

  test.each([
    { event: 'schedule', depth: 0 },
    { event: 'schedule', depth: 1 },
    { event: 'workflow_dispatch', depth: 1 },
  ])('is scanned on $event, of every branch (depth $depth)', async ({ event, depth }) => {
    const result = await run({
      workspace: hosted.checkout(head, 'refs/heads/main', depth),
      event,
      payload: payloads.schedule(),
      sha: head,
      ref: 'refs/heads/main',
    });
    expect([result.code, result.outputs['findings']]).toEqual([1, '3']);
    expect(result.summary).toContain('whole history');
  });

  test('is scanned for an event that names no commits, and it is said so', async () => {
    const result = await run({
      workspace: hosted.checkout(head, 'refs/heads/main', 0),
      event: 'issue_comment',
      payload: { action: 'created', issue: { number: 7 } },
      sha: head,
      ref: 'refs/heads/main',
    });
    expect(result.outputs['findings']).toBe('3');
    expect(result.annotations.map(({ text }) => text).join()).toContain('"issue_comment" names no commits');
  });

  test('that cannot be fetched makes the run incomplete, and what is there is scanned', async () => {
    const result = await run({
      workspace: hosted.checkout(head, 'refs/heads/main', 1),
      event: 'schedule',
      payload: payloads.schedule(),
      sha: head,
      ref: 'refs/heads/main',
      serverUrl: 'file:///nonexistent',
      inputs: { 'fail-on': 'none' },
    });
    expect([result.code, result.outputs['findings']]).toEqual([2, '1']);
    const errors = result.annotations.filter(({ level, file }) => level === 'error' && file === undefined);
    expect(errors.map(({ text }) => text).join()).toContain('the checkout is shallow');
    expect(errors.map(({ text }) => text).join()).toContain('fetch-depth: 0');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that is cancelled by %s, fetched or not, ends with 130',
    async (signal) => {
      const result = await run({
        workspace: hosted.checkout(head, 'refs/heads/main', 1),
        event: 'schedule',
        payload: payloads.schedule(),
        sha: head,
        ref: 'refs/heads/main',
        kill: { signal, when: 'does not have the whole history' },
      });
      expect([result.code, result.outputs['exit-code']]).toEqual([130, '130']);
    },
  );

  test('is scanned for a pull request that asks for it', async () => {
    const result = await run({
      workspace: hosted.checkout(head, 'refs/heads/main', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(base, head),
      sha: head,
      ref: 'refs/pull/7/merge',
      inputs: { scan: 'history', comment: 'false' },
    });
    expect(result.outputs['findings']).toBe('3');
  });

  test('is left alone where changes are asked for: what the default branch does not have is scanned', async () => {
    const result = await run({
      workspace: hosted.checkout(hosted.work.git('rev-parse', 'HEAD'), 'refs/heads/other', 1),
      event: 'workflow_dispatch',
      payload: payloads.schedule(),
      sha: hosted.work.git('rev-parse', 'HEAD'),
      ref: 'refs/heads/other',
      inputs: { scan: 'changes' },
    });
    expect(files(result)).toEqual(['other.env']);
  });
});

test('the commits since a base that the workflow names are scanned', async () => {
  hosted.work.git('checkout', '--quiet', '-B', 'main', base);
  hosted.work.commitFiles({ 'one.env': `TOKEN=${githubToken('one')}\n` });
  const second = hosted.work.commitFiles({ 'two.env': `TOKEN=${githubToken('two')}\n` });
  hosted.push(second, 'refs/heads/main');
  hosted.push(hosted.work.git('rev-parse', 'HEAD~1'), 'refs/heads/release');
  for (const [given, depth] of [
    ['HEAD~1', 0],
    ['origin/release', 0],
    ['release', 0],
    ['release', 1],
  ] as const) {
    const result = await run({
      workspace: hosted.checkout(second, 'refs/heads/main', depth),
      event: 'push',
      payload: payloads.push(base, second, 'refs/heads/main'),
      sha: second,
      ref: 'refs/heads/main',
      inputs: { base: given },
    });
    expect([given, files(result)]).toEqual([given, ['two.env']]);
  }
});

test('a branch or tag that goes away has nothing to scan', async () => {
  const result = await run({
    workspace: hosted.checkout(base, 'refs/heads/main', 1),
    event: 'delete',
    payload: { ref: 'gone', ref_type: 'branch' },
    sha: base,
    ref: 'refs/heads/main',
  });
  expect(result.code).toBe(0);
  expect(result.annotations.map(({ text }) => text)).toEqual(['nothing to scan: a branch or tag was deleted']);
});

test('a partial clone is scanned as if it were whole', async () => {
  const workspace = hosted.checkout(base, 'refs/heads/main', 0);
  const partial = hosted.partial(base);
  for (const path of [workspace, partial]) {
    const result = await run({
      workspace: path,
      event: 'schedule',
      payload: payloads.schedule(),
      sha: base,
      ref: 'refs/heads/main',
    });
    expect([result.code, files(result)]).toEqual([1, ['old.env']]);
  }
});
