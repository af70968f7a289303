/** Rule files that are made to take time, memory or the reader: refused in one line that names the file, or the rule. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, type RunResult } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const secret = '(?P<secret>acme_[0-9A-Za-z]{20})';
const head = 'provider: acme\nname: Acme\nrules:\n';

function rule(pattern: string, id = 'acme-key', keyword = 'acme_'): string {
  return `  - id: ${id}\n    title: Acme key\n    kind: api-key\n    severity: high\n    confidence: high\n    keywords: [${keyword}]\n    pattern: '${pattern}'\n    examples:\n      match: ['[[acme_{base62:20}]]']\n      noMatch: ['acme_{base62:3}']\n    references: [https://example.org/]\n`;
}

function toml(regex: string): string {
  return `[[rules]]\nid = "acme"\ndescription = "Acme"\nregex = '''${regex}'''\nkeywords = ["acme_"]\n`;
}

async function scanWith(name: string, rules: string): Promise<RunResult> {
  const cwd = tempFolder();
  writeFileSync(join(cwd, name), rules);
  writeFileSync(
    join(cwd, 'a.env'),
    `TOKEN=acme_${'a1B2c3D4e5'.repeat(2)}\n${'acme_'.repeat(2000)}${'a'.repeat(20_000)}\n`,
  );
  return await runCli(['scan', '--no-git', 'a.env', '--quiet', '--rules', name], { cwd });
}

test.each<readonly [name: string, file: string, rules: string, said: RegExp]>([
  [
    'groups in groups',
    'r.yaml',
    head + rule(`${'('.repeat(5000)}${secret}${')'.repeat(5000)}`),
    /^r\.yaml:4: acme-key: pattern: groups nested more/,
  ],
  [
    'repeats of repeats',
    'r.yaml',
    head + rule(`${secret}(?:a{1000}){1000}`),
    /^r\.yaml:4: acme-key: pattern: RE2 repeats at most 1000/,
  ],
  [
    'repeats of repeats of repeats',
    'r.yaml',
    head + rule(`${secret}((a{100}){100}){100}`),
    /^r\.yaml:4: acme-key: pattern: RE2 repeats at most 1000/,
  ],
  [
    '100,000 branches',
    'r.yaml',
    head + rule(`(?P<secret>acme_(?:${Array.from({ length: 100_000 }, (_, i) => `w${i}`).join('|')}))`),
    /^r\.yaml:4: acme-key: pattern: the pattern is longer than/,
  ],
  ['a pattern of 10 MB', 'r.yaml', head + rule(`${secret}${'x'.repeat(10 << 20)}`), /^r\.yaml: larger than/],
  [
    '100,000 rules',
    'r.yaml',
    head + Array.from({ length: 100_000 }, (_, i) => rule(secret, `acme-${i}`)).join(''),
    /^r\.yaml: larger than/,
  ],
  [
    'a program that RE2 will not hold',
    'r.yaml',
    head + rule(`${secret}[\\pL\\pN\\pM]{500}[\\pL\\pN\\pM]{500}`),
    /^rule acme-key: RE2 does not take this pattern: pattern too large/,
  ],
  [
    'two groups of one name',
    'r.yaml',
    head + rule('(?P<secret>acme_a)(?P<secret>b)'),
    /^r\.yaml:4: acme-key: pattern: two groups named secret/,
  ],
  [
    'a keyword of 1 MB',
    'r.yaml',
    head + rule(secret, 'acme-key', 'a'.repeat(1_000_000)),
    /^r\.yaml:9: acme-key: keywords\[0\]: must be at most 64 bytes/,
  ],
  ['lists in lists', 'r.yaml', `a: ${'['.repeat(100_000)}`, /^r\.yaml:1: lists and maps are nested too deep$/],
  ['items in items', 'r.yaml', `${'- '.repeat(100_000)}x`, /^r\.yaml:1: lists and maps are nested too deep$/],
  ['maps in maps', 'r.yaml', '{a: '.repeat(50_000), /^r\.yaml:1: lists and maps are nested too deep$/],
  [
    'aliases of aliases',
    'r.yaml',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${'abcdefg'.charAt(i)}`).join(',')}]\n`).join('')}${head}`,
    /^r\.yaml: Excessive alias count/,
  ],
  [
    'TOML in which groups are in groups',
    'r.toml',
    toml(`${'('.repeat(3000)}acme_${')'.repeat(3000)}`),
    /^r\.toml: acme: regex: groups nested/,
  ],
  [
    'TOML with repeats of repeats',
    'r.toml',
    toml('acme_(?:a{1000}){1000}'),
    /^r\.toml: acme: regex: RE2 repeats at most 1000/,
  ],
  ['TOML of 10 MB', 'r.toml', toml(`acme_${'x'.repeat(10 << 20)}`), /^r\.toml: larger than/],
  [
    'TOML in which lists are in lists',
    'r.toml',
    `a = ${'['.repeat(100_000)}`,
    /^r\.toml:1: document contains excessively nested/,
  ],
])('%s: one line, exit code 2', async (_name, file, rules, said) => {
  const { code, stdout, stderr } = await scanWith(file, rules);
  expect({ code, stdout }, stderr.slice(0, 2000)).toEqual({ code: 2, stdout: '' });
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.replace('unleak: ', '')).toMatch(said);
  expect(stderr.length).toBeLessThan(400);
});

test.each<readonly [name: string, file: string, rules: string]>([
  ['a thousand branches of nothing', 'r.yaml', head + rule(`${secret}${'(?:a?){900}'.repeat(2)}`)],
  ['everything, four times', 'r.toml', toml('acme_(.*)(.*)(.*)(.*)x$')],
  ['what backtracks elsewhere', 'r.toml', toml('acme_(?:(?:a+)+)+$')],
  ['bytes that are no UTF-8', 'r.toml', toml('acme_[a-z\u00ff]{20}')],
])('%s: takes its time, and ends', async (_name, file, rules) => {
  const { code, stderr } = await scanWith(file, rules);
  expect([0, 1], stderr).toContain(code);
  expect(stderr).not.toContain('mistake of unleak');
});

test('a configuration that is nested without end is refused in one line, too', async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'unleak.yaml'), `paths: ${'['.repeat(100_000)}`);
  const { code, stderr } = await runCli(['scan', '--no-git', '.'], { cwd });
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^unleak: .*unleak\.yaml:1: lists and maps are nested too deep\n$/),
  ]);
});
