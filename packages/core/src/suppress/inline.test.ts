import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InlineIgnore } from '../types/index.ts';
import { findInline, INLINE_MARKERS } from './inline.ts';

const HIT = 'HIT';

/** What covers the word HIT in the text. */
function find(
  text: string,
  rules?: readonly string[],
  markers: readonly string[] = INLINE_MARKERS,
): InlineIgnore | undefined {
  const bytes = Buffer.from(text);
  const start = bytes.indexOf(HIT);
  return findInline(bytes, { start, end: start + HIT.length }, { markers, ...(rules === undefined ? {} : { rules }) });
}

const marker = (text: string): string | undefined => find(text)?.marker;

test.each([
  ['# unleak:allow', 'unleak:allow'],
  ['// gitleaks:allow', 'gitleaks:allow'],
  ['#gitleaks:allow', 'gitleaks:allow'],
  ['/* betterleaks:allow */', 'betterleaks:allow'],
  ['<!-- trufflehog:ignore-->', 'trufflehog:ignore'],
  ['--kingfisher:ignore', 'kingfisher:ignore'],
  ['<!--ggignore-->', 'ggignore'],
  ['<!-- secretlint-disable-line-->', 'secretlint-disable-line'],
  ['; kingfisher:allow', 'kingfisher:allow'],
  ['# ggignore', 'ggignore'],
  ['# pragma: allowlist secret', 'pragma: allowlist secret'],
  ['# pragma:allowlist secret', 'pragma: allowlist secret'],
  ['# pragma: whitelist secret', 'pragma: whitelist secret'],
  ['// secretlint-disable-line', 'secretlint-disable-line'],
])('on the same line: %s', (comment, expected) => {
  expect(marker(`token = HIT ${comment}`)).toBe(expected);
  expect(marker(`a\n${comment} HIT\nb`)).toBe(expected);
  expect(marker(`token = HIT\nother ${comment}`), 'the line after').toBeUndefined();
  expect(marker(`other ${comment}\n\ntoken = HIT`), 'two lines before').toBeUndefined();
});

test.each([
  ['# unleak:allow', 'unleak:allow'],
  ['  // unleak:allow reason="a test"', 'unleak:allow'],
  ['<!-- unleak:allow -->', 'unleak:allow'],
  ['  "//": "unleak:allow",', 'unleak:allow'],
  ['# pragma: allowlist nextline secret', 'pragma: allowlist nextline secret'],
  ['x = 1 # pragma: whitelist nextline secret', 'pragma: whitelist nextline secret'],
  ['/* secretlint-disable-next-line */', 'secretlint-disable-next-line'],
])('on the line before: %s', (comment, expected) => {
  expect(marker(`${comment}\ntoken = HIT`)).toBe(expected);
  expect(marker(`${comment}\r\ntoken = HIT`)).toBe(expected);
  expect(marker(`${comment}\n\ntoken = HIT`), 'two lines before').toBeUndefined();
});

test.each([
  'other = 1 # unleak:allow',
  '# the old one was other=1 unleak:allow',
  'unleak:allow',
  '"unleak:allow",',
  '# gitleaks:allow',
  '# trufflehog:ignore',
  '# ggignore',
  '# pragma: allowlist secret',
  '# secretlint-disable-line',
])('does not reach the next line: %s', (comment) => {
  expect(marker(`${comment}\ntoken = HIT`)).toBeUndefined();
});

test.each(['# pragma: allowlist nextline secret', '# secretlint-disable-next-line'])(
  'is not about its own line: %s',
  (comment) => {
    expect(marker(`token = HIT ${comment}`)).toBeUndefined();
  },
);

test.each([
  'gitleaks:allowed',
  'mygitleaks:allow',
  'unleak:allowance',
  'unleak:allow-all',
  'not-ggignore',
  'ggignore-me',
  'ggignore_',
  'ggignored',
  'pragma: allowlist secrets',
  'pragma: once',
  'pragma: allowlist',
  'secretlint-disabled',
  'secretlint-disable-lines',
  'unleak:allow[',
  'unleak:allow[]',
  'unleak:allow[a,]',
  'unleak:allow[a b]',
  'unleak:allow[github-pat',
])('%s is no such comment', (comment) => {
  expect(marker(`token = HIT # ${comment}`)).toBeUndefined();
});

test('our comment says for which rules, why and until when', () => {
  const text = 'token = HIT # unleak:allow[github-pat, provider:aws] reason="rotated: see #7" until=2027-01-31';
  expect(find(text)).toEqual({
    marker: 'unleak:allow',
    rules: ['github-pat', 'provider:aws'],
    reason: 'rotated: see #7',
    until: '2027-01-31',
  });
  expect(find("HIT /* unleak:allow until=2027-01-31 reason='é' */")).toEqual({
    marker: 'unleak:allow',
    rules: [],
    reason: 'é',
    until: '2027-01-31',
  });
  expect(find('HIT <!-- unleak:allow until=2027-01-31-->')).toEqual({
    marker: 'unleak:allow',
    rules: [],
    until: '2027-01-31',
  });
  expect(find(String.raw`{"a":"HIT", "note":"unleak:allow reason=\"x y\" until=2027-01-31"}`)).toEqual({
    marker: 'unleak:allow',
    rules: [],
    reason: 'x y',
    until: '2027-01-31',
  });
  expect(find('HIT # unleak:allow because of tests')).toEqual({ marker: 'unleak:allow', rules: [] });
});

test('what is no date is kept, so that it can be called expired and never counts for ever', () => {
  expect(find('HIT # unleak:allow until=soon')?.until).toBe('soon');
  expect(find('HIT # unleak:allow until="31.1.2027"')?.until).toBe('31.1.2027');
  expect(find('HIT # unleak:allow until=2027-01-311')?.until).toBe('2027-01-311');
  expect(find('HIT # unleak:allow until=')?.until).toBe('');
});

test('a comment for other rules alone is passed over', () => {
  expect(find('HIT # unleak:allow[aws-key]', ['github-pat'])).toBeUndefined();
  expect(find('HIT # unleak:allow[aws-key]', ['aws-key'])?.rules).toEqual(['aws-key']);
  expect(find('HIT # unleak:allow[aws-key] gitleaks:allow', ['github-pat'])?.marker).toBe('gitleaks:allow');
});

test('of several the one that lasts longest counts', () => {
  expect(find('# unleak:allow until=2026-01-01\nHIT # unleak:allow until=2027-01-01')?.until).toBe('2027-01-01');
  expect(find('# unleak:allow\nHIT # unleak:allow until=2027-01-01')?.until).toBeUndefined();
});

test('a secret of several lines is covered from any of them, and from the line before', () => {
  const lines = (a: string, b: string, c: string): string => `x\n${a}\nBEGIN${b}\nmiddle\nEND${c}\n`;
  const over = (text: string): string | undefined => {
    const bytes = Buffer.from(text);
    return findInline(
      bytes,
      { start: bytes.indexOf('BEGIN'), end: bytes.indexOf('END') + 3 },
      { markers: INLINE_MARKERS },
    )?.marker;
  };
  expect(over(lines('# unleak:allow', '', ''))).toBe('unleak:allow');
  expect(over(lines('', ' # gitleaks:allow', ''))).toBe('gitleaks:allow');
  expect(over(lines('', '', ' # kingfisher:ignore'))).toBe('kingfisher:ignore');
  expect(over(`${lines('', '', '')}# gitleaks:allow`)).toBeUndefined();
});

test('a secretlint block covers what stands between its comments', () => {
  const off = '/* secretlint-disable */';
  const on = '/* secretlint-enable */';
  expect(marker(`${off}\na\nb\nHIT`)).toBe('secretlint-disable');
  expect(marker(`${off}\na\n${on}\nHIT`)).toBeUndefined();
  expect(marker(`${off}\n${on}\n${off}\nHIT\n${on}`)).toBe('secretlint-disable');
  expect(marker(`HIT\n${off}`)).toBeUndefined();
  expect(marker(`# secretlint-disable-line\n\nHIT`)).toBeUndefined();
  expect(marker(`${off}\n${'x'.repeat(65_536)}\nHIT`), 'too far back').toBeUndefined();
});

test('a secretlint comment may name rules, by provider', () => {
  const id = '@secretlint/secretlint-rule-';
  expect(find(`HIT // secretlint-disable-line ${id}aws, ${id}github -- not ${id}npm`)?.rules).toEqual([
    'provider:aws',
    'provider:github',
  ]);
  expect(find(`// secretlint-disable ${id}aws\n\nHIT`)?.rules).toEqual(['provider:aws']);
  expect(find(`// secretlint-disable ${id}aws\n// secretlint-enable ${id}aws\nHIT`)).toBeUndefined();
  expect(find(`// secretlint-disable ${id}aws ${id}npm\n// secretlint-enable ${id}aws\nHIT`)?.rules).toEqual([
    'provider:npm',
  ]);
  expect(find(`// secretlint-disable ${id}aws ${id}npm\n\nHIT`, ['provider:npm'])?.rules).toEqual(['provider:npm']);
  expect(find(`/* secretlint-disable */\n/* secretlint-enable ${id}aws */\nHIT`)).toBeUndefined();
});

test('a marker that is switched off means nothing', () => {
  expect(find('HIT # gitleaks:allow', undefined, ['unleak'])).toBeUndefined();
  expect(find('// secretlint-disable\n\nHIT', undefined, ['unleak'])).toBeUndefined();
  expect(find('HIT # unleak:allow', undefined, [])).toBeUndefined();
  for (const one of INLINE_MARKERS) expect(find('HIT', undefined, [one])).toBeUndefined();
});

test('a comment more than 4,096 bytes away on a long line is not seen', () => {
  const pad = (n: number): string => ' '.repeat(n);
  expect(marker(`HIT${pad(4000)}# ggignore`)).toBe('ggignore');
  expect(marker(`HIT${pad(4097)}# ggignore`)).toBeUndefined();
  expect(marker(`ggignore${pad(4097)}HIT`)).toBeUndefined();
});

test('the answer is a function of the text around the hit: what lies further away changes nothing', () => {
  const piece = fc.constantFrom(
    'unleak:allow',
    '[a]',
    ' until=',
    '2027-01-31',
    '# ',
    'gitleaks:allow',
    '\n',
    ' ',
    'x',
    'secretlint-disable',
    '-next-line',
    '"',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((p) => p.join(''));
  fc.assert(
    fc.property(text, text, fc.constantFrom('', 'far\n\n'), (before, after, far) => {
      const near = `\n\n\n${before}HIT${after}\n`;
      const padding = '.'.repeat(far === '' ? 0 : 80_000);
      expect(find(far + padding + near + padding)).toEqual(find(near));
    }),
  );
});

test('bytes of any kind are read without a throw', () => {
  const any = fc.tuple(fc.uint8Array(), fc.constantFrom(...INLINE_MARKERS), fc.uint8Array());
  fc.assert(
    fc.property(any, fc.nat(20), ([a, , b], cut) => {
      const bytes = Buffer.concat([a, Buffer.from('unleak:allow['), b]);
      const start = Math.min(cut, bytes.length);
      const found = findInline(bytes, { start, end: bytes.length }, { markers: INLINE_MARKERS });
      expect(found === undefined || found.marker.length > 0).toBe(true);
    }),
  );
});
