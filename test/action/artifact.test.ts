/** The built action hands its SARIF file to the service that keeps artifacts, and to nobody else. */
import { inflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeArtifacts, type FakeArtifacts } from '../fakes/artifacts.ts';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { traces } from '../support/canary.ts';
import { hostPull, hostRepository, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('action-artifact');
afterAll(() => folder.remove());

const secret = githubToken('artifact');

let github: FakeGithub;
let service: FakeArtifacts;
let hosted: Hosted;
let commits: PullCommits;
beforeEach(async () => {
  github = await startFakeGithub();
  hosted = hostRepository(folder.path);
  commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': `TOKEN=${secret}\n` }]);
});
afterEach(async () => {
  await github.close();
  await service.close();
});

async function scan(more: Partial<Step>): Promise<StepResult> {
  // The library works for GitHub's own servers alone, and takes this name for one of them. Nothing has to be fetched from it.
  const { GITHUB_SERVER_URL: _server, ...env } = service.env;
  return await runStep({
    apiUrl: github.url,
    token: github.state.token.value,
    ...pullStep(hosted, commits),
    serverUrl: 'http://shop.localhost:9',
    workspace: hosted.checkout(commits.merge, 'refs/pull/7/merge', 0),
    ...more,
    env: { ...env, ...more.env },
  });
}

/** The one file of an archive: its sizes stand in the directory at its end. */
function unpacked(archive: Buffer): { readonly name: string; readonly text: string } {
  const directory = archive.readUInt32LE(archive.lastIndexOf(Buffer.from('PK\u0005\u0006')) + 16);
  const size = archive.readUInt32LE(directory + 20);
  const length = archive.readUInt16LE(26);
  const start = 30 + length + archive.readUInt16LE(28);
  return {
    name: archive.toString('utf8', 30, 30 + length),
    text: inflateRawSync(archive.subarray(start, start + size)).toString('utf8'),
  };
}

test.each([
  { title: 'ours', more: { inputs: { artifact: 'leaks' } }, name: 'leaks', file: 'unleak.sarif' },
  {
    title: 'that of gitleaks-action',
    more: { env: { GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'true' } },
    name: 'gitleaks-results.sarif',
    file: 'results.sarif',
  },
])('the name is $title', async ({ more, name, file }) => {
  service = await startFakeArtifacts();
  const result = await scan(more);
  expect(result.code, result.log).toBe(1);
  expect([...service.artifacts.keys()]).toEqual([name]);
  const archived = unpacked(service.artifacts.get(name)!);
  expect(archived.name).toBe(file);
  expect(archived.text).toContain('c1_');
  expect(traces(Buffer.from(archived.text), [secret])).toEqual([]);
});

test('a service that refuses is a warning, and the result is the same', async () => {
  service = await startFakeArtifacts({ refuse: true });
  const result = await scan({ inputs: { artifact: 'leaks' } });
  expect(result.code).toBe(1);
  const warnings = result.annotations.filter(({ level }) => level === 'warning').map(({ text }) => text);
  // The library has a warning of its own.
  expect(warnings.at(-1)).toMatch(/^could not upload the artifact: [^\n]*403/);
  expect(result.summary).toContain('could not upload the artifact');
});
