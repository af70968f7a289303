import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRuleset } from '../rules/default-ruleset.ts';
import { randomPattern } from '../rules/test-patterns.ts';
import { compileLater } from './compile-later.ts';
import { loosen } from './loosen.ts';
import { compile, PatternError, type Pattern, type PatternMatch } from './regex.ts';

test.each([
  ['a{0,80}?b', 'a*?b'],
  ['[ -~\\s]{1,40}', '[ -~\\s]+'],
  ['(?:ab){20,160}c{32}', '(?:ab){20,}c{32}'],
  ['[^\\]}{0,90}]{0,90}', '[^\\]}{0,90}]*'],
  ['[]{0,90}]{2,90}', '[]{0,90}]{2,}'],
  ['[[:alpha:]{0,90}]{0,90}', '[[:alpha:]{0,90}]*'],
  ['\\{0,90}\\\\{0,90}\\x{41}{0,90}\\pL{0,90}', '\\{0,90}\\\\*\\x{41}*\\pL*'],
])('%j becomes %j', (source, loose) => {
  expect(loosen(source)).toBe(loose);
  expect(() => compile(loose)).not.toThrow();
});

test.each(['abc', 'a{3}', 'a{0,7}', 'a{3,}', '[a{0,90}]', '\\Qa{0,90}\\E', 'a{,90}'])('%j stays as it is', (source) => {
  expect(loosen(source)).toBeUndefined();
});

test('every pattern of the default rules can be loosened', async () => {
  const { rules } = await defaultRuleset();
  const sources = rules.flatMap(({ pattern }) => (pattern === undefined ? [] : [loosen(pattern) ?? pattern]));
  expect(sources.length).toBeGreaterThan(1000);
  expect(sources.filter((source) => !isTaken(source))).toEqual([]);
});

function isTaken(source: string): boolean {
  try {
    compile(source);
    return true;
  } catch {
    return false;
  }
}

/** Repeats that are loosened, around and between others. */
const ranged = fc
  .array(fc.tuple(randomPattern(1), fc.constantFrom('', '{0,9}', '{1,12}?', '{2,15}', '{0,8}?')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.map(([inner, repeat]) => `(?:${inner})${repeat}`).join(''));
const letters = fc.string({ unit: fc.constantFrom(...'abkKey_1s \n.-'), maxLength: 30 });

function ask(pattern: Pattern, bytes: Uint8Array, from: number, last: number): (PatternMatch | undefined | boolean)[] {
  return [pattern.search(bytes, from, last), pattern.tryEach(bytes, from, last), pattern.test(bytes)];
}

test('a pattern that is compiled later answers as one that is compiled at once, whatever it was asked before', () => {
  fc.assert(
    fc.property(ranged, fc.array(fc.tuple(letters, fc.nat(6), fc.nat(30)), { maxLength: 4 }), (source, questions) => {
      let exact: Pattern;
      try {
        exact = compile(source);
      } catch (error) {
        fc.pre(!(error instanceof PatternError));
        throw error;
      }
      const later = compileLater(source);
      for (const [text, from, last] of questions) {
        const bytes = Buffer.from(text);
        const to = Math.min(last, bytes.length);
        expect(ask(later, bytes, Math.min(from, to), to)).toEqual(ask(exact, bytes, Math.min(from, to), to));
      }
    }),
    { numRuns: 300 },
  );
});

test('an error of a pattern is that of the pattern itself', () => {
  const later = compileLater('(?P<secret>a{0,5000})');
  expect(() => later.test(Buffer.from('a'))).toThrow(/RE2 does not take this pattern/);
  // `a**` is none, so there is nothing looser to ask first.
  const twice = compileLater('a{0,90}*');
  expect(() => twice.test(Buffer.from('a'))).toThrow(PatternError);
  expect(() => compile('a{0,90}*')).toThrow(PatternError);
});
