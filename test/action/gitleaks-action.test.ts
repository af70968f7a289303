/**
 * gitleaks-action starts `gitleaks detect` and reads its exit code and its SARIF file. Here `unleak` is what it finds under that
 * name. The command lines, and what is read of the file, are those of gitleaks-action v3 (src/gitleaks.js, src/summary.js).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { traces } from '../support/canary.ts';
import { parseAs } from '../support/json.ts';
import { gitEnvironment, makeRepo, makeTempDir, type TestRepo } from '../support/repo.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('gitleaks-action');
const programs = join(folder.path, 'bin');
const secrets = { first: githubToken('first'), second: githubToken('second'), side: githubToken('side') };
let repo: TestRepo;
let commits: { readonly root: string; readonly first: string; readonly second: string };

beforeAll(() => {
  mkdirSync(programs);
  symlinkSync(join(import.meta.dirname, '../../packages/cli/bin/unleak.mjs'), join(programs, 'gitleaks'));
  repo = makeRepo(folder.path);
  const root = repo.commitFiles({ 'README.md': 'a shop\n' });
  const first = repo.commitFiles({ 'one.env': `# settings\nTOKEN=${secrets.first}\n` });
  repo.git('checkout', '--quiet', '-b', 'side');
  repo.commitFiles({ 'side.env': `TOKEN=${secrets.side}\n` });
  repo.git('checkout', '--quiet', 'main');
  const second = repo.commitFiles({ 'two.env': `TOKEN=${secrets.second}\n` });
  commits = { root, first, second };
});
afterAll(() => folder.remove());

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

async function gitleaks(cwd: string, ...more: readonly string[]): Promise<Ran> {
  const child = spawn(
    'gitleaks',
    [
      'detect',
      '--redact',
      '-v',
      '--exit-code=2',
      '--report-format=sarif',
      '--report-path=results.sarif',
      '--log-level=debug',
      ...more,
    ],
    {
      cwd,
      env: {
        ...gitEnvironment(),
        HOME: folder.path,
        PATH: [programs, dirname(process.execPath), process.env['PATH']].join(delimiter),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  return { code: await promise, output };
}

interface Result {
  readonly ruleId: string;
  readonly partialFingerprints: Readonly<Record<'commitSha' | 'author' | 'date' | 'email', string>>;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
}

/** Comments and summary of gitleaks-action are made of these. */
function read(cwd: string): readonly string[] {
  const sarif = parseAs<{ readonly runs: readonly { readonly results: readonly Result[] }[] }>(
    readFileSync(join(cwd, 'results.sarif'), 'utf8'),
  );
  return (sarif.runs[0]?.results ?? [])
    .map(({ ruleId, partialFingerprints: { commitSha, author, date, email }, locations }) => {
      const place = locations[0]?.physicalLocation;
      const line = place?.region.startLine.toString() ?? '';
      expect(commitSha).toMatch(/^[0-9a-f]{40}$/);
      // Cells of a table: there, and empty, since the file is shown to more people than the commits are.
      expect([author, email]).toEqual(['', '']);
      expect(date).toMatch(/^\d{4}-\d\d-\d\dT/);
      return [commitSha.substring(0, 7), place?.artifactLocation.uri, ruleId, line].join(':');
    })
    .toSorted();
}

function short(commit: string): string {
  return commit.slice(0, 7);
}

test('a push, and a pull request, of several commits: from the first of them to the last', async () => {
  const range = `--log-opts=--no-merges --first-parent ${commits.first}^..${commits.second}`;
  const { code, output } = await gitleaks(repo.path, range);
  expect(code).toBe(2);
  expect(read(repo.path)).toEqual(
    [`${short(commits.first)}:one.env:github-pat:2`, `${short(commits.second)}:two.env:github-pat:1`].toSorted(),
  );
  const written = Buffer.from(output + readFileSync(join(repo.path, 'results.sarif'), 'utf8'));
  expect(traces(written, Object.values(secrets))).toEqual([]);
});

test('a push of one commit: that commit alone', async () => {
  expect((await gitleaks(repo.path, '--log-opts=-1')).code).toBe(2);
  expect(read(repo.path)).toEqual([`${short(commits.second)}:two.env:github-pat:1`]);
});

test('a schedule, and a start by hand: the whole history, of all branches', async () => {
  expect((await gitleaks(repo.path)).code).toBe(2);
  expect(read(repo.path).map((line) => line.split(':')[1])).toEqual(
    expect.arrayContaining(['one.env', 'side.env', 'two.env']),
  );
});

test('nothing found is 0, with a file that has no results', async () => {
  const clean = makeRepo(folder.path);
  clean.commitFiles({ 'README.md': 'a shop\n' });
  expect((await gitleaks(clean.path)).code).toBe(0);
  expect(read(clean.path)).toEqual([]);
});

test('a base that is not in the checkout is a failure, not an empty scan', async () => {
  const other = makeRepo(folder.path);
  other.commitFiles({ 'README.md': 'a shop\n' });
  const { code } = await gitleaks(
    other.path,
    `--log-opts=--no-merges --first-parent ${commits.first}^..${commits.second}`,
  );
  expect(code).toBe(1);
});

test('a line of .gitleaksignore, as its comments tell it, counts', async () => {
  const ignoring = makeRepo(folder.path);
  const commit = ignoring.commitFiles({ 'one.env': `TOKEN=${secrets.first}\n` });
  ignoring.write('.gitleaksignore', `${commit}:one.env:github-pat:1\n`);
  expect((await gitleaks(ignoring.path)).code).toBe(0);
  expect(existsSync(join(ignoring.path, 'results.sarif'))).toBe(true);
});
