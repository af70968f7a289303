/** Configurations and rule files that are wrong, or that try what only the operator may. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { places, readJsonReport } from '../support/json-report.ts';
import { makeRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const line = `TOKEN=${githubToken('config')}\n`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  for (const [name, content] of Object.entries({ 'a.env': line, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Ends before anything is scanned: one line that names the file. */
async function expectRefused(cwd: string, args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await runCli(args, { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at |mistake of unleak/);
}

const RULE = (pattern: string): string =>
  `provider: acme\nname: Acme\nrules:\n  - id: acme-key\n    title: Acme key\n    kind: api-key\n    severity: high\n    confidence: high\n    keywords: [acme_]\n    pattern: '${pattern}'\n    examples:\n      match: ['[[acme_{base62:20}]]']\n      noMatch: ['acme_{base62:3}']\n    references: [https://example.org/]\n`;
const TOML = (regex: string): string =>
  `[[rules]]\nid = "acme"\ndescription = "Acme"\nregex = '''${regex}'''\nkeywords = ["acme_"]\n`;

describe('the operator is told what is wrong, in one line', () => {
  test.each<[name: string, args: readonly string[], files: Readonly<Record<string, string>>, message: RegExp]>([
    [
      'an unknown key',
      ['-c', 'op.yaml'],
      { 'op.yaml': 'version: 1\nworker: 2\n' },
      /op\.yaml:2: unknown key worker: did you mean workers\?/,
    ],
    [
      'a value of the wrong kind',
      ['-c', 'op.yaml'],
      { 'op.yaml': 'version: 1\nworkers: many\n' },
      /op\.yaml:2: workers: must be a whole number/,
    ],
    ['no YAML', ['-c', 'op.yaml'], { 'op.yaml': 'version: [1\n' }, /op\.yaml:\d+: /],
    [
      'a bad regular expression',
      ['-c', 'op.yaml'],
      { 'op.yaml': 'version: 1\nallow:\n  - patterns: ["[a"]\n' },
      /op\.yaml:3: allow\[0\]\.patterns\[0\]: /,
    ],
    [
      'a look-ahead',
      ['-c', 'op.yaml'],
      { 'op.yaml': 'version: 1\nallow:\n  - patterns: ["a(?=b)"]\n' },
      /op\.yaml:3: .*RE2 has no look-ahead/,
    ],
    [
      'a cycle of two',
      ['-c', 'op.yaml'],
      { 'op.yaml': 'version: 1\nextend: [b.yaml]\n', 'b.yaml': 'version: 1\nextend: [op.yaml]\n' },
      /extend each other: op\.yaml → b\.yaml → op\.yaml/,
    ],
    [
      'an extend that is not there',
      ['-c', 'op.yaml'],
      { 'op.yaml': 'version: 1\nextend: [gone.yaml]\n' },
      /op\.yaml:2: .*gone\.yaml/,
    ],
    [
      'a rule with a look-behind',
      ['--rules', 'rules.yaml'],
      { 'rules.yaml': RULE('(?<=x)(?P<secret>acme_[0-9A-Za-z]{20})') },
      /rules\.yaml.*acme-key.*RE2 has no look-behind/,
    ],
    [
      'a rule with a bad pattern',
      ['--rules', 'rules.yaml'],
      { 'rules.yaml': RULE('(?P<secret>acme_[0-9') },
      /rules\.yaml.*acme-key/,
    ],
    [
      'a gitleaks rule with a look-ahead',
      ['--rules', 'rules.toml'],
      { 'rules.toml': TOML('acme_(?!x)[a-z]{10}') },
      /rules\.toml.*acme.*RE2 has no look-ahead/,
    ],
    ['a gitleaks file that is no TOML', ['--rules', 'rules.toml'], { 'rules.toml': '[[rules]\n' }, /rules\.toml:1: /],
  ])('%s', async (_name, args, files, message) => {
    await expectRefused(folderWith(files), ['scan', ...args], message);
  });

  test('a rule that makes everything follow everything costs neither the memory nor the scan', async () => {
    const letters = Array.from({ length: 8000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('|');
    const pattern = `(?P<secret>acme_[0-9a-z]{20})\\b${'(?:'.repeat(100)}${letters}${')*'.repeat(100)}`;
    const secret = `acme_${'4k'.repeat(10)}`;
    for (const [name, file] of [
      ['rules.yaml', RULE(pattern)],
      ['rules.toml', TOML(pattern)],
    ] as const) {
      const { code, stderr } = await runCli(['scan', '--rules', name], {
        cwd: folderWith({ [name]: file, 'b.env': `KEY=${secret}\n` }),
        env: { NODE_OPTIONS: '--max-old-space-size=256' },
      });
      expect({ name, code, stderr }).toMatchObject({ code: 1 });
    }
  }, 120_000);

  test('a look-around is told from a pattern that is merely broken', async () => {
    const { stderr } = await runCli(['scan', '-c', 'op.yaml'], {
      cwd: folderWith({ 'op.yaml': 'version: 1\nallow:\n  - patterns: ["[a"]\n' }),
    });
    expect(stderr).not.toMatch(/look-/);
  });
});

describe("a target's own configuration", () => {
  test.each<[name: string, yaml: string, message: RegExp]>([
    ['where the report goes', 'output: report.json', /output: only the operator may set this: use --output/],
    ['how many threads', 'workers: 1', /workers: only the operator may set this: use --workers/],
    ['the exit code', 'exitCode: 0', /exitCode: only the operator may set this: use --exit-code/],
    ['strictness', 'strict: false', /strict: only the operator may set this: use --strict/],
    ['extend by URL', 'extend: ["https://example.org/unleak.yaml"]', /unleak\.yaml:2: .*--config/],
    ['extend outside of it', 'extend: [../outside.yaml]', /leaves the scanned directory/],
    ['extend by an absolute path', 'extend: [/etc/unleak.yaml]', /unleak\.yaml:2: /],
    ['rule files outside of it', 'rules: { files: [../outside-rules.yaml] }', /leaves the scanned directory/],
    ['a baseline outside of it', 'baseline: ../outside-baseline', /leaves the scanned directory/],
    ['an ignore file outside of it', 'ignore: { file: ../outside-ignore }', /leaves the scanned directory/],
    ['commands, hosts, keys', 'verify: { hosts: [example.org] }', /unknown key verify/],
  ])('may not set %s', async (_name, yaml, message) => {
    const root = folderWith({
      'target/unleak.yaml': `version: 1\n${yaml}\n`,
      'target/b.env': line,
      'outside.yaml': 'version: 1\npaths:\n  exclude: ["**"]\n',
      'outside-rules.yaml': '',
      'outside-baseline': '',
      'outside-ignore': '**\n',
    });
    await expectRefused(root, ['scan', 'target'], message);
    expect(existsSync(join(root, 'target/report.json'))).toBe(false);
    // Also where the hook runs it, in a repository of its own.
    const repo = makeRepo(root, { at: join(root, 'target') });
    repo.stage();
    await expectRefused(repo.path, ['scan', '--staged'], message);
    await expectRefused(repo.path, ['explain', 'b.env:1'], message);
  });

  test('may not read other files through a link', async () => {
    const root = folderWith({ 'target/b.env': line, 'outside.yaml': 'version: 1\npaths:\n  exclude: ["**"]\n' });
    symlinkSync('../outside.yaml', join(root, 'target/unleak.yaml'));
    await expectRefused(root, ['scan', 'target'], /symbolic link that leaves the scanned directory/);
  });

  test('of gitleaks may not extend outside of it', async () => {
    const root = folderWith({
      'target/.gitleaks.toml': `[extend]\npath = "../outside.toml"\n`,
      'target/b.env': line,
      'outside.toml': "[allowlist]\npaths = ['''.*''']\n",
    });
    const { code, stderr } = await runCli(['dir', 'target'], { cwd: root });
    expect(code).toBe(1);
    expect(stderr).toMatch(/outside\.toml/);
  });

  test('may choose paths, rules and severities; what it takes out is its own business, and of a fetched one nothing counts', async () => {
    const repo = makeRepo(tempFolder());
    repo.commitFiles({
      'a.env': line,
      'b.env': line,
      'unleak.yaml': 'version: 1\npaths:\n  exclude: [b.env]\n',
      '.unleakignore': 'a.env reason="of the target"\n',
    });
    const local = await runCli(['scan', repo.path, '--history', 'no', '-f', 'json']);
    expect(places(readJsonReport(local.stdout))).toEqual([]);
    expect(readJsonReport(local.stdout).suppressed).toMatchObject([
      { suppressed: { by: 'ignore-file', reason: 'of the target' } },
    ]);
    const fetched = await runCli(['scan', `file://${repo.path}`, '-f', 'json']);
    expect(fetched.code).toBe(1);
    expect(places(readJsonReport(fetched.stdout))).toEqual(['a.env:1', 'b.env:1']);
  });

  test('cannot make the scan write into the target', async () => {
    const folder = folderWith({});
    const before = readdirSync(folder);
    await runCli(['scan', folder]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('an expired exception', () => {
  test.each<[name: string, files: Readonly<Record<string, string>>]>([
    ['of the ignore file', { '.unleakignore': 'a.env reason="until the rotation" owner=ops until=2020-01-31\n' }],
    [
      'of the configuration',
      {
        'unleak.yaml':
          'version: 1\nallow:\n  - paths: [a.env]\n    reason: until the rotation\n    until: 2020-01-31\n',
      },
    ],
  ])('%s counts no more, and is listed for people and programs', async (_name, files) => {
    const folder = folderWith(files);
    const json = await runCli(['scan', folder, '-f', 'json']);
    expect(json.code).toBe(1);
    expect(places(readJsonReport(json.stdout))).toEqual(['a.env:1']);
    expect(readJsonReport(json.stdout).summary.expiredEntries).toHaveLength(1);
    const text = await runCli(['scan', folder]);
    expect(text.stdout).toMatch(/expired/i);
    expect(text.stdout).toContain('2020-01-31');
  });

  test('in an inline comment counts no more; one that still holds does', async () => {
    const comment = (until: string): string =>
      `TOKEN=${githubToken(until)} # unleak:allow reason="rotating" until=${until}\n`;
    const { code, stdout } = await runCli([
      'scan',
      folderWith({ 'a.env': comment('2020-01-31'), 'b.env': comment('2999-12-31') }),
      '-f',
      'json',
    ]);
    expect(code).toBe(1);
    expect(places(readJsonReport(stdout))).toEqual(['a.env:1']);
    expect(readJsonReport(stdout).suppressed).toMatchObject([{ suppressed: { by: 'inline', reason: 'rotating' } }]);
  });
});
