/** The same input gives the same bytes, whatever the machine. */
import { cpSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { readJsonReport } from '../support/json-report.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { databaseUrl, githubToken, randomText } from '../support/tokens.ts';

/** More than four megabytes, so that workers are started, and credentials in every corner of it. */
function largeRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  for (let commit = 0; commit < 6; commit++) {
    const files: Record<string, string> = {};
    for (let file = 0; file < 6; file++) {
      const lines = Array.from(
        { length: 2200 },
        (_, i) => `const v${i} = '${randomText(40, `${commit} ${file} ${i}`, 'abcdef ghij')}';`,
      );
      lines.splice(
        100 * (commit + 1),
        0,
        `token: ${githubToken(`${commit % 3} ${file}`)}`,
        `url = ${databaseUrl(`${file}`).url}`,
      );
      files[`src/${file}/file-${commit}.js`] = `${lines.join('\n')}\n`;
    }
    repo.commitFiles(files);
  }
  repo.git('tag', '-a', 'v1', '-m', `release ${githubToken('tag')}`);
  repo.write('uncommitted.env', `T=${githubToken('uncommitted')}\n`);
  return repo;
}

test('1 and 8 workers write the same bytes', async () => {
  const repo = largeRepo();
  for (const format of ['json', 'gitleaks-json']) {
    // The fingerprint has a key of the user, and each run of runCli is another user.
    const data = tempFolder();
    const [one, eight] = await Promise.all(
      ['1', '8'].map((workers) =>
        runCli(['scan', repo.path, '-f', format, '--workers', workers], { env: { XDG_DATA_HOME: data } }),
      ),
    );
    expect(one?.code).toBe(1);
    expect(eight?.stdout === one?.stdout, format).toBe(true);
    expect(one?.stdout.length).toBeGreaterThan(1000);
  }
});

test('the same ids in two checkouts, for two users with two homes', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({
    'a.env': `T=${githubToken('ids')}\nDATABASE_PASSWORD="${randomText(16, 'ids password')}"\nurl = ${databaseUrl('ids').url}\n`,
  });
  const copy = join(tempFolder(), 'another', 'place');
  cpSync(repo.path, copy, { recursive: true });
  const [here, there] = await Promise.all([repo.path, copy].map((path) => runCli(['scan', path, '-f', 'json'])));
  const ids = (stdout: string): readonly string[] => readJsonReport(stdout).findings.map((finding) => finding.id);
  expect(ids(here?.stdout ?? '')).toHaveLength(3);
  expect(ids(there?.stdout ?? '')).toEqual(ids(here?.stdout ?? ''));
});

/** A PATH with everything on it but git. */
function pathWithoutGit(): string {
  const folder = tempFolder();
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    let names: readonly string[] = [];
    try {
      names = readdirSync(directory);
    } catch {
      continue;
    }
    for (const name of names) {
      if (name === 'git' || name.startsWith('git-')) continue;
      try {
        symlinkSync(join(directory, name), join(folder, name));
      } catch {
        // The first of two programs with one name counts.
      }
    }
  }
  return folder;
}

test('with and without git: the same findings at the same places', async () => {
  const repo = largeRepo();
  const data = tempFolder();
  const path = pathWithoutGit();
  const flags = ['scan', repo.path, '--history', 'only', '-f', 'json'];
  const withGit = await runCli(flags, { env: { XDG_DATA_HOME: data } });
  const without = await runCli(flags, { env: { XDG_DATA_HOME: data, PATH: path } });
  expect(without.code).toBe(withGit.code);
  expect(readJsonReport(without.stdout).findings).toEqual(readJsonReport(withGit.stdout).findings);
  const packed = (repo.git('gc', '--quiet'), await runCli(flags, { env: { XDG_DATA_HOME: data, PATH: path } }));
  expect(readJsonReport(packed.stdout).findings).toEqual(readJsonReport(withGit.stdout).findings);
});

test('without git: files and staged changes are scanned as ever, and what needs git says so', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.env'), `T=${githubToken('no git')}\n`);
  const env = { PATH: pathWithoutGit() };
  expect((await runCli(['scan', folder], { env })).code).toBe(1);
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.txt': 'x\n' });
  repo.write('a.txt', `T=${githubToken('staged')}\n`);
  repo.stage();
  const staged = await runCli(['scan', '--staged', '-f', 'json'], { cwd: repo.path, env });
  expect(readJsonReport(staged.stdout).findings.map((finding) => finding.sightings[0]?.path)).toEqual(['a.txt']);
  expect(staged.code).toBe(1);
  const since = await runCli(['scan', '--since', 'HEAD', '-f', 'json'], { cwd: repo.path, env });
  expect(since.code).toBe(2);
  expect(readJsonReport(since.stdout).notScanned[0]?.detail).toContain('git is not installed');
});
