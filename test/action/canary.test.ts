/** Nothing that was found is in clear in anything that the action writes, whatever it is asked to write. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, inflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeArtifacts } from '../fakes/artifacts.ts';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { traces } from '../support/canary.ts';
import { hostPull, hostRepository, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { databaseUrl, githubToken, privateKey } from '../support/tokens.ts';

const folder = makeTempDir('action-canary');
afterAll(() => folder.remove());

const token = githubToken('canary');
const { url, password } = databaseUrl('canary');
const key = privateKey('canary');
/** In a message, a removed file, a line that is accepted. */
const others = [githubToken('message'), githubToken('gone'), githubToken('accepted')];
const [inMessage = '', gone = '', accepted = ''] = others;
const keyLines = key.split('\n').slice(1, -2);
const secrets = [token, password, ...keyLines, ...others];

let github: FakeGithub;
let hosted: Hosted;
let commits: PullCommits;
beforeEach(async () => {
  github = await startFakeGithub();
  hosted = hostRepository(folder.path);
  const { work } = hosted;
  const base = work.commitFiles({ 'README.md': 'a shop\n' });
  hosted.push(base, 'refs/heads/main');
  work.commitFiles({ 'gone.env': `TOKEN=${gone}\n` });
  work.remove('gone.env');
  work.commit({ message: `use ${inMessage}` });
  commits = hostPull(
    hosted,
    [],
    [
      {
        'app.env': `TOKEN=${token}\nDATABASE_URL=${url}\n`,
        'key.pem': key,
        'accepted.env': `TOKEN=${accepted} # unleak:allow\n`,
        'encoded.txt': `${Buffer.from(`token: ${token}`).toString('base64')}\n`,
      },
    ],
  );
  commits = { ...commits, base, merge: hosted.merge(base, commits.head, 7) };
});
afterEach(async () => {
  await github.close();
});

async function scan(more: Partial<Step>): Promise<StepResult> {
  return await runStep({ apiUrl: github.url, token: github.state.token.value, ...pullStep(hosted, commits), ...more });
}

/** What the runner shows and keeps, what went to GitHub, and every file that was written. */
function everything(result: StepResult, written: readonly string[]): Buffer {
  const { log, annotations, outputs, summary, temp } = result;
  const files = readdirSync(temp, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && entry.name !== 'event.json' ? [readFileSync(join(entry.parentPath, entry.name))] : [],
  );
  return Buffer.concat([
    Buffer.from([log, JSON.stringify(annotations), JSON.stringify(outputs), summary].join('\n')),
    ...github.received.map((text) => Buffer.from(text)),
    ...github.state.comments.map(({ body }) => Buffer.from(body)),
    ...github.state.sarifs.map(({ sarif }) => Buffer.from(sarif)),
    ...files,
    ...written.map((path) => readFileSync(path)),
  ]);
}

test.each([
  { title: 'ours', env: {}, sarif: 'unleak.sarif' },
  { title: "gitleaks-action's", env: { GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'true' }, sarif: 'results.sarif' },
])('log, annotations, summary, comment, SARIF, upload, outputs: in the words of $title', async ({ env, sarif }) => {
  const result = await scan({
    inputs: { sarif, 'upload-sarif': 'true', notify: '@octocat' },
    env: { ...env, RUNNER_DEBUG: '1' },
  });
  expect(Number(result.outputs['findings'])).toBeGreaterThanOrEqual(5);
  const file = result.outputs['sarif-file'] ?? '';
  expect(file.endsWith(sarif)).toBe(true);
  expect(traces(everything(result, [file]), secrets)).toEqual([]);
  expect(github.state.comments).toHaveLength(1);
  expect(github.state.sarifs).toHaveLength(1);
});

test('an artifact', async () => {
  const service = await startFakeArtifacts();
  const result = await scan({
    workspace: hosted.checkout(commits.merge, 'refs/pull/7/merge', 0),
    inputs: { artifact: 'leaks' },
    // The library knows the service for github.com alone.
    env: service.env,
  });
  expect([...service.artifacts.keys()]).toEqual(['leaks']);
  const archive = service.artifacts.get('leaks') ?? Buffer.alloc(0);
  const content = unpacked(archive);
  expect(content.toString('utf8')).toContain('"version": "2.1.0"');
  expect(traces(Buffer.concat([content, archive, Buffer.from(result.log)]), secrets)).toEqual([]);
  await service.close();
});

/** The one file of a zip archive whose sizes stand behind it: a stream of deflate after the local header. */
function unpacked(archive: Buffer): Buffer {
  const start = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  return inflateRawSync(archive.subarray(start), { finishFlush: constants.Z_SYNC_FLUSH });
}

test('before masks were given, nothing is said of what was found; every line of a key is masked', async () => {
  const result = await scan({});
  const lines = result.raw.split('\n');
  const firstMask = lines.findIndex((line) => line.startsWith('::add-mask::'));
  const lastMask = lines.findLastIndex((line) => line.startsWith('::add-mask::'));
  // Where it is known what is scanned, and nothing else.
  expect(lines.slice(0, firstMask).filter((line) => !line.startsWith('unleak: '))).toEqual([]);
  expect(lines.slice(firstMask, lastMask + 1).filter((line) => !line.startsWith('::add-mask::'))).toEqual([]);
  expect(lines.slice(lastMask + 1).join('\n')).toContain('::error');
  expect(result.masks).toEqual(expect.arrayContaining([token, password, gone, inMessage, ...keyLines]));
  expect(result.masks.filter((mask) => mask.length < 8)).toEqual([]);
  // What a later step prints is hidden by them.
  const later = result.masks.reduce((text, mask) => text.replaceAll(mask, '***'), `${url}\n${key}`);
  expect(traces(Buffer.from(later), [password, ...keyLines])).toEqual([]);
});

test("the runner's token is nowhere, also when things go wrong", async () => {
  const secret = github.state.token.value;
  for (const more of [
    {},
    { serverUrl: 'http://127.0.0.1:9' },
    { apiUrl: 'http://127.0.0.1:9', inputs: { comment: 'false' } },
  ]) {
    const result = await scan({ ...more, env: { RUNNER_DEBUG: '1' } });
    expect(traces(Buffer.from([result.raw, result.summary].join('\n')), [secret])).toEqual([]);
  }
});
