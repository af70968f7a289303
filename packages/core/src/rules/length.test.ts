import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import { maxBytes, minChars } from './length.ts';
import { parseRe2 } from './re2-syntax.ts';
import { randomPattern, randomText } from './test-patterns.ts';

test.each([
  ['abc', 3, 3],
  ['\\bgh[po]_[0-9A-Za-z]{36}\\b', 40, 40],
  ['a|bcd|', 3, 0],
  ['(?:ab){2,5}', 10, 4],
  ['.', 4, 1],
  ['[^a]', 4, 1],
  ['\\S\\W\\D\\pL', 16, 4],
  ['\\w\\d\\s', 3, 3],
  ['(?i)k', 3, 1],
  ['(?i)s', 2, 1],
  ['(?i)key', 5, 3],
  ['é', 2, 1],
  ['a*', Infinity, 0],
  ['a{20,}', Infinity, 20],
  ['(?:^|\\b)*', 0, 0],
  ['(?:a*){0}', 0, 0],
])('%s: at most %d bytes, at least %d characters', (pattern, most, least) => {
  const node = parseRe2(pattern);
  expect(maxBytes(node)).toBe(most);
  expect(minChars(node)).toBe(least);
});

test('no match that RE2 finds is longer or shorter', () => {
  let matches = 0;
  fc.assert(
    fc.property(randomPattern(), fc.array(randomText, { minLength: 4, maxLength: 4 }), (pattern, texts) => {
      const node = parseRe2(pattern);
      const re2 = compile(pattern);
      for (const text of texts) {
        const bytes = Buffer.from(text);
        const found = re2.search(bytes, 0, bytes.length);
        if (found === undefined) continue;
        matches++;
        expect(found.end - found.start).toBeLessThanOrEqual(maxBytes(node));
        expect([...bytes.subarray(found.start, found.end).toString()].length).toBeGreaterThanOrEqual(minChars(node));
      }
    }),
    { numRuns: 1500 },
  );
  expect(matches).toBeGreaterThan(700);
}, 60_000);
