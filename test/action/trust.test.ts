/** What a pull request may say about its own scan, and what it may not. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { hostPull, hostRepository, payloads, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('trust');
afterAll(() => folder.remove());

let github: FakeGithub;
let hosted: Hosted;
const token = githubToken('trust');
const leak = `TOKEN=${token}\n`;

beforeEach(async () => {
  github = await startFakeGithub();
  hosted = hostRepository(folder.path);
});
afterEach(async () => {
  await github.close();
});

async function scan(commits: PullCommits, more: Partial<Step> = {}): Promise<StepResult> {
  return await runStep({ apiUrl: github.url, token: github.state.token.value, ...pullStep(hosted, commits), ...more });
}

function warnings({ annotations }: StepResult): string {
  return annotations
    .filter(({ file }) => file === undefined)
    .map(({ text }) => text)
    .join('\n');
}

test('its configuration cannot switch the scan off', async () => {
  const commits = hostPull(
    hosted,
    [{ 'unleak.yaml': 'version: 1\n' }],
    [{ 'unleak.yaml': "version: 1\npaths: { exclude: ['**'] }\nfailOn: none\n" }, { 'app.env': leak }],
  );
  const result = await scan(commits);
  expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
  expect(warnings(result)).toContain('changes unleak.yaml: until it is merged, that of the base branch counts');
});

test('the configuration of the base counts, though the checkout does not have it any more', async () => {
  const commits = hostPull(
    hosted,
    [{ 'unleak.yaml': "version: 1\npaths: { exclude: ['samples/**'] }\n" }],
    [{ 'samples/app.env': leak, 'unleak.yaml': 'version: 1\n' }],
  );
  expect((await scan(commits)).code).toBe(0);
});

describe.each([true, false])(
  'of the base, its tip counts, not the commit that the author left it at (API: %s)',
  (api) => {
    /** A pull request that brings `files`, on a branch that began before the base branch changed its own files. */
    async function scanOld(
      old: Readonly<Record<string, string>>,
      now: Readonly<Record<string, string>>,
      brought: Readonly<Record<string, string>>,
      more: Partial<Step> = {},
    ): Promise<StepResult> {
      const { work } = hosted;
      const left = work.commitFiles(old);
      const head = work.commitFiles(brought);
      hosted.push(head, 'refs/pull/7/head');
      work.git('checkout', '--quiet', '--detach', left);
      const base = work.commitFiles(now);
      hosted.push(base, 'refs/heads/main');
      if (api) {
        await github.close();
        github = await startFakeGithub({ comparisons: { [`${base}...${head}`]: hosted.compare(base, head) } });
      }
      return await scan({ base, head, merge: hosted.merge(base, head, 7) }, more);
    }

    test.each(['changes', 'history'])('for a configuration, scan: %s', async (scan) => {
      const result = await scanOld(
        { 'unleak.yaml': "version: 1\npaths: { exclude: ['samples/**'] }\n" },
        { 'unleak.yaml': 'version: 1\n' },
        { 'samples/app.env': leak },
        { inputs: { scan } },
      );
      expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
      // It did not change it.
      expect(warnings(result)).not.toContain('changes unleak.yaml');
    });

    test('for an ignore file', async () => {
      const first = await scan(hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'other.env': leak }]));
      const entry = `${/c1_[a-z0-9]+/.exec(first.raw)?.[0] ?? ''} reason="made up"\n`;
      hosted = hostRepository(folder.path);
      const result = await scanOld(
        { '.unleakignore': entry },
        { '.unleakignore': '# nothing\n' },
        { 'other.env': leak, 'README.md': 'a shop\n' },
      );
      expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
    });

    test('what was accepted since counts', async () => {
      const first = await scan(hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'other.env': leak }]));
      const entry = `${/c1_[a-z0-9]+/.exec(first.raw)?.[0] ?? ''} reason="made up"\n`;
      hosted = hostRepository(folder.path);
      const result = await scanOld({ 'README.md': 'a shop\n' }, { '.unleakignore': entry }, { 'other.env': leak });
      expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
      expect(warnings(result)).not.toContain('suppressed by this change');
    });
  },
);

test('a broken configuration in it breaks nothing', async () => {
  const commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'unleak.yaml': ': not yaml [', 'app.env': leak }]);
  expect((await scan(commits)).code).toBe(1);
});

describe('what it accepts by itself', () => {
  let byComment: PullCommits;
  beforeEach(() => {
    byComment = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': `${leak.trim()} # unleak:allow\n` }]);
  });

  test('in a comment counts, and is listed', async () => {
    const result = await scan(byComment);
    expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
    expect(warnings(result)).toMatch(/suppressed by this change: .* at app\.env:1 \(unleak:allow\)/);
    expect(result.summary).toContain('suppressed by this change');
  });

  test('in a comment does not count with "suppressions: base-only"', async () => {
    const result = await scan(byComment, { inputs: { suppressions: 'base-only' } });
    expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
  });

  test('in an ignore file counts, and is listed; a broken entry does not stop the scan', async () => {
    const first = await scan(hostPull(hosted, [], [{ 'other.env': leak }]));
    const id = /c1_[a-z0-9]+/.exec(first.raw)?.[0] ?? '';
    expect(id).not.toBe('');
    const accepting = hostRepository(folder.path);
    const ignored = hostPull(
      accepting,
      [{ 'README.md': 'a shop\n' }],
      [{ 'other.env': leak, '.unleakignore': `${id} reason="made up"\n` }],
    );
    const step = { apiUrl: github.url, token: github.state.token.value, ...pullStep(accepting, ignored) };
    const accepted = await runStep(step);
    expect([accepted.code, accepted.outputs['findings']]).toEqual([0, '0']);
    expect(warnings(accepted)).toMatch(/suppressed by this change: .* at other\.env:1 \(\.unleakignore of this pull/);
    const refused = await runStep({ ...step, inputs: { suppressions: 'base-only' } });
    expect(refused.outputs['findings']).toBe('1');

    const broken = hostRepository(folder.path);
    const commits = hostPull(
      broken,
      [{ 'README.md': 'a shop\n' }],
      [{ 'other.env': leak, '.unleakignore': 'c1_nonsense until=never\n' }],
    );
    const result = await runStep({ ...step, ...pullStep(broken, commits) });
    expect(result.outputs['findings']).toBe('1');
    expect(warnings(result)).toContain('.unleakignore of this pull request does not count');
  });
});

describe('entries that a pull request adds', () => {
  let entry = '';
  beforeEach(async () => {
    const first = await scan(hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'other.env': leak }]));
    entry = `${/c1_[a-z0-9]+/.exec(first.raw)?.[0] ?? ''} reason="made up"\n`;
    hosted = hostRepository(folder.path);
  });

  test('are listed where the whole history is scanned; comments are not, since they may be older', async () => {
    const commits = hostPull(
      hosted,
      [{ 'README.md': 'a shop\n', 'old.env': `TOKEN=${githubToken('commented')} # unleak:allow\n` }],
      [{ 'other.env': leak, '.unleakignore': entry }],
    );
    const result = await scan(commits, { inputs: { scan: 'history' } });
    expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
    expect(warnings(result)).toMatch(/suppressed by this change: .* at other\.env:1 \(\.unleakignore of this pull/);
    expect(warnings(result)).not.toContain('old.env');
  });

  test.each([
    { config: 'unleak.yaml', file: 'security/accepted', inputs: {} },
    { config: 'ci/unleak.yaml', file: '../security/accepted', inputs: { config: 'ci/unleak.yaml' } },
  ])('count in the file that $config of the base names, and in no other', async ({ config, file, inputs }) => {
    const base = { [config]: `version: 1\nignore: { file: ${file} }\n`, 'security/accepted': '# nothing\n' };
    const accepted = await scan(hostPull(hosted, [base], [{ 'other.env': leak, 'security/accepted': entry }]), {
      inputs,
    });
    expect([accepted.code, accepted.outputs['findings']]).toEqual([0, '0']);
    expect(warnings(accepted)).toContain('(security/accepted of this pull request:1)');

    hosted = hostRepository(folder.path);
    const refused = await scan(hostPull(hosted, [base], [{ 'other.env': leak, '.unleakignore': entry }]), { inputs });
    expect([refused.code, refused.outputs['findings']]).toEqual([1, '1']);
  });
});

test('a file that an input names is read from the base', async () => {
  const commits = hostPull(
    hosted,
    [{ 'ci/unleak.yaml': 'version: 1\n' }],
    [{ 'ci/unleak.yaml': "version: 1\npaths: { exclude: ['**'] }\n", 'app.env': leak }],
  );
  const result = await scan(commits, { inputs: { config: 'ci/unleak.yaml' } });
  expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
});

test('a file that an input names and that is new in it counts, and is told, but not where the workflow is that of the base', async () => {
  const commits = hostPull(
    hosted,
    [{ 'README.md': 'a shop\n' }],
    [{ 'ci/unleak.yaml': "version: 1\npaths: { exclude: ['**'] }\n", 'app.env': leak }],
  );
  const own = await scan(commits, { inputs: { config: 'ci/unleak.yaml' } });
  expect([own.code, own.outputs['findings']]).toEqual([0, '0']);
  expect(warnings(own)).toContain('ci/unleak.yaml is new in this pull request');
  const others = await scan(commits, { event: 'pull_request_target', inputs: { config: 'ci/unleak.yaml' } });
  expect(others.code).toBe(2);
  expect(warnings(others)).toContain('there is no file');
});

test('an input that names another commit as base does not make the configuration of that commit count', async () => {
  const commits = hostPull(
    hosted,
    [{ 'unleak.yaml': 'version: 1\n' }],
    [{ 'unleak.yaml': "version: 1\npaths: { exclude: ['**'] }\n" }, { 'app.env': leak }],
  );
  const within = hosted.work.git('rev-parse', `${commits.head}^`);
  const result = await scan(commits, { inputs: { base: within } });
  expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
});

test('a link in the place of a configuration is not followed', async () => {
  hosted.work.link('unleak.yaml', '/etc/passwd');
  const commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': leak }]);
  const result = await scan(commits);
  expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
});

test.each(['main', 'new'])('on a push (to %s), the configuration of the pushed commit counts', async (branch) => {
  const { work } = hosted;
  const before = work.commitFiles({ 'README.md': 'a shop\n' });
  hosted.push(before, 'refs/heads/main');
  const after = work.commitFiles({
    'unleak.yaml': "version: 1\npaths: { exclude: ['samples/**'] }\n",
    'samples/app.env': leak,
  });
  const ref = `refs/heads/${branch}`;
  hosted.push(after, ref);
  const result = await runStep({
    workspace: hosted.checkout(after, ref, 1),
    event: 'push',
    payload: payloads.push(branch === 'main' ? before : undefined, after, ref),
    sha: after,
    ref,
    apiUrl: github.url,
    serverUrl: hosted.serverUrl,
    token: github.state.token.value,
  });
  expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
});
