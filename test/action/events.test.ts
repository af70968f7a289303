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
});
