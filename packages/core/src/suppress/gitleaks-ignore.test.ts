import { expect, test } from 'vitest';
import {
  credentialAtPlace,
  parseGitleaksIgnore,
  parseGitleaksLine,
  parseGitleaksReport,
  toSuppression,
} from './gitleaks-ignore.ts';
import type { HitAtPlace } from './gitleaks-ignore.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

test.each([
  [`${COMMIT}:a/b.env:aws-access-token:3`, { commit: COMMIT, path: 'a/b.env', rule: 'aws-access-token', startLine: 3 }],
  ['a/b.env:aws-access-token:3', { path: 'a/b.env', rule: 'aws-access-token', startLine: 3 }],
  [`${COMMIT}:a:b:c.env:rule:3`, { commit: COMMIT, path: 'a:b:c.env', rule: 'rule', startLine: 3 }],
  [String.raw`dir\file.env:rule:3`, { path: 'dir/file.env', rule: 'rule', startLine: 3 }],
  ['a.tar.gz!b.tar!c.env:rule:3', { path: 'a.tar.gz!b.tar!c.env', rule: 'rule', startLine: 3 }],
  [`${COMMIT.toUpperCase()}:a:rule:3`, { commit: COMMIT, path: 'a', rule: 'rule', startLine: 3 }],
  [`${COMMIT}:rule:3`, { path: COMMIT, rule: 'rule', startLine: 3 }],
])('%s names a place', (line, place) => {
  expect(parseGitleaksLine(line)).toEqual(place);
});

test.each(['', 'a', 'a:b', 'a:rule:x', 'a:rule:', ':rule:3', 'a::3', 'a:rule:-3', 'a:rule:3.5'])(
  '%j names none',
  (line) => {
    expect(parseGitleaksLine(line)).toBeUndefined();
  },
);

test('comments and blank lines say nothing, and a line that names no place is told without losing the others', () => {
  const { entries, problems } = parseGitleaksIgnore('.gitleaksignore', '# x:rule:1\r\n\r\na:rule:1\r\nnonsense\r\n');
  expect(entries).toEqual([
    {
      by: 'ignore-file',
      source: '.gitleaksignore',
      line: 3,
      text: 'a:rule:1',
      place: { path: 'a', rule: 'rule', startLine: 1 },
    },
  ]);
  expect(problems).toEqual([
    { file: '.gitleaksignore', line: 4, message: 'is neither commit:file:rule:line nor file:rule:line' },
  ]);
});

test('of a report the places are read, and never a secret', () => {
  const records = [
    {
      RuleID: 'rule',
      File: 'a\\b',
      StartLine: 3,
      Commit: COMMIT,
      Secret: 'do-not-keep',
      Match: 'do-not-keep',
      Fingerprint: 'x',
    },
    { RuleID: 'rule', File: 'a', StartLine: 4, Commit: '' },
  ];
  const entries = parseGitleaksReport('report.json', records);
  expect(entries.map(({ text }) => text)).toEqual([`${COMMIT}:a/b:rule:3`, 'a:rule:4']);
  expect(entries.map(({ line }) => line)).toEqual([1, 2]);
  expect(JSON.stringify(entries)).not.toContain('do-not-keep');
  expect(() => parseGitleaksReport('report.json', [...records, { RuleID: 'rule' }])).toThrow(
    'report.json: record 3 is no finding of gitleaks: it needs RuleID, File and StartLine',
  );
});

const hit = (credential: string, line: number, names: readonly string[], endLine = line): HitAtPlace => ({
  credential,
  line,
  endLine,
  names,
});
const place = { path: 'a', rule: 'aws-access-token', startLine: 3 };

test('an entry means the credential that its rule found on its line', () => {
  const hits = [
    hit('other-line', 2, ['aws-access-token']),
    hit('this', 3, ['aws-access-key', 'aws-access-token']),
    hit('other-rule', 3, ['github-pat']),
  ];
  expect(credentialAtPlace(place, hits)).toBe('this');
});

test('without a hit of its rule it means the only credential on the line, and none if there are two', () => {
  expect(credentialAtPlace(place, [hit('this', 3, ['github-pat'])])).toBe('this');
  expect(credentialAtPlace(place, [hit('this', 3, ['github-pat']), hit('this', 3, ['generic'])])).toBe('this');
  expect(credentialAtPlace(place, [hit('one', 3, ['github-pat']), hit('two', 3, ['generic'])])).toBeUndefined();
  expect(
    credentialAtPlace(place, [hit('one', 3, place.rule.split(' ')), hit('two', 3, place.rule.split(' '))]),
  ).toBeUndefined();
  expect(credentialAtPlace(place, [])).toBeUndefined();
});

test('a line within a secret of several lines is its line', () => {
  expect(credentialAtPlace(place, [hit('key', 1, ['private-key'], 30)])).toBe('key');
});

test('a resolved entry is about the credential at that path in any version; an unresolved one about just that place', () => {
  const entry = { by: 'ignore-file', source: 'f', line: 1, text: 't', place: { ...place, commit: COMMIT } } as const;
  expect(toSuppression(entry, 'c1_x')).toEqual({
    by: 'ignore-file',
    source: 'f',
    line: 1,
    text: 't',
    when: { credentials: ['c1_x'], path: 'a' },
  });
  expect(toSuppression(entry, undefined).when).toEqual({
    rules: ['aws-access-token'],
    path: 'a',
    line: 3,
    commits: [COMMIT],
  });
});
