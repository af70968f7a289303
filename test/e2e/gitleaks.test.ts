/** `alias gitleaks=unleak` in a pipeline that exists. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const token = githubToken('gitleaks');

interface Leak {
  readonly RuleID: string;
  readonly File: string;
  readonly StartLine: number;
  readonly Commit: string;
  readonly Secret: string;
  readonly Fingerprint: string;
}

function repoWithToken(): TestRepo {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': `A=1\nT=${token}\n` });
  return repo;
}

async function records(
  repo: TestRepo,
  args: readonly string[],
  env: object = {},
): Promise<{ code: number; records: readonly Leak[] }> {
  const out = join(tempFolder(), 'report.json');
  const { code } = await runCli([...args, '--report-path', out], {
    cwd: repo.path,
    env: env as Readonly<Record<string, string>>,
  });
  return { code, records: JSON.parse(readFileSync(out, 'utf8')) as Leak[] };
}

test('git, and its old name detect: the history, with the ids and fingerprints of gitleaks', async () => {
  const repo = repoWithToken();
  const commit = repo.git('rev-parse', 'HEAD');
  repo.commitFiles({ 'a.env': 'nothing\n' });
  for (const args of [
    ['git'],
    ['git', repo.path],
    ['detect'],
    ['detect', '--source', '.'],
    [
      'detect',
      '-s',
      repo.path,
      '--no-banner',
      '--redact',
      '-v',
      '--exit-code=1',
      '--log-level=debug',
      '--report-format=json',
    ],
  ]) {
    const { code, records: found } = await records(repo, args);
    expect(code).toBe(1);
    expect(found).toMatchObject([
      {
        RuleID: 'github-pat',
        File: 'a.env',
        StartLine: 2,
        Commit: commit,
        Secret: 'REDACTED',
        Fingerprint: `${commit}:a.env:github-pat:2`,
      },
    ]);
  }
});

test('dir and its aliases, detect --no-git: the files', async () => {
  const repo = repoWithToken();
  for (const args of [['dir', '.'], ['file', 'a.env'], ['directory'], ['files', '.'], ['detect', '--no-git']]) {
    const { code, records: found } = await records(repo, args);
    expect(code).toBe(1);
    expect(found).toMatchObject([{ File: 'a.env', StartLine: 2, Commit: '', Fingerprint: 'a.env:github-pat:2' }]);
  }
});

test('stdin and detect --pipe', async () => {
  for (const args of [['stdin'], ['detect', '--pipe']]) {
    expect((await runCli(args, { stdin: `T=${token}\n` })).code).toBe(1);
    expect((await runCli(args, { stdin: 'nothing\n' })).code).toBe(0);
  }
});

test('protect --staged and git --pre-commit --staged: the index; protect: the work tree', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': 'A=1\n' });
  repo.write('a.env', `A=1\nT=${token}\n`);
  expect((await runCli(['protect', '--staged'], { cwd: repo.path })).code).toBe(0);
  expect((await runCli(['protect'], { cwd: repo.path })).code).toBe(1);
  repo.stage();
  expect((await runCli(['protect', '--staged'], { cwd: repo.path })).code).toBe(1);
  expect((await runCli(['git', '--pre-commit', '--staged'], { cwd: repo.path })).code).toBe(1);
});

test('exit codes: 0 clean, --exit-code leaks, 1 any failure, 126 an unknown flag', async () => {
  const repo = repoWithToken();
  const run = async (...args: string[]): Promise<number> => (await runCli(args, { cwd: repo.path })).code;
  expect(await run('git', '--exit-code', '42')).toBe(42);
  expect(await run('git', '--exit-code=0')).toBe(0);
  expect(await run('dir', 'no-such-folder')).toBe(1);
  expect(await run('git', '-c', 'no-such-file.toml')).toBe(1);
  expect(await run('git', '--report-format', 'template')).toBe(1);
  expect(await run('git', '--enable-rule', 'no-such-rule')).toBe(1);
  expect(await run('git', '--no-such-flag')).toBe(126);
  expect(await run('git', '--log-opts', 'no-such-revision')).toBe(1);
  expect(await run('version')).toBe(0);
});

test('the secret is shown only with --redact below 100, and that is said once', async () => {
  const repo = repoWithToken();
  const hidden = await runCli(['git', '-v'], { cwd: repo.path });
  expect(hidden.stdout).toContain('REDACTED');
  expect(hidden.stdout).not.toContain(token.slice(4));
  expect(hidden.stderr.match(/--redact=0 shows them/g)).toHaveLength(1);
  expect((await runCli(['git', '-v', '--redact=0'], { cwd: repo.path })).stdout).toContain(token);
  expect((await runCli(['git', '-v', '--redact=50'], { cwd: repo.path })).stdout).toContain(`${token.slice(0, 20)}...`);
  // As with gitleaks, a bare --redact takes no value: what follows is the repository.
  expect((await runCli(['git', '--redact', '.'], { cwd: repo.path })).code).toBe(1);
});

test('the configuration: flag before GITLEAKS_CONFIG before GITLEAKS_CONFIG_TOML before the file of the target', async () => {
  const repo = makeRepo(tempFolder());
  const rule = (name: string): string =>
    `[[rules]]\nid = "${name}"\nregex = '''${name}-([a-z]{12})'''\nkeywords = ["${name}-"]\n`;
  const words = ['flag', 'file', 'text', 'target'];
  repo.commitFiles({
    'x.txt': words.map((word) => `${word}-qwertzuiopas`).join('\n'),
    '.gitleaks.toml': rule('target'),
  });
  const folder = tempFolder();
  for (const word of ['flag', 'file']) writeFileSync(join(folder, `${word}.toml`), rule(word));
  const file = { GITLEAKS_CONFIG: join(folder, 'file.toml') };
  const text = { GITLEAKS_CONFIG_TOML: rule('text') };
  const ids = async (args: readonly string[], env: object): Promise<readonly string[]> =>
    (await records(repo, ['git', ...args], env)).records.map((record) => record.RuleID);
  expect(await ids(['-c', join(folder, 'flag.toml')], { ...file, ...text })).toEqual(['flag']);
  expect(await ids([], { ...file, ...text })).toEqual(['file']);
  expect(await ids([], text)).toEqual(['text']);
  expect(await ids([], {})).toEqual(['target']);
});

test('.gitleaksignore, a baseline and gitleaks:allow accept findings', async () => {
  const repo = repoWithToken();
  const { records: found } = await records(repo, ['git']);
  const baseline = join(tempFolder(), 'baseline.json');
  writeFileSync(baseline, JSON.stringify(found));
  expect((await runCli(['git', '--baseline-path', baseline], { cwd: repo.path })).code).toBe(0);
  const ignore = tempFolder();
  writeFileSync(join(ignore, '.gitleaksignore'), `# known\n${found[0]?.Fingerprint ?? ''}\n`);
  expect((await runCli(['git', '-i', ignore], { cwd: repo.path })).code).toBe(0);
  expect((await runCli(['git', '-i', join(ignore, '.gitleaksignore')], { cwd: repo.path })).code).toBe(0);
  const allowed = makeRepo(tempFolder());
  allowed.commitFiles({ 'a.env': `T=${token} # gitleaks:allow\n` });
  expect((await runCli(['git'], { cwd: allowed.path })).code).toBe(0);
  expect((await runCli(['git', '--ignore-gitleaks-allow'], { cwd: allowed.path })).code).toBe(1);
});

test('--log-opts chooses commits, and cannot write a file or run a program', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'one.env': `T=${githubToken('one')}\n` });
  repo.commitFiles({ 'two.env': `T=${githubToken('two')}\n` });
  repo.commitFiles({ 'dir/three.env': `T=${githubToken('three')}\n` });
  const files = async (options: string): Promise<readonly string[]> =>
    [...new Set((await records(repo, ['git', `--log-opts=${options}`])).records.map((record) => record.File))].sort();
  expect(await files('HEAD~2..HEAD')).toEqual(['dir/three.env', 'two.env']);
  expect(await files('-n 1')).toEqual(['dir/three.env']);
  expect(await files('--all')).toEqual(['dir/three.env', 'one.env', 'two.env']);
  expect(await files('--max-count=1 HEAD~1')).toEqual(['two.env']);
  expect(await files('-p -U0 --no-merges HEAD -- dir')).toEqual(['dir/three.env']);
  for (const options of ['--output=leak.txt', '--ext-diff', '--exec=sh', '-S x', '--textconv']) {
    const { code, stderr } = await runCli(['git', `--log-opts=${options}`], { cwd: repo.path });
    expect(code).toBe(1);
    expect(stderr).toContain('is not accepted');
  }
});

test('every report format of gitleaks; the extension chooses where no format is named', async () => {
  const repo = repoWithToken();
  const starts: { readonly [format: string]: string } = {
    json: '[',
    csv: 'RuleID,Commit,File',
    junit: '<?xml',
    sarif: '{',
  };
  for (const [format, start] of Object.entries(starts))
    expect((await runCli(['git', '-f', format, '-r', '-'], { cwd: repo.path })).stdout.trimStart()).toMatch(
      new RegExp(`^${start.replace('[', '\\[').replace('?', '\\?')}`),
    );
  const out = join(tempFolder(), 'leaks.csv');
  await runCli(['git', '-r', out], { cwd: repo.path });
  expect(readFileSync(out, 'utf8')).toMatch(/^RuleID,/);
});
