import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import { proveKeywords } from './keyword-proof.ts';
import { parseRe2 } from './re2-syntax.ts';
import { randomPattern, randomText } from './test-patterns.ts';

const prove = (pattern: string, ...keywords: string[]): ReturnType<typeof proveKeywords> =>
  proveKeywords(parseRe2(pattern), keywords);

test.each([
  ['\\bghp_[0-9A-Za-z]{36}\\b', ['ghp_'], 0],
  ['\\bgh[pousr]_[0-9A-Za-z]{36}', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 0],
  ['(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z2-7]{16}', ['a3t', 'akia', 'asia'], 0],
  ['(?:^|[^a-z])(?i:Heroku)x', ['heroku'], 4],
  ['[a-z]{0,20}\\.example\\.com/', ['example.com'], 21],
  ['x{3,9}key', ['key'], 9],
  ['(?:ab|key){1,4}key', ['key'], 12],
  ['(?i:k)ey', ['key'], 0],
  ['eyJ[A-Za-z0-9]{10,}', ['eyj'], 0],
  ['.*key', ['key'], Infinity],
  ['pre(?:key|kez)post', ['prekey', 'prekez'], 0],
] as const)('%s always holds one of %j, at most %d bytes in', (pattern, keywords, before) => {
  expect(prove(pattern, ...keywords)).toEqual({ proven: true, before });
});

test.each([
  ['gh[pousr]_x', ['ghp_'], 'gho_x'],
  ['etsy[_-]?secret=', ['etsy_secret', 'etsy-secret'], 'etsysecret='],
  ['(?:key)?abc', ['key'], 'abc'],
  ['key|', ['key'], ''],
  ['[0-9a-f]{32}', ['deadbeef'], '0'.repeat(32)],
  ['ke.y', ['key'], 'ke0y'],
] as const)('%s need not hold one of %j', (pattern, keywords, example) => {
  const { proven, counterexample } = prove(pattern, ...keywords);
  expect(proven).toBe(false);
  expect(compile(`^(?:${pattern})$`).test(Buffer.from(counterexample ?? 'none'))).toBe(true);
  expect(counterexample).toBe(example);
});

test('what is proven holds for every match that RE2 finds', () => {
  const keywords = fc.uniqueArray(fc.constantFrom('a', 'k', 'ab', 'key', 'eyk', 'kk', 'sk', 'ba', 'yke'), {
    minLength: 1,
    maxLength: 4,
  });
  let proofs = 0;
  fc.assert(
    fc.property(
      randomPattern(),
      keywords,
      fc.array(randomText, { minLength: 16, maxLength: 16 }),
      (pattern, words, texts) => {
        const proof = prove(pattern, ...words);
        if (!proof.proven) return;
        const re2 = compile(pattern);
        for (const text of texts) {
          // Letters that only case folding brings in count as the ASCII letter: they are left out here.
          const bytes = Buffer.from(text.replaceAll('\u212a', 'k').replaceAll('\u017f', 's'));
          const found = re2.search(bytes, 0, bytes.length);
          if (found === undefined) continue;
          proofs++;
          const match = bytes.subarray(found.start, found.end).toString('latin1').toLowerCase();
          const first = Math.min(...words.map((w) => match.indexOf(w)).filter((at) => at >= 0));
          expect({ pattern, match, first, ok: first <= proof.before }).toEqual({ pattern, match, first, ok: true });
        }
      },
    ),
    { numRuns: 4000 },
  );
  expect(proofs).toBeGreaterThan(150);
}, 60_000);
