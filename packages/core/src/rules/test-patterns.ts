/** Random patterns and texts for property tests: a small nasty alphabet, so that patterns and texts meet. */
import fc from 'fast-check';

const ATOMS = [
  'a',
  'b',
  'k',
  's',
  'K',
  '1',
  '-',
  '_',
  'é',
  '\\.',
  '\\d',
  '\\w',
  '\\s',
  '\\S',
  '\\W',
  '.',
  '[ab]',
  '[^a]',
  '[a-k]',
  '[[:alpha:]]',
  '[^\\W_]',
  '\\x61',
  '\\x{212a}',
  '\\pL',
  '[\\d-]',
  'ab',
  'key',
  '\\Qa.\\E',
  '^',
  '$',
  '\\b',
  '\\B',
  '(?i:k)',
  '(?i:es)',
  '(?s:.)',
] as const;
const REPEATS = ['', '', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '{1,2}?'] as const;

/** A pattern that RE2 takes. */
export function randomPattern(depth = 2): fc.Arbitrary<string> {
  const atom = fc.constantFrom(...ATOMS);
  if (depth === 0) return atom;
  const inner = randomPattern(depth - 1);
  const group = fc
    .tuple(
      fc.constantFrom('(', '(?:', '(?i:', '(?s:', '(?m:'),
      fc.array(fc.array(inner, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
    )
    .map(([opening, branches]) => `${opening}${branches.map((b) => b.join('')).join('|')})`);
  const item = fc
    .tuple(fc.oneof({ weight: 3, arbitrary: atom }, { weight: 2, arbitrary: group }), fc.constantFrom(...REPEATS))
    .map(([a, r]) => repeated(a, r));
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(''));
}

function repeated(item: string, repeat: string): string {
  const single =
    item.length === 1 ||
    item.startsWith('(') ||
    item.startsWith('[') ||
    (item.startsWith('\\') && !item.startsWith('\\Q'));
  return repeat === '' || single ? item + repeat : `(?:${item})${repeat}`;
}

/** Texts over the same alphabet, U+212A and U+017F included. */
export const randomText: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'k',
      'K',
      's',
      'e',
      'y',
      '1',
      '-',
      '_',
      ' ',
      '\n',
      '.',
      'é',
      '\u212a',
      '\u017f',
      '😀',
      'key',
      'KEY',
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));
