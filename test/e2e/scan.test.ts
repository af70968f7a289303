import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { places, readJsonReport } from '../support/json-report.ts';
import { makeRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const token = githubToken('scan');

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

test('a directory: the token at its place, exit code 1, and the first line says what is scanned', async () => {
  const folder = folderWith({ 'app/.env': `A=1\nTOKEN=${token}\n`, 'README.md': 'nothing\n' });
  const { code, stdout, stderr } = await runCli(['scan', folder, '--format', 'json']);
  const report = readJsonReport(stdout);
  expect(code).toBe(1);
  expect(places(report)).toEqual(['app/.env:2']);
  expect(report.findings[0]).toMatchObject({
    ruleId: 'github-pat',
    confidence: 'high',
    sightings: [{ kind: 'file', column: 7 }],
  });
  expect(stderr.split('\n')[0]).toMatch(/^unleak: scanning .*the files of /);
});

test('a directory without credentials is clean: exit code 0, and --quiet says nothing at all beside the report', async () => {
  const folder = folderWith({ 'a.txt': 'nothing to see\n' });
  const { code, stdout, stderr } = await runCli(['scan', '--quiet', folder]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('No credentials found; 1 text');
});

test('without a target, the working directory', async () => {
  const { stdout } = await runCli(['scan', '-f', 'json'], { cwd: folderWith({ 'x.env': `T=${token}\n` }) });
  expect(places(readJsonReport(stdout))).toEqual(['x.env:1']);
});

test('standard input', async () => {
  const { code, stdout } = await runCli(['scan', '-', '--format=json'], { stdin: `line\nT=${token}\n` });
  expect(code).toBe(1);
  expect(readJsonReport(stdout).findings[0]?.sightings).toMatchObject([{ kind: 'stdin', line: 2 }]);
});

test('several targets: each path begins with the target that it is in', async () => {
  const folder = folderWith({ 'one/a.env': `T=${token}\n`, 'two/b.env': `T=${token}\n` });
  const { stdout } = await runCli(['scan', 'one', './two/', '-f', 'json'], { cwd: folder });
  expect(places(readJsonReport(stdout))).toEqual(['one/a.env:1', 'two/b.env:1']);
});

test('a repository: history and uncommitted state, and what was taken out is found where it was', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'config.yml': `token: ${token}\n` });
  repo.commitFiles({ 'config.yml': 'token: from the environment\n' });
  const other = githubToken('uncommitted');
  repo.write('local.env', `T=${other}\n`);
  const { code, stdout, stderr } = await runCli(['scan', repo.path, '--format', 'json']);
  const report = readJsonReport(stdout);
  expect(code).toBe(1);
  expect(
    report.findings.flatMap((finding) => finding.sightings).map(({ kind, path, inHead }) => ({ kind, path, inHead })),
  ).toEqual(
    expect.arrayContaining([
      { kind: 'git', path: 'config.yml', inHead: false },
      { kind: 'file', path: 'local.env', inHead: undefined },
    ]),
  );
  expect(stderr).toContain('the whole history of the repository');
});

test('--history only leaves out the work tree, --history no the history', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'old.env': `T=${token}\n` });
  repo.remove('old.env');
  repo.commit();
  repo.write('new.env', `T=${githubToken('new')}\n`);
  const only = await runCli(['scan', repo.path, '--history', 'only', '-f', 'json']);
  const no = await runCli(['scan', repo.path, '--history', 'no', '-f', 'json']);
  expect(places(readJsonReport(only.stdout))).toEqual(['old.env:1']);
  expect(places(readJsonReport(no.stdout))).toEqual(['new.env:1']);
});

test('--staged: what the next commit brings in, from the index, not from the work tree', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': `T=${githubToken('already there')}\n` });
  repo.write('a.env', `T=${githubToken('already there')}\nU=${token}\n`);
  repo.stage();
  repo.write('a.env', 'nothing\n');
  const { code, stdout } = await runCli(['scan', '--staged', '-f', 'json'], { cwd: repo.path });
  expect(code).toBe(1);
  expect(places(readJsonReport(stdout))).toEqual(['a.env:2']);
});

test('--staged in a folder of the repository means the whole repository', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'sub/keep.txt': 'x\n' });
  repo.write('top.env', `T=${token}\n`);
  repo.stage();
  const { stdout } = await runCli(['scan', '--staged', '-f', 'json'], { cwd: join(repo.path, 'sub') });
  expect(places(readJsonReport(stdout))).toEqual(['top.env:1']);
});

test('--since and --range: what the commits brought in, also when a later one took it out', async () => {
  const repo = makeRepo(tempFolder());
  const first = repo.commitFiles({ 'before.env': `T=${githubToken('before')}\n` });
  repo.commitFiles({ 'between.env': `T=${token}\n` });
  repo.remove('between.env');
  const last = repo.commit();
  for (const flags of [
    ['--since', first],
    ['--range', `${first}..${last}`],
  ]) {
    const { code, stdout } = await runCli(['scan', ...flags, '-f', 'json'], { cwd: repo.path });
    expect(code).toBe(1);
    expect(places(readJsonReport(stdout))).toEqual(['between.env:1']);
  }
});

test('a URL: a clone that is gone afterwards', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': `T=${token}\n` });
  const temporary = tempFolder();
  const { code, stdout } = await runCli(['scan', `file://${repo.path}`, '-f', 'json'], { env: { TMPDIR: temporary } });
  expect(code).toBe(1);
  expect(places(readJsonReport(stdout))).toEqual(['a.env:1']);
  expect(readdirSync(temporary)).toEqual([]);
});

test("a URL's own configuration counts only when it is trusted", async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': `T=${token}\n`, 'unleak.yaml': 'version: 1\npaths:\n  exclude: ["a.env"]\n' });
  const without = await runCli(['scan', `file://${repo.path}`, '-f', 'json']);
  const trusted = await runCli(['scan', `file://${repo.path}`, '-f', 'json', '--trust-target-config']);
  expect(places(readJsonReport(without.stdout))).toEqual(['a.env:1']);
  expect(without.stderr).toContain('--trust-target-config');
  expect(places(readJsonReport(trusted.stdout))).toEqual([]);
});

test('the report file is written whole, and its extension chooses the format', async () => {
  const folder = folderWith({ 'x.env': `T=${token}\n` });
  const out = tempFolder();
  const { code, stdout } = await runCli(['scan', folder, '--output', join(out, 'leaks.sarif')]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect((JSON.parse(readFileSync(join(out, 'leaks.sarif'), 'utf8')) as { version: string }).version).toBe('2.1.0');
  expect(readdirSync(out)).toEqual(['leaks.sarif']);
});

test('secrets are shown only when they are asked for', async () => {
  const folder = folderWith({ 'x.env': `T=${token}\n` });
  expect((await runCli(['scan', folder])).stdout).not.toContain(token.slice(4, 12));
  expect((await runCli(['scan', folder, '--show-secrets'])).stdout).toContain(token);
});

test('what fails a run can be chosen, and so can its exit code', async () => {
  const folder = folderWith({ 'x.env': `T=${token}\n` });
  expect((await runCli(['scan', folder, '--fail-on', 'none'])).code).toBe(0);
  expect((await runCli(['scan', folder, '--exit-code', '7'])).code).toBe(7);
  expect(
    (await runCli(['scan', folder, '--disable-rule', 'provider:github', '--disable-rule', 'tag:generic', '-f', 'json']))
      .stdout,
  ).not.toContain('github-pat');
});

test('the options that narrow what is scanned do what they say', async () => {
  const folder = folderWith({
    '.gitignore': 'skipped.env\n',
    'skipped.env': `T=${token}\n`,
    'kept.env': `U=${githubToken('kept')} # unleak:allow\n`,
    'big.txt': `${'x'.repeat(5000)}\n`,
  });
  const found = async (...flags: string[]): Promise<readonly string[]> =>
    places(readJsonReport((await runCli(['scan', folder, '-f', 'json', ...flags])).stdout));
  expect(await found()).toEqual([]);
  expect(await found('--no-ignore')).toEqual(['skipped.env:1']);
  expect(await found('--no-inline-ignore')).toEqual(['kept.env:1']);
  expect(await found('--no-ignore', '--exclude', 'skipped.*')).toEqual([]);
  const { stdout, code } = await runCli(['scan', folder, '-f', 'json', '--max-file-size', '4k', '--strict']);
  expect(readJsonReport(stdout).summary.excluded['too-large']).toBe(1);
  expect(code).toBe(2);
});

test('a pipe gets no colours and no bar; FORCE_COLOR asks for colours, --no-color refuses them', async () => {
  const folder = folderWith({ 'x.env': `T=${token}\n` });
  const escape = '\u001b[';
  const plain = await runCli(['scan', folder]);
  expect(plain.stdout + plain.stderr).not.toContain(escape);
  expect((await runCli(['scan', folder], { env: { FORCE_COLOR: '1' } })).stdout).toContain(escape);
  expect((await runCli(['scan', folder, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(escape);
  expect((await runCli(['scan', folder], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).toContain(escape);
});

test('without arguments: three examples', async () => {
  const { code, stdout } = await runCli([]);
  expect(code).toBe(0);
  expect(stdout.match(/^ {2}unleak /gm)).toHaveLength(3);
});

test.each([
  'scan',
  'explain',
  'ignore',
  'baseline',
  'rules list',
  'rules show',
  'rules check',
  'config check',
  'config show',
  'completion',
  'git',
  'dir',
  'stdin',
  'detect',
  'protect',
])('help of %s names its flags and an example', async (command) => {
  const { code, stdout } = await runCli([...command.split(' '), '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`unleak ${command}`);
  expect(stdout).toContain('--help');
  expect(stdout).toContain('Examples:');
});

test('one scan writes as many reports as are wanted, the first one to standard output', async () => {
  const folder = folderWith({ 'app/.env': `TOKEN=${token}\n` });
  const further = ['--also', 'json=all.json', '--also=sarif=a=b.sarif', '--also', 'text=for-people.txt'];
  const { code, stdout } = await runCli(['scan', 'app', ...further, '-f', 'csv'], { cwd: folder });
  expect(code).toBe(1);
  expect(stdout).toContain(',file,.env,1,');
  expect(places(readJsonReport(readFileSync(join(folder, 'all.json'), 'utf8')))).toEqual(['.env:1']);
  expect(readFileSync(join(folder, 'a=b.sarif'), 'utf8')).toContain('"ruleId": "github-pat"');
  expect(readFileSync(join(folder, 'for-people.txt'), 'utf8')).toMatch(/^CRITICAL +GitHub personal access token/m);
  expect(readdirSync(folder).join('') + stdout).not.toContain(token);
});

test.each([
  ['sarif', '--also takes a format and a file'],
  ['=x', '--also takes a format and a file'],
  ['sarif=', '--also takes a format and a file'],
  ['sarif=-', '--also takes a format and a file'],
  ['sarfi=x', "did you mean 'sarif'?"],
])('--also %s is refused before anything is scanned', async (value, message) => {
  const folder = folderWith({ 'a.txt': 'x' });
  const { code, stdout, stderr } = await runCli(['scan', '--also', value], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('scanning');
  expect(readdirSync(folder)).toEqual(['a.txt']);
});
