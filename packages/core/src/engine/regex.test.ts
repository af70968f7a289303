import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { randomPattern } from '../rules/test-patterns.ts';
import { compile, PatternError } from './regex.ts';
import type { Pattern, PatternMatch } from './regex.ts';

function search(pattern: string, text: string, from = 0, last = Infinity): PatternMatch | undefined {
  const bytes = Buffer.from(text);
  return compile(pattern).search(bytes, from, Math.min(last, bytes.length));
}

test('the leftmost match wins, and of those the one whose alternatives come first', () => {
  expect(search('a|ab|abc', 'xabc')).toMatchObject({ start: 1, end: 2 });
  expect(search('abc|ab|a', 'xabc')).toMatchObject({ start: 1, end: 4 });
  expect(search('b+?c?|b+', 'abbbc')).toMatchObject({ start: 1, end: 2 });
});

test('a search that begins later sees what stands before, and does not begin there', () => {
  expect(search('\\bkey', 'monkey key', 3)).toMatchObject({ start: 7, end: 10 });
  expect(search('^a', 'aa', 1)).toBeUndefined();
  expect(search('(?m:^)a', 'b\na', 1)).toMatchObject({ start: 2, end: 3 });
});

test('a match that begins after the last place is none', () => {
  expect(search('b', 'aaab', 0, 3)).toMatchObject({ start: 3 });
  expect(search('b', 'aaab', 0, 2)).toBeUndefined();
});

test('trying each place gives the match that a search gives', () => {
  const bytes = Buffer.from('xxfoo=bar');
  const pattern = compile('(?:^|[^0-9a-z])?(?P<name>foo)=(?P<secret>[a-z]+)');
  expect(pattern.tryEach(bytes, 0, 4)).toEqual(pattern.search(bytes, 0, 4));
  expect(pattern.tryEach(bytes, 0, 1)).toBeUndefined();
  expect(pattern.tryEach(bytes, 3, 9)).toBeUndefined();
});

test('groups are told by name and number, and those that took no part are not', () => {
  expect(search('(?P<left>a)|(?P<right>b)(c)?', 'zb')).toEqual({
    start: 1,
    end: 2,
    groups: { right: { start: 1, end: 2 } },
    numbered: [undefined, { start: 1, end: 2 }, undefined],
  });
});

test('places are bytes: characters are read as UTF-8, and what is not UTF-8 is no character', () => {
  expect(search('ü(.)x', 'aüéx')).toMatchObject({ start: 1, end: 6, numbered: [{ start: 3, end: 5 }] });
  expect(compile('a.b').test(Uint8Array.of(0x61, 0xff, 0x62))).toBe(false);
  expect(compile('a(?s:.)b').test(Buffer.from('a\nb'))).toBe(true);
  expect(compile('(?i)k').test(Buffer.from('\u212a'))).toBe(true);
});

test('a pattern that RE2 does not take is an error of one line that says why', () => {
  const message = (pattern: string): string => {
    try {
      compile(pattern);
    } catch (error) {
      if (error instanceof PatternError) return error.message;
      throw error;
    }
    return 'taken';
  };
  expect(message('a(?=b)')).toBe('RE2 has no look-around: rewrite the pattern without (?=…)');
  expect(message('(a)\\1')).toBe('RE2 does not take this pattern: invalid escape sequence: \\1');
  expect(message('a(')).toBe('RE2 does not take this pattern: missing ): a(');
  expect(message('(((a{100}){100}){100})')).toBe('RE2 does not take this pattern: invalid repetition size: {100}');
  expect(message('(?:\\pL{1000}){1}')).toBe('RE2 does not take this pattern: pattern too large - compile failed');
});

test('texts of any size are read, one after the other', () => {
  const pattern = compile('needle');
  for (const size of [10, 70_000, 5_000_000, 10])
    expect(pattern.search(Buffer.from(`${'x'.repeat(size)}needle`), 0, size)).toMatchObject({ start: size });
});

test('more patterns than fit are compiled again when they are asked', () => {
  const many = Array.from({ length: 60 }, (_, i) => compile(`(?P<secret>x${i}[a-z\\x{100}-\\x{10000}]{900})`));
  const text = (i: number): Buffer => Buffer.from(`x${i}${'ab'.repeat(450)}`);
  for (const round of [1, 2])
    for (const [i, pattern] of many.entries())
      expect([round, i, pattern.search(text(i), 0, 0)?.groups['secret']?.start]).toEqual([round, i, 0]);
});

// Both are leftmost-first. They differ in loops over what may be empty, and in how they write some classes.
const SEEN_ALIKE = /^(?!.*(?:(?:[)$^]|\\[bB])[*+?{]|\[\[|\\Q|\\x\{|\\p))/s;

test('the same as V8 on patterns that both know', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abkKey_1s \n.-'), maxLength: 20 });
  let matches = 0;
  fc.assert(
    fc.property(randomPattern(), fc.array(letters, { minLength: 3, maxLength: 3 }), (pattern, texts) => {
      if (!SEEN_ALIKE.test(pattern)) return;
      const theirs = new RegExp(pattern, 'du');
      const ours = compile(pattern);
      for (const text of texts) {
        const expected = theirs.exec(text)?.indices;
        const found = ours.search(Buffer.from(text), 0, text.length);
        expect([pattern, text, found && [found, ...found.numbered].map(pair)]).toEqual([
          pattern,
          text,
          expected && [...expected],
        ]);
        if (found !== undefined) matches++;
      }
    }),
    { numRuns: 3000, seed: 20_261_128 },
  );
  expect(matches).toBeGreaterThan(500);
});

function pair(span: { start: number; end: number } | undefined): [number, number] | undefined {
  return span && [span.start, span.end];
}

/** Runs the garbage collector and says how much memory outside of JavaScript's heap is left. */
function externalMemory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().external;
}

test('what many patterns have made RE2 grow to is given back, although they are held', { timeout: 300_000 }, () => {
  // Zeros and ones without order: the automaton of "21 places after a one" meets a new state at nearly each.
  const bits = Buffer.from(fc.sample(fc.constantFrom('0', '1'), { numRuns: 30_000, seed: 1 }).join(''));
  const before = externalMemory();
  const held: Pattern[] = [];
  for (let i = 0; i < 80; i++) {
    const pattern = compile(`1[01]{${40 + i}}x`);
    expect(pattern.test(bits)).toBe(false);
    held.push(pattern);
  }
  // Each has taken 3 MB.
  expect(externalMemory() - before).toBeLessThan(130 << 20);
  expect(held.every((pattern) => pattern.test(Buffer.from(`${'1'.repeat(200)}x`)))).toBe(true);
});
