import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJsonReport } from '../support/json-report.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const token = githubToken('incremental');

interface Scans {
  readonly repo: TestRepo;
  /** Scans once more in the same home; gives the report and how many texts were known. */
  readonly scan: (
    ...args: string[]
  ) => Promise<{ readonly report: string; readonly known: number; readonly stderr: string }>;
  readonly state: string;
}

function scansOf(repo: TestRepo): Scans {
  const home = tempFolder();
  const env = {
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
  };
  return {
    repo,
    state: join(home, 'cache', 'unleak', 'history'),
    async scan(...args) {
      const { stdout, stderr } = await runCli(['scan', '--format', 'json', ...args], { env, cwd: repo.path });
      const known = Number(readJsonReport(stdout).summary.facts['known'] ?? 0);
      return { report: stdout.replace(/\n\s*"known": \d+,?/u, ''), known, stderr };
    },
  };
}

function leakyRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'app.env': `TOKEN=${token}\n` });
  repo.commitFiles({ 'app.env': 'TOKEN=from the environment\n' });
  return repo;
}

test('a second scan knows every text of the history, says the same, and sees what is uncommitted', async () => {
  const { repo, scan } = scansOf(leakyRepo());
  const first = await scan();
  const second = await scan();
  expect(second.report).toBe(first.report);
  expect({ first: first.known, second: second.known }).toEqual({ first: 0, second: 4 });
  repo.write('local.env', `T=${githubToken('incremental local')}\n`);
  const third = await scan();
  expect(third.known).toBe(4);
  expect(readJsonReport(third.report).findings).toHaveLength(2);
});

test('what is accepted since the last scan is accepted, although no text is read again', async () => {
  const { repo, scan } = scansOf(leakyRepo());
  const [finding] = readJsonReport((await scan()).report).findings;
  writeFileSync(join(repo.path, '.unleakignore'), `${finding?.id ?? ''}\n`);
  const { report, known } = await scan();
  expect(known).toBe(4);
  expect(readJsonReport(report).summary).toMatchObject({ findings: 0, suppressed: 1 });
});

test('--no-incremental knows nothing', async () => {
  const { scan } = scansOf(leakyRepo());
  const first = await scan();
  const second = await scan('--no-incremental');
  expect(second).toMatchObject({ known: 0, report: first.report });
  expect((await scan()).known).toBe(4);
});

test('without one rule, and with it again: only what it is about is read, and the report is that of a full scan', async () => {
  const { scan } = scansOf(leakyRepo());
  const first = await scan();
  const without = await scan('--disable-rule', 'github-pat');
  expect(without.report).toBe((await scan('--disable-rule', 'github-pat', '--no-incremental')).report);
  // Of two blobs and two messages, one blob holds the token.
  expect(without.known).toBe(3);
  const { report, known, stderr } = await scan('--log-level', 'debug');
  expect({ report, known }).toEqual({ report: first.report, known: 0 });
  expect(stderr).toContain('asked about changed rules alone rules=1 texts=4');
});

test('nothing is kept of a clone, of staged changes, of a range, of files', async () => {
  const { repo, scan, state } = scansOf(leakyRepo());
  mkdirSync(join(repo.path, 'folder'));
  for (const args of [
    [`file://${repo.path}`],
    ['--staged'],
    ['--since', 'HEAD~1'],
    ['folder'],
    ['--no-git'],
    ['--history', 'no'],
  ]) {
    expect((await scan(...args)).known, args.join(' ')).toBe(0);
    expect(existsSync(state), args.join(' ')).toBe(false);
  }
});

test('secrets in clear are read again, and never kept', async () => {
  const { scan, state } = scansOf(leakyRepo());
  const shown = await scan('--show-secrets');
  expect(existsSync(state)).toBe(false);
  expect(shown.report).toContain(token);
  await scan();
  expect(readdirSync(state)).toHaveLength(2);
  const again = await scan('--show-secrets');
  expect(again).toMatchObject({ known: 0, report: shown.report });
});

test('--log-level debug says why what was kept is not used', async () => {
  const { scan, state } = scansOf(leakyRepo());
  const first = await scan();
  for (const name of readdirSync(state)) writeFileSync(join(state, name), 'not what was written');
  const { report, known, stderr } = await scan('--log-level', 'debug');
  expect({ report, known }).toEqual({ report: first.report, known: 0 });
  expect(stderr).toContain('what is known of the history from before is not used');
});
