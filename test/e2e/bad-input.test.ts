/**
 * What bad input gets: one line that names the file and what to do, nothing lost, and the exit code that follows.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { places, readJsonReport } from '../support/json-report.ts';
import { gitEnvironment, makeRepo, openRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const token = githubToken('bad input');
const line = `TOKEN=${token}\n`;

/** Exactly one line, of ours, without a stack. */
function expectOneLine(stderr: string): void {
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/^unleak: /);
  expect(stderr).not.toMatch(/\n\s+at /);
}

test('a path that does not exist: the others are scanned, the scan is incomplete', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.env'), line);
  const both = await runCli(['scan', 'a.env', 'gone', '-f', 'json'], { cwd: folder });
  expect(both.code).toBe(1);
  const report = readJsonReport(both.stdout);
  expect(places(report)).toEqual(['a.env:1']);
  expect(report.notScanned).toMatchObject([{ state: 'failed', reason: 'not-found', where: 'gone' }]);
  expect((await runCli(['scan', 'gone', '-q'], { cwd: folder })).code).toBe(2);
  expect(await runCli(['scan', '../gone'], { cwd: folder })).toMatchObject({
    code: 2,
    stderr: 'unleak: ../gone cannot be scanned\n',
    stdout: expect.stringContaining('not-found: ../gone (there is no such file or directory)') as string,
  });
});

test.each(['https', 'HTTPS'])('of %s:// with a user and a password neither is shown', async (scheme) => {
  const url = `${scheme}://somebody:first@second@127.0.0.1:1/a.git`;
  for (const format of ['terminal', 'json']) {
    const { code, stdout, stderr } = await runCli(['scan', url, '-f', format, '--log-level', 'debug']);
    expect([code, stdout + stderr]).toEqual([2, expect.stringContaining(`${scheme}://127.0.0.1:1/a.git`)]);
    expect(stdout + stderr).not.toMatch(/somebody|first|second/);
  }
});

test('no repository where one is needed', async () => {
  const folder = tempFolder();
  for (const flags of [['--staged'], ['--since', 'main'], ['--range', 'a..b'], ['--history', 'only']]) {
    const { code, stdout } = await runCli(['scan', ...flags, '-f', 'json'], { cwd: folder });
    expect(code).toBe(2);
    expect(readJsonReport(stdout).notScanned).toMatchObject([{ state: 'failed', reason: 'not-a-repository' }]);
  }
});

test('an empty repository is clean', async () => {
  const repo = makeRepo(tempFolder());
  expect((await runCli(['scan', repo.path])).code).toBe(0);
  expect((await runCli(['scan', '--staged'], { cwd: repo.path })).code).toBe(0);
});

test('a commit that does not exist, and a range without one, are incomplete, never a full scan', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': line });
  const { code, stdout } = await runCli(['scan', '--since', 'no-such-branch', '-f', 'json'], { cwd: repo.path });
  expect(code).toBe(2);
  expect(readJsonReport(stdout)).toMatchObject({
    findings: [],
    notScanned: [
      { state: 'failed', reason: 'unresolvable-base', where: 'no-such-branch', detail: 'it names no commit here' },
    ],
  });
});

test('--range with one commit is refused, and told what takes one', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': line });
  expect(await runCli(['scan', '--range', 'main'], { cwd: repo.path })).toEqual({
    code: 2,
    stdout: '',
    stderr: "unleak: --range names two commits, as main..HEAD, not 'main'; --since 'main' is for one\n",
  });
});

test('a base that a shallow clone lacks: how to get it', async () => {
  const repo = makeRepo(tempFolder());
  const first = repo.commitFiles({ 'a.env': line });
  repo.commitFiles({ 'b.txt': 'x\n' });
  const clone = join(tempFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repo.path}`, clone], { env: gitEnvironment() });
  const { code, stdout } = await runCli(['scan', '--since', first, '-f', 'json'], { cwd: clone });
  expect(code).toBe(2);
  expect(readJsonReport(stdout).notScanned).toMatchObject([
    { reason: 'unresolvable-base', detail: expect.stringContaining('git fetch --unshallow') as string },
  ]);
});

test('a shallow clone is scanned, and the summary says that it is one', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': line });
  repo.commitFiles({ 'b.txt': 'x\n' });
  const clone = join(tempFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repo.path}`, clone], { env: gitEnvironment() });
  const { code, stdout } = await runCli(['scan', clone, '-f', 'json']);
  const report = readJsonReport(stdout);
  expect(code).toBe(1);
  expect(report.summary).toMatchObject({
    complete: true,
    excluded: { 'shallow-boundary': 1 },
    facts: { shallow: true },
  });
});

test('a partial clone: what is missing is failed and nothing is fetched; --allow-missing excludes it', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': line });
  repo.commitFiles({ 'a.env': 'nothing\n' });
  repo.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(tempFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--filter=blob:none', `file://${repo.path}`, clone], {
    env: gitEnvironment(),
  });
  const before = openRepo(clone).git('count-objects', '-v');
  const { code, stdout } = await runCli(['scan', clone, '-f', 'json']);
  expect(code).toBe(2);
  expect(readJsonReport(stdout).summary.failed['missing']).toBeGreaterThan(0);
  const allowed = await runCli(['scan', clone, '-f', 'json', '--allow-missing']);
  expect(allowed.code).toBe(0);
  expect(readJsonReport(allowed.stdout).summary.excluded['missing-allowed']).toBeGreaterThan(0);
  expect(openRepo(clone).git('count-objects', '-v')).toBe(before);
});

test('a corrupt object: the rest is scanned', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': line });
  const oid = repo.hashObject('a text that will be damaged\n');
  const path = join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(path, 0o600);
  writeFileSync(path, 'not zlib at all');
  const { code, stdout } = await runCli(['scan', repo.path, '-f', 'json']);
  const report = readJsonReport(stdout);
  expect(code).toBe(1);
  expect(places(report)).toEqual(['a.env:1']);
  expect(report.summary.complete).toBe(false);
  expect(report.summary.failed['corrupt']).toBe(1);
});

test('bytes that are no UTF-8, UTF-16 and NUL do not hide a token', async () => {
  const folder = tempFolder();
  writeFileSync(
    join(folder, 'latin1.txt'),
    Buffer.concat([
      Buffer.from('caf\xe9 = "', 'latin1'),
      Buffer.from(githubToken('latin1')),
      Buffer.from('\xff"\n', 'latin1'),
    ]),
  );
  writeFileSync(join(folder, 'utf16le.txt'), Buffer.from(`\ufeffTOKEN=${githubToken('utf16')}\r\n`, 'utf16le'));
  writeFileSync(join(folder, 'nul.txt'), `${'text\n'.repeat(2000)}\0\nTOKEN=${githubToken('nul')}\n`);
  const { stdout } = await runCli(['scan', folder, '-f', 'json']);
  expect([...places(readJsonReport(stdout))].sort()).toEqual(['latin1.txt:1', 'nul.txt:2002', 'utf16le.txt:1']);
});

const YAML: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  'an unknown key': [
    'version: 1\nseverty: high\n',
    /^unleak: unleak\.yaml:2: unknown key severty: did you mean severity\?$/m,
  ],
  'a bad regular expression': [
    'version: 1\nallow:\n  - patterns: ["(a"]\n',
    /^unleak: unleak\.yaml:3: allow\[0\]\.patterns\[0\]: /m,
  ],
  'a look-around': ['version: 1\nallow:\n  - patterns: ["(?<=a)b"]\n', /^unleak: unleak\.yaml:3: .*RE2/m],
  'a cycle in extend': [
    'version: 1\nextend: [unleak.yaml]\n',
    /^unleak: unleak\.yaml:2: .*extend each other: unleak\.yaml → unleak\.yaml$/m,
  ],
  'what only an operator may set': [
    'version: 1\noutput: /tmp/elsewhere\n',
    /^unleak: unleak\.yaml:2: output: only the operator may set this: use --output/m,
  ],
  'an extend that leaves the target': [
    'version: 1\nextend: [../other.yaml]\n',
    /^unleak: unleak\.yaml:2: .*leaves the scanned directory/m,
  ],
};

test.each(Object.entries(YAML))(
  "a target's configuration with %s: one line, exit code 2",
  async (_name, [text, message]) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'unleak.yaml'), text);
    const { code, stdout, stderr } = await runCli(['scan', folder]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expectOneLine(stderr);
    expect(stderr).toMatch(message);
  },
);

test('an expired exception counts no more, and is listed', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.env'), line);
  writeFileSync(join(folder, '.unleakignore'), 'a.env reason="until the rotation" until=2020-01-31\n');
  const { code, stdout } = await runCli(['scan', folder, '-f', 'json']);
  expect(code).toBe(1);
  expect(readJsonReport(stdout).summary.expiredEntries).toMatchObject([{ text: 'a.env' }]);
});

test('a report path that cannot be written: one line that names it, and nothing half-written', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.env'), line);
  const out = tempFolder();
  mkdirSync(join(out, 'is-a-folder'));
  writeFileSync(join(out, 'file'), '');
  for (const path of [
    join(out, 'is-a-folder'),
    join(out, 'file', 'report.json'),
    join(out, 'missing', 'report.json'),
  ]) {
    const { code, stderr } = await runCli(['scan', folder, '-q', '-f', 'json', '-o', path]);
    expect(code).toBe(2);
    expectOneLine(stderr);
    expect(stderr).toContain(path);
  }
  expect(readdirSync(out).sort()).toEqual(['file', 'is-a-folder']);
  expect(readdirSync(join(out, 'is-a-folder'))).toEqual([]);
});

test('a symbolic link out of the target is not followed, and a configuration behind one is refused', async () => {
  const folder = tempFolder();
  const outside = tempFolder();
  writeFileSync(join(outside, 'secret.env'), line);
  writeFileSync(join(outside, 'unleak.yaml'), 'version: 1\n');
  symlinkSync(join(outside, 'secret.env'), join(folder, 'link.env'));
  const { code, stdout } = await runCli(['scan', folder, '-f', 'json', '--follow-symlinks']);
  expect(code).toBe(0);
  expect(readJsonReport(stdout).summary.excluded).toEqual({ symlink: 1 });
  symlinkSync(join(outside, 'unleak.yaml'), join(folder, 'unleak.yaml'));
  const refused = await runCli(['scan', folder]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('unleak.yaml: is a symbolic link that leaves the scanned directory');
});

const USAGE: Readonly<Record<string, readonly [args: readonly string[], message: string]>> = {
  'an unknown option': [['scan', '--stagged'], 'unknown option --stagged; did you mean --staged?'],
  'an unknown command': [['scna'], "there is no command 'scna'; did you mean 'scan'?"],
  'an unknown format': [['scan', '-f', 'jsn'], "there is no format 'jsn'; did you mean 'json'?"],
  'an unknown rule': [['scan', '--disable-rule', 'github-pta'], "did you mean 'github-pat'?"],
  'two ways to choose commits': [['scan', '--staged', '--since', 'main'], '--staged and --since exclude each other'],
  'a value that is none of the choices': [['scan', '--history', 'maybe'], "--history takes only or no, not 'maybe'"],
  'a number that is none': [['scan', '--workers', 'many'], "--workers takes a whole number, not 'many'"],
  'a missing value': [['scan', '--since'], '--since needs a value'],
  'an option of another command': [['rules', 'list', '--staged'], 'unknown option --staged'],
  'a configuration that is not there': [['scan', '-c', 'nowhere.yaml'], '--config: there is no file nowhere.yaml'],
};

test.each(Object.entries(USAGE))('wrong usage, %s: one line, exit code 2', async (_name, [args, message]) => {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expectOneLine(stderr);
  expect(stderr).toContain(message);
});
