/** Pull requests that are larger than what GitHub shows of them. */
import { afterAll, expect, test } from 'vitest';
import { MAX_MASKS } from '../../packages/github-action/src/mask.ts';
import { startFakeGithub } from '../fakes/github/server.ts';
import { hostRepository, pullStep, type PullCommits, type Hosted } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('large');
afterAll(() => folder.remove());

/** Many files in one commit, written as `git fast-import` reads them. */
function hostLarge(hosted: Hosted, files: Iterable<readonly [string, string]>): PullCommits {
  const { work } = hosted;
  const base = work.commitFiles({ 'README.md': 'a shop\n' });
  hosted.push(base, 'refs/heads/main');
  const lines = [
    'commit refs/heads/feature',
    'committer Ada <ada@example.org> 1600001000 +0000',
    'data 5',
    'many',
    '',
    `from ${base}`,
  ];
  for (const [path, text] of files) lines.push(`M 100644 inline ${path}`, `data ${Buffer.byteLength(text)}`, text);
  work.gitWith({ input: `${lines.join('\n')}\n` }, 'fast-import', '--quiet');
  const head = work.git('rev-parse', 'refs/heads/feature');
  hosted.push(head, 'refs/pull/7/head');
  return { base, head, merge: hosted.merge(base, head, 7) };
}

test('5,000 files: the one credential among them is found', async () => {
  const hosted = hostRepository(folder.path);
  const commits = hostLarge(
    hosted,
    Array.from({ length: 5000 }, (_, i) => [
      `src/part-${i % 50}/file-${i}.js`,
      i === 4321 ? `const token = '${githubToken('many')}';\n` : `export const value${i} = ${i};\n`,
    ]),
  );
  const github = await startFakeGithub({
    comparisons: { [`${commits.base}...${commits.head}`]: { mergeBase: commits.base, aheadBy: 1 } },
  });
  const result = await runStep({ apiUrl: github.url, token: github.state.token.value, ...pullStep(hosted, commits) });
  await github.close();
  expect(result.outputs).toMatchObject({ findings: '1', 'exit-code': '1' });
  expect(result.annotations.map(({ file }) => file)).toEqual(['src/part-21/file-4321.js']);
}, 120_000);

test('10,000 credentials: limits of annotations, comment, summary and masks are kept, and the rest is counted', async () => {
  const hosted = hostRepository(folder.path);
  const count = 10_000;
  const secrets = Array.from({ length: count }, (_, i) => githubToken(`credential ${i}`));
  const commits = hostLarge(
    hosted,
    Array.from({ length: 100 }, (_, i) => [
      `config/part-${i}.env`,
      secrets
        .slice(i * 100, (i + 1) * 100)
        .map((secret, at) => `TOKEN_${at}=${secret}\n`)
        .join(''),
    ]),
  );
  const github = await startFakeGithub();
  const result = await runStep({ apiUrl: github.url, token: github.state.token.value, ...pullStep(hosted, commits) });
  const comments = github.state.comments.map(({ body }) => body);
  await github.close();
  expect(result.outputs).toMatchObject({ findings: String(count), 'exit-code': '1' });
  for (const level of ['error', 'warning', 'notice'])
    expect(result.annotations.filter((annotation) => annotation.level === level).length).toBeLessThanOrEqual(10);
  expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(1 << 20);
  expect(result.summary).toContain('10,000');
  expect(comments.map((body) => body.length <= 65_536)).toEqual([true]);
  expect(comments[0]).toContain('10,000');
  expect(new Set(result.masks).size).toBe(Math.min(count, MAX_MASKS));
  const shown = [result.log, result.summary, ...comments].join('\n');
  expect(secrets.filter((secret) => shown.includes(secret.slice(4, 16)))).toEqual([]);
}, 300_000);
