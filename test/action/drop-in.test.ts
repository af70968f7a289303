/** A workflow that was written for gitleaks-action, with nothing changed but the line `uses:`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { hostPull, hostRepository, payloads, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { parseAs } from '../support/json.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('drop-in');
afterAll(() => folder.remove());

let github: FakeGithub;
let hosted: Hosted;
let commits: PullCommits;
const leak = `TOKEN=${githubToken('drop-in')}\n`;

beforeEach(async () => {
  github = await startFakeGithub();
  hosted = hostRepository(folder.path);
  commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': leak }]);
});
afterEach(async () => {
  await github.close();
});

/** As its README shows the step: the token in the environment. */
async function scan(env: Step['env'], more: Partial<Step> = {}): Promise<StepResult> {
  return await runStep({
    apiUrl: github.url,
    ...pullStep(hosted, commits),
    env: { GITHUB_TOKEN: github.state.token.value, ...env },
    ...more,
  });
}

test('the token in the environment serves', async () => {
  const result = await scan({});
  expect([result.code, github.state.comments.length]).toEqual([1, 1]);
});

test('the report is in the words of gitleaks, under the name that its artifact has', async () => {
  const result = await scan({ GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'true', GITLEAKS_NOTIFY_USER_LIST: '@octocat' });
  const file = result.outputs['sarif-file'] ?? '';
  expect(file).toBe(join(result.temp, 'results.sarif'));
  const { runs } = parseAs<{
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly name: string } };
      readonly results: readonly { readonly ruleId: string; readonly partialFingerprints: object }[];
    }[];
  }>(readFileSync(file, 'utf8'));
  expect(runs[0]?.tool.driver.name).toBe('gitleaks');
  expect(runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['github-pat']);
  expect(runs[0]?.results[0]?.partialFingerprints).toMatchObject({ commitSha: commits.head });
  const [comment] = github.state.comments;
  expect(comment?.body).toContain('@octocat');
  expect(comment?.body).toContain('.gitleaksignore');
  expect(comment?.body).toContain(`${commits.head}:app`);
});

test('what it switches off is off', async () => {
  const result = await scan({
    GITLEAKS_ENABLE_COMMENTS: 'false',
    GITLEAKS_ENABLE_SUMMARY: 'false',
    GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'false',
  });
  expect([result.code, github.state.comments, result.summary, result.outputs['sarif-file']]).toEqual([1, [], '', '']);
});

test('license and version have no effect, which is said without the license', async () => {
  const license = ['LICENSE', 'KEY', '4711'].join('-');
  const result = await scan({ GITLEAKS_LICENSE: license, GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'false' });
  expect(result.annotations.map(({ text }) => text).join('\n')).toContain('GITLEAKS_LICENSE has no effect');
  expect(result.raw + result.summary).not.toContain(license);
});

test('GITLEAKS_CONFIG, and lines of .gitleaksignore, count', async () => {
  const toml = '[extend]\nuseDefault = true\n[allowlist]\npaths = ["samples/"]\n';
  const configured = hostRepository(folder.path);
  const pull = hostPull(configured, [{ 'ci/gitleaks.toml': toml }], [{ 'samples/app.env': leak }]);
  const env = { GITLEAKS_CONFIG: 'ci/gitleaks.toml', GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'false' };
  expect((await scan(env, pullStep(configured, pull))).code).toBe(0);

  const { work } = hosted;
  work.git('checkout', '--quiet', '--detach', commits.head);
  const head = work.commitFiles({ '.gitleaksignore': `${commits.head}:app.env:github-pat:1\n` });
  hosted.push(head, 'refs/pull/7/head');
  const ignored = { ...commits, head, merge: hosted.merge(commits.base, head, 7) };
  expect((await scan({}, pullStep(hosted, ignored))).code).toBe(0);
});

test('BASE_REF is the first commit that is scanned', async () => {
  const { work } = hosted;
  work.git('checkout', '--quiet', '--detach', commits.head);
  const second = work.commitFiles({ 'second.env': `TOKEN=${githubToken('second')}\n` });
  const third = work.commitFiles({ 'third.env': `TOKEN=${githubToken('third')}\n` });
  hosted.push(third, 'refs/heads/main');
  const result = await scan(
    { BASE_REF: second, GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'false' },
    {
      workspace: hosted.checkout(third, 'refs/heads/main', 0),
      event: 'push',
      payload: payloads.push(commits.base, third, 'refs/heads/main'),
      sha: third,
      ref: 'refs/heads/main',
    },
  );
  expect(result.annotations.flatMap(({ file }) => file ?? []).toSorted()).toEqual(['second.env', 'third.env']);
});
