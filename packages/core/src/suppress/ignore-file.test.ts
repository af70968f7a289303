import fc from 'fast-check';
import { expect, test } from 'vitest';
import { credentialId, saltTag } from '../bytes/ids.ts';
import { SuppressionError } from './error.ts';
import { addToIgnoreFile, parseIgnoreFile } from './ignore-file.ts';

const SALT = 'a project';
const TAG = saltTag(SALT);
const idOf = (value: string, salt = SALT): string => credentialId(salt, 'token', Buffer.from(value));
const ID = idOf('one');
const parse = (text: string): ReturnType<typeof parseIgnoreFile> => parseIgnoreFile('.unleakignore', text, TAG);

function errorOf(action: () => unknown): SuppressionError {
  try {
    action();
  } catch (error) {
    if (error instanceof SuppressionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('credentials, rules, paths and their fields', () => {
  const entries = parse(
    [
      `# unleak ignore v1 salt=${TAG}`,
      '',
      '# a remark',
      `${ID} reason="used in tests" owner=ann until=2027-01-31 # github-pat`,
      `${ID} path:test/**`,
      'rule:github-pat path:"my docs/**"',
      'path:provider:x/**',
      'test/fixtures/**',
    ].join('\n'),
  );
  expect(entries.map(({ line, when }) => [line, when])).toEqual([
    [4, { credentials: [ID] }],
    [5, { credentials: [ID], paths: ['test/**'] }],
    [6, { rules: ['github-pat'], paths: ['my docs/**'] }],
    [7, { paths: ['provider:x/**'] }],
    [8, { paths: ['test/fixtures/**'] }],
  ]);
  expect(entries[0]).toMatchObject({
    by: 'ignore-file',
    source: '.unleakignore',
    text: ID,
    reason: 'used in tests',
    owner: 'ann',
    until: '2027-01-31',
  });
});

test('CRLF and a byte order mark make no difference', () => {
  expect(parse(`\ufeff# unleak ignore v1 salt=${TAG}\r\n${ID} owner=ann\r\n`)).toEqual(
    parse(`# unleak ignore v1 salt=${TAG}\n${ID} owner=ann\n`),
  );
});

test.each([
  ['an id', idOf('one', 'other')],
  ['the header', `# unleak ignore v1 salt=${saltTag('other')}\ntest/**`],
])('%s made with another salt is an error that says so, never a new finding', (_name, text) => {
  const error = errorOf(() => parse(text));
  expect(error.code).toBe('other-salt');
  expect(error.message).toBe(
    `.unleakignore:1: made with another salt (${saltTag('other')}; this run has ${TAG}): set project.salt or UNLEAK_FINGERPRINT_KEY as it was`,
  );
});

test.each([
  ['c1_short', 'c1_short is no credential id'],
  [`${ID}x`, `${ID}x is no credential id`],
  [`${ID} until=2027-02-30`, 'until=2027-02-30 is no date: write it as 2027-01-31'],
  [`${ID} until=`, 'until= is no date: write it as 2027-01-31'],
  [`${ID} reason="open`, 'a quotation mark is never closed'],
  [`${ID} ${idOf('two')}`, 'more than one credential, rule or path: write one entry a line'],
  [`${ID} expires=2027-01-31 a`, 'more than one credential, rule or path: write one entry a line'],
  ['a b', 'more than one credential, rule or path: write one entry a line'],
  ['rule: path:a', 'rule: names no rule'],
  ['reason="alone"', 'fields without an entry'],
  ['KEY=value', 'is no entry: write a credential id, rule:<id> or path:<glob>'],
  ['provider:x/**', 'is no entry: write a credential id, rule:<id> or path:<glob>'],
  ['!a/**', '!a/**: a glob cannot be negated with !'],
  ['path:', 'a glob must not be empty'],
  ['<<<<<<< HEAD', 'a merge conflict is not resolved'],
  ['config/a.env:generic-api-key:12', 'this is an entry of .gitleaksignore: leave it there, or name the credential id'],
  ['# unleak ignore v2 salt=abcd', 'has a format that this version of unleak does not know'],
])('%s is refused', (line, message) => {
  const error = errorOf(() => parse(`# first\n${line}\n`));
  expect(error.code).toBe('bad-entry');
  expect(error.message).toBe(`.unleakignore:2: ${message}`);
});

test('all bad lines are told at once', () => {
  expect(errorOf(() => parse('c1_a\nok/**\nc1_b')).problems.map(({ line }) => line)).toEqual([1, 3]);
});

test('a new file gets a header', () => {
  const entry = { credential: ID, reason: 'rotated', until: '2027-01-31', remark: 'github-pat a/b.env' };
  expect(addToIgnoreFile('f', undefined, entry, TAG)).toBe(
    `# unleak ignore v1 salt=${TAG}\n${ID} reason="rotated" until=2027-01-31  # github-pat a/b.env\n`,
  );
});

test('comments, order, other entries and line ends stay as they are', () => {
  const old = `# ours\r\ntest/**   # keep\r\n\r\n${idOf('two')}\r\n`;
  expect(addToIgnoreFile('f', old, { credential: ID, reason: 'x' }, TAG)).toBe(
    `# unleak ignore v1 salt=${TAG}\r\n${old}${ID} reason="x"\r\n`,
  );
});

test('an entry for the same credential everywhere is replaced, one for a path is not', () => {
  const old = `# unleak ignore v1 salt=${TAG}\n${ID} path:a\n${ID} until=2020-01-01  # github-pat\n${idOf('two')}`;
  expect(addToIgnoreFile('f', old, { credential: ID, reason: 'x', owner: 'ann' }, TAG)).toBe(
    `# unleak ignore v1 salt=${TAG}\n${ID} path:a\n${ID} reason="x" owner=ann  # github-pat\n${idOf('two')}\n`,
  );
});

test('a file that cannot be read is not written to', () => {
  expect(errorOf(() => addToIgnoreFile('f', 'c1_broken', { credential: ID }, TAG)).message).toBe(
    'f:1: c1_broken is no credential id',
  );
  expect(errorOf(() => addToIgnoreFile('f', idOf('one', 'other'), { credential: ID }, TAG)).code).toBe('other-salt');
  expect(() => addToIgnoreFile('f', '', { credential: 'c1_broken' }, TAG)).toThrow('c1_broken is no credential id');
});

test('what was added is read back, once, however often it is added', () => {
  const field = fc.string({ unit: 'grapheme' }).map((s) => s.replaceAll(/\s+/g, ' ').trim());
  const entry = fc.record({ credential: fc.constantFrom(ID, idOf('two'), idOf('three')), reason: field, owner: field });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (entries) => {
      const text =
        entries.reduce<string | undefined>((file, one) => addToIgnoreFile('f', file, one, TAG), undefined) ?? '';
      const last = new Map(entries.map((one) => [one.credential, one]));
      const found = parse(text).map(({ when, reason, owner }) => ({
        credential: when.credentials?.[0],
        reason,
        owner,
      }));
      expect(found).toEqual([...last.values()]);
      for (const one of last.values()) expect(addToIgnoreFile('f', text, one, TAG)).toBe(text);
    }),
  );
});
