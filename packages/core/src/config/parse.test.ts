import { expect, test } from 'vitest';
import { credentialId } from '../bytes/ids.ts';
import { ConfigError } from './error.ts';
import { parseConfig } from './parse.ts';
import type { ConfigFile } from './schema.ts';

const parse = (...lines: string[]): ConfigFile =>
  parseConfig('unleak.yaml', ['version: 1', ...lines].join('\n')).config;

function errorOf(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a file that says everything is read as it is', () => {
  const config: ConfigFile = {
    version: 1,
    project: { salt: 'a-project-salt', name: 'shop' },
    extend: ['shared.yaml'],
    rules: {
      files: ['own.yaml'],
      only: ['tag:cloud'],
      enable: ['a-b'],
      disable: ['provider:x'],
      overrides: { 'github-pat': { severity: 'low', confidence: 'high', entropy: 3.5 } },
    },
    paths: { include: ['src/**'], exclude: ['vendor/'] },
    allow: [
      {
        description: 'samples',
        rules: ['github-pat'],
        paths: ['docs/**'],
        words: ['sample'],
        patterns: ['^test'],
        target: 'line',
        credentials: [credentialId('s', 'token', Buffer.from('x'))],
        commits: ['f'.repeat(40)],
        reason: 'why',
        owner: 'ann',
        until: '2027-01-31',
      },
    ],
    severity: 'high',
    confidence: 'low',
    failOn: 'present',
    limits: { maxFileSize: '10 MiB', maxDecodeDepth: 2 },
    ignore: { gitignore: false, inline: true, markers: ['unleak'], file: 'ignored.txt' },
    baseline: 'baseline.txt',
    workers: 4,
    output: 'report.json',
    exitCode: 3,
    strict: true,
  };
  expect(parseConfig('c', JSON.stringify(config)).config).toEqual(config);
});

test('dates in YAML are text, whatever they look like', () => {
  expect(parse('allow:', '  - paths: [a]', '    until: 2027-01-31').allow?.[0]?.until).toBe('2027-01-31');
});

test.each([
  ['rulse: {}', 2, 'unknown-key', 'unknown key rulse: did you mean rules?'],
  ['failon: low', 2, 'unknown-key', 'unknown key failon: did you mean failOn?'],
  ['nonsense: 1', 2, 'unknown-key', 'unknown key nonsense'],
  ['rules:\n  disabled:\n    - a', 3, 'unknown-key', 'unknown key rules.disabled: did you mean disable?'],
  [
    'allow:\n  - paths: [a]\n    untill: 2027-01-31',
    4,
    'unknown-key',
    'unknown key allow[0].untill: did you mean until?',
  ],
  [
    'rules:\n  overrides:\n    github-pat:\n      severty: low',
    5,
    'unknown-key',
    'unknown key rules.overrides.github-pat.severty: did you mean severity?',
  ],
  ['severity: extreme', 2, 'bad-value', 'severity: must be one of: critical high medium low'],
  ['failOn: sometimes', 2, 'bad-value', 'failOn: must be one of: low medium high present none'],
  ['workers: 0', 2, 'bad-value', 'workers: must be a whole number from 1 to 256'],
  ['workers: many', 2, 'bad-value', 'workers: must be a whole number from 1 to 256'],
  [
    'limits:\n  maxFileSize: large',
    3,
    'bad-value',
    'limits.maxFileSize: must be a number of bytes, or a size such as 10MiB',
  ],
  [
    'ignore:\n  markers: [unleak, gitlab]',
    3,
    'bad-value',
    'ignore.markers[1]: must be one of: unleak gitleaks betterleaks trufflehog kingfisher ggshield detect-secrets secretlint',
  ],
  ['rules: [a]', 2, 'bad-value', 'rules: must hold keys and values'],
  ['paths:\n  exclude: vendor', 3, 'bad-value', 'paths.exclude: must be a list'],
  ['extend: [""]', 2, 'bad-value', 'extend[0]: must not be empty'],
  ['project:\n  salt: short', 3, 'bad-value', 'project.salt: must be at least 8 characters long'],
  ['paths:\n  exclude:\n    - a\n    - "[b"', 5, 'bad-glob', 'paths.exclude[1]: [b: [ is never closed'],
  ['allow:\n  - paths: ["!a"]', 3, 'bad-glob', 'allow[0].paths[0]: !a: a glob cannot be negated with !'],
  [
    'allow:\n  - reason: why',
    3,
    'bad-value',
    'allow[0]: names nothing: give one of rules, paths, words, patterns, credentials, commits',
  ],
  [
    'allow:\n  - paths: []',
    3,
    'bad-value',
    'allow[0]: names nothing: give one of rules, paths, words, patterns, credentials, commits',
  ],
  [
    'allow:\n  - paths: [a]\n    until: 2027-02-30',
    4,
    'bad-value',
    'allow[0].until: must be a date such as 2027-01-31',
  ],
  ['allow:\n  - paths: [a]\n    until: soon', 4, 'bad-value', 'allow[0].until: must be a date such as 2027-01-31'],
  ['allow:\n  - words: [a]\n    target: line', 4, 'bad-value', 'allow[0].target: has no meaning without patterns'],
  ['allow:\n  - credentials: [c1_x]', 3, 'bad-value', 'allow[0].credentials[0]: is no credential id'],
] as const)('%j is refused with its line', (text, line, code, message) => {
  const error = errorOf(() => parse(text));
  expect([error.code, error.message]).toEqual([code, `unleak.yaml:${line}: ${message}`]);
});

test('a pattern that RE2 does not take is refused, and look-around is called by its name', () => {
  const error = errorOf(() => parse('allow:', '  - patterns:', "      - 'a(?=b)'"));
  expect(error.code).toBe('bad-pattern');
  expect(error.message).toMatch(/^unleak\.yaml:4: allow\[0\]\.patterns\[0\]: .*RE2 has no look-ahead/);
  expect(errorOf(() => parse('allow:', "  - patterns: ['a(']")).code).toBe('bad-pattern');
  expect(parse('allow:', "  - patterns: ['^a[bc]+$']").allow).toHaveLength(1);
});

test('every mistake of a kind is told at once', () => {
  expect(errorOf(() => parse('severity: x', 'confidence: y', 'workers: z')).problems.map(({ line }) => line)).toEqual([
    2, 3, 4,
  ]);
});

test.each([
  ['', 'unleak.yaml: the file: must hold keys and values'],
  ['[]', 'unleak.yaml:1: the file: must hold keys and values'],
  ['severity: low', 'unleak.yaml:1: version is missing'],
  ['version: 2', 'unleak.yaml:1: version: must be 1'],
])('%j is no configuration', (text, message) => {
  expect(errorOf(() => parseConfig('unleak.yaml', text)).message).toBe(message);
});

test.each(['a: [', 'a: 1\na: 2', '{a: &x 1, b: *y}', '\tversion: 1', '- a\nb: 1'])(
  '%j is no YAML that counts',
  (text) => {
    expect(errorOf(() => parseConfig('c', text)).code).toBe('bad-yaml');
  },
);

test.each(['[', '{a: ', '- '])('lists and maps that are nested without end are refused in one line: %s', (opening) => {
  const closing = { '[': ']', '{a: ': '1}' }[opening] ?? '';
  const source = `version: 1\nallow:\n  ${opening.repeat(20_000)}${closing.repeat(20_000)}\n`;
  const error = errorOf(() => parseConfig('c', source));
  expect(error.code).toBe('bad-yaml');
  expect(error.message).toMatch(/^c:\d+: lists and maps are nested too deep$/);
});

test('aliases that grow without bound are refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`);
  expect(errorOf(() => parseConfig('c', lines.join('\n'))).code).toBe('bad-yaml');
});
