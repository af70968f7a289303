/** Accepting findings: ids that survive moves, .unleakignore, baselines, comments; and asking why. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { places, readJsonReport, type JsonReport } from '../support/json-report.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const token = githubToken('accept');

async function scan(cwd: string, ...flags: string[]): Promise<{ code: number; report: JsonReport }> {
  const { code, stdout } = await runCli(['scan', '-f', 'json', ...flags], { cwd });
  return { code, report: readJsonReport(stdout) };
}

function folderWithToken(): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.env'), `T=${token}\n`);
  return folder;
}

test('unleak ignore: the finding is accepted, keeps its reason, and stays accepted when it moves', async () => {
  const folder = folderWithToken();
  const { report } = await scan(folder);
  const id = report.findings[0]?.id ?? '';
  const ignored = await runCli(
    ['ignore', id, '--reason', 'rotated in May', '--owner', 'ann', '--until', '2999-01-31'],
    { cwd: folder },
  );
  expect(ignored.code).toBe(0);
  expect(ignored.stderr).toContain('it covers every place');
  expect(readFileSync(join(folder, '.unleakignore'), 'utf8')).toMatch(
    new RegExp(`^# unleak ignore v1 salt=....\\n${id} reason="rotated in May" owner=ann until=2999-01-31\\n$`),
  );
  writeFileSync(join(folder, 'a.env'), `\n\n# moved\nT=${token}\n`);
  const again = await scan(folder);
  expect(again.code).toBe(0);
  expect(again.report.suppressed).toMatchObject([{ id, suppressed: { by: 'ignore-file', reason: 'rotated in May' } }]);
});

test('unleak ignore in a folder of a repository writes where its scans and hooks look', async () => {
  const repo = makeRepo(tempFolder());
  mkdirSync(join(repo.path, 'below'));
  writeFileSync(join(repo.path, 'below/a.env'), `T=${token}\n`);
  const { report } = await scan(repo.path);
  const ignored = await runCli(['ignore', report.findings[0]?.id ?? ''], { cwd: join(repo.path, 'below') });
  expect([ignored.code, ignored.stderr]).toEqual([0, expect.stringContaining('../.unleakignore: c1_')]);
  expect(existsSync(join(repo.path, 'below/.unleakignore'))).toBe(false);
  expect((await scan(repo.path)).report.findings).toEqual([]);
});

test('unleak ignore --report says how many places the id covers', async () => {
  const folder = folderWithToken();
  writeFileSync(join(folder, 'b.env'), `U=${token}\n`);
  const { stdout } = await runCli(['scan', '-f', 'json'], { cwd: folder });
  writeFileSync(join(folder, 'report.json'), stdout);
  const id = readJsonReport(stdout).findings[0]?.id ?? '';
  expect((await runCli(['ignore', id, '--report', 'report.json'], { cwd: folder })).stderr).toContain(
    'it covers 2 places',
  );
});

test('unleak ignore refuses what is no id, an id under another salt, a day that does not exist, a report without the id', async () => {
  const folder = folderWithToken();
  const { report } = await scan(folder);
  const id = report.findings[0]?.id ?? '';
  const bad: readonly (readonly [args: readonly string[], message: string])[] = [
    [['ignore', 'github-pat'], "'github-pat' is no finding id"],
    [['ignore', `c1_aaaa${id.slice(7)}`], 'was made with another salt (aaaa;'],
    [['ignore', id, '--until', '2027-02-30'], '--until takes a day such as 2027-01-31'],
    [['ignore', id, '--report', 'a.env'], 'a.env: is no report of unleak scan --format json'],
  ];
  for (const [args, message] of bad) {
    const { code, stderr } = await runCli(args, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  }
  expect(existsSync(join(folder, '.unleakignore'))).toBe(false);
});

test('unleak baseline: gives the project a salt, accepts what is there, and what comes later is news', async () => {
  const folder = folderWithToken();
  const first = await runCli(['baseline'], { cwd: folder });
  expect(first.code).toBe(0);
  expect(readFileSync(join(folder, 'unleak.yaml'), 'utf8')).toMatch(/^version: 1\nproject:\n {2}salt: \w{16}\n$/);
  const written = readFileSync(join(folder, '.unleak-baseline'), 'utf8');
  expect(written).toMatch(/^# unleak baseline v1 salt=\w{4}\nc1_\w{20} {2}# github-pat a\.env\n$/);
  expect((await scan(folder, '--baseline', '.unleak-baseline')).code).toBe(0);
  writeFileSync(join(folder, 'new.env'), `T=${githubToken('later')}\n`);
  const later = await scan(folder, '--baseline', '.unleak-baseline');
  expect({ code: later.code, places: places(later.report) }).toEqual({ code: 1, places: ['new.env:1'] });
  await runCli(['baseline'], { cwd: folder });
  expect(readFileSync(join(folder, '.unleak-baseline'), 'utf8').split('\n')).toHaveLength(4);
});

test('unleak baseline drops what is gone, unless it is told to keep it; from a report it is the same', async () => {
  const folder = folderWithToken();
  await runCli(['baseline'], { cwd: folder });
  const written = readFileSync(join(folder, '.unleak-baseline'), 'utf8');
  const { stdout } = await runCli(['scan', '-f', 'json'], { cwd: folder });
  writeFileSync(join(folder, 'report.json'), stdout);
  await runCli(['baseline', '--from', 'report.json', '-o', 'other.txt'], { cwd: folder });
  expect(readFileSync(join(folder, 'other.txt'), 'utf8')).toBe(written);
  writeFileSync(join(folder, 'a.env'), 'nothing\n');
  await runCli(['baseline', '--keep'], { cwd: folder });
  expect(readFileSync(join(folder, '.unleak-baseline'), 'utf8')).toBe(written);
  await runCli(['baseline'], { cwd: folder });
  expect(readFileSync(join(folder, '.unleak-baseline'), 'utf8')).not.toContain('c1_');
});

describe('unleak baseline drops nothing that it did not look for', () => {
  const gone = githubToken('accept-history');
  let repo: TestRepo;
  let written: string;
  const file = (): string => join(repo.path, '.unleak-baseline');
  const ids = (text: string): readonly string[] | null => text.match(/^c1_\w+/gm);
  beforeEach(async () => {
    repo = makeRepo(tempFolder());
    repo.commitFiles({ 'src/a.env': `T=${token}\n`, 'old.env': `T=${gone}\n` });
    repo.git('rm', '--quiet', 'old.env');
    repo.commitFiles({ 'README.md': 'a project\n' });
    await runCli(['baseline'], { cwd: repo.path });
    written = readFileSync(file(), 'utf8');
    expect(written.match(/^c1_/gm)).toHaveLength(2);
  });

  test.each([
    [['--staged']],
    [['--since', 'HEAD~1']],
    [['--ref', 'HEAD']],
    [['--history', 'no']],
    [['--no-git']],
    [['--include', 'docs/**']],
    [['--only-rule', 'npm-access-token']],
    [['src', '--config', 'unleak.yaml']],
    [['README.md']],
  ])('%j', async (args) => {
    const { code, stderr } = await runCli(['baseline', ...args], { cwd: repo.path });
    expect([code, stderr]).toEqual([0, expect.stringContaining('old entries were kept')]);
    expect(ids(readFileSync(file(), 'utf8'))).toEqual(ids(written));
  });

  test('a folder below it that is no part of a repository', async () => {
    const folder = tempFolder();
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.env'), `T=${githubToken(name)}\n`);
    }
    const config = join(folder, 'shared.yaml');
    writeFileSync(config, 'version: 1\nproject:\n  salt: a salt of the project\n');
    for (const name of ['one', 'two']) await runCli(['baseline', name, '--config', config], { cwd: folder });
    expect(readFileSync(join(folder, '.unleak-baseline'), 'utf8').match(/^c1_/gm)).toHaveLength(2);
  });

  test('a report of a part, and one whose scan was cut short, which is told', async () => {
    const { stdout } = await runCli(['scan', '--staged', '-f', 'json'], { cwd: repo.path });
    const report = join(tempFolder(), 'report.json');
    writeFileSync(report, stdout);
    expect((await runCli(['baseline', '--from', report], { cwd: repo.path })).code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toBe(written);
    const cut = JSON.parse(stdout) as { summary: object };
    writeFileSync(report, JSON.stringify({ ...cut, summary: { ...cut.summary, complete: false } }));
    const { code, stderr } = await runCli(['baseline', '--from', report], { cwd: repo.path });
    expect([code, stderr]).toEqual([2, expect.stringContaining('not everything was scanned')]);
    expect(readFileSync(file(), 'utf8')).toBe(written);
  });
});

test('a baseline that was made with another salt is an error, never "all new"', async () => {
  const folder = folderWithToken();
  await runCli(['baseline'], { cwd: folder });
  const { code, stderr } = await runCli(['scan', '--baseline', '.unleak-baseline'], {
    cwd: folder,
    env: { UNLEAK_FINGERPRINT_KEY: 'another key of the team' },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('made with another salt');
});

test('unleak explain: what was found, what was accepted, and the gate that stopped the rest', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': `T=${token}\napi_key = "${'x'.repeat(32)}"\nnothing here\n` });
  repo.commitFiles({ 'a.env': `T=${token} # unleak:allow reason="a test"\n` });
  const old = await runCli(['explain', 'HEAD~1:a.env:1'], { cwd: repo.path });
  expect(old.code).toBe(0);
  expect(old.stdout).toContain('found       github-pat');
  const now = await runCli(['explain', 'a.env:1'], { cwd: repo.path });
  expect(now.code).toBe(1);
  expect(now.stdout).toMatch(/suppressed {2}github-pat.*\n.*\n {12}by inline: .*\(a test\)/);
  const stopped = await runCli(['explain', 'HEAD~1:a.env:2'], { cwd: repo.path });
  expect(stopped.code).toBe(1);
  expect(stopped.stdout).toMatch(/^stopped {5}\S+: /m);
  const nothing = await runCli(['explain', 'HEAD~1:a.env:3'], { cwd: repo.path });
  expect(nothing.stdout).toContain('nothing: no keyword of a rule is on the line');
});

test.each([
  ['a.env', "'a.env' is no place"],
  ['gone.env:1', 'gone.env: cannot be read'],
  ['a.env:99', 'the file has no line 99'],
])('unleak explain %s: one line, exit code 2', async (place, message) => {
  const { code, stderr } = await runCli(['explain', place], { cwd: folderWithToken() });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('unleak rules: list, show and check', async () => {
  const folder = tempFolder();
  const list = await runCli(['rules', 'list', '--only-rule', 'provider:github', '--json']);
  expect((JSON.parse(list.stdout) as { id: string }[]).map(({ id }) => id)).toContain('github-pat');
  expect((await runCli(['rules', 'show', 'github-pat'])).stdout).toMatch(/^keywords {4}ghp_$/m);
  expect((await runCli(['rules', 'show', 'github-pta'])).stderr).toContain("did you mean 'github-pat'?");
  writeFileSync(join(folder, 'bad.toml'), '[[rules]]\nid = "x"\nregex = "(?<=a)b"\nkeywords = ["abc"]\n');
  const check = await runCli(['rules', 'check', 'bad.toml'], { cwd: folder });
  expect(check.code).toBe(1);
  expect(check.stdout).toContain('bad.toml');
});

test('unleak config: each value with its origin; a mistake is one line', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'unleak.yaml'), 'version: 1\nfailOn: high\n');
  const { stdout } = await runCli(['config', 'show'], { cwd: folder, env: { UNLEAK_EXIT_CODE: '5' } });
  expect(stdout).toMatch(/^failOn = high +# unleak\.yaml:2 \(target\)$/m);
  expect(stdout).toMatch(/^exitCode = 5 +# UNLEAK_EXIT_CODE$/m);
  expect(stdout).toMatch(/^strict = false +# default$/m);
  expect((await runCli(['config', 'check'], { cwd: folder })).code).toBe(0);
  writeFileSync(join(folder, 'unleak.yaml'), 'version: 1\nfialOn: high\n');
  expect((await runCli(['config', 'check'], { cwd: folder })).stderr).toBe(
    'unleak: unleak.yaml:2: unknown key fialOn: did you mean failOn?\n',
  );
});

test('unleak completion: bash accepts its script, and every command is in each of them', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await runCli(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['scan', 'explain', 'baseline', 'staged', 'no-inline-ignore', 'log-opts'])
      expect(stdout).toContain(word);
  }
  expect((await runCli(['completion', 'tcsh'])).stderr).toContain("not for 'tcsh'");
});
