import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import { maxBytes } from './length.ts';
import { parseRe2 } from './re2-syntax.ts';
import { requiredAfter, requiredRun } from './required.ts';
import type { RequiredBytes } from './required.ts';
import { randomPattern, randomText } from './test-patterns.ts';

function flags(condition: RequiredBytes): Uint8Array {
  const packed = Buffer.from(condition.set, 'hex');
  return Uint8Array.from({ length: 256 }, (_, b) => ((packed[b >> 3] ?? 0) >> (b & 7)) & 1);
}

function longestRun(bytes: Uint8Array, set: Uint8Array): number {
  let longest = 0;
  let run = 0;
  for (const b of bytes) {
    run = set[b] === 1 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function members(condition: RequiredBytes | null | undefined): string {
  if (condition === null || condition === undefined) return 'none';
  const set = flags(condition);
  return [...set.keys()]
    .filter((b) => set[b] === 1)
    .map((b) => String.fromCharCode(b))
    .join('');
}

describe('after the keyword', () => {
  test('a token body must follow its prefix', () => {
    const [after] = requiredAfter(parseRe2('\\bghp_[0-9A-F]{36}\\b'), ['ghp_'], 0);
    expect(after?.min).toBe(36);
    expect(members(after)).toBe('0123456789ABCDEF');
  });

  test('each keyword has its own condition', () => {
    const after = requiredAfter(parseRe2('(?:aaa_[0-9]{8}|bbb-[x-z]{3})'), ['aaa_', 'bbb-', 'ccc'], 0);
    expect(after.map((c) => c?.min ?? null)).toEqual([8, 3, null]);
    expect(members(after[1])).toBe('xyz');
  });

  test('nothing is implied where a match may end with the keyword, or the keyword may stand at its end', () => {
    expect(requiredAfter(parseRe2('key'), ['key'], 0)).toEqual([null]);
    expect(requiredAfter(parseRe2('[a-z]{3}key0{4}'), ['key'], 3)[0]?.min).toBe(4);
    // `keykey0000`: the first `key` is followed by the second one.
    expect(members(requiredAfter(parseRe2('[a-z]{3}key0{4}'), ['key'], 3)[0])).toContain('k');
  });

  test('a short keyword in either case, and texts that are not UTF-8', () => {
    const [after] = requiredAfter(parseRe2('(?i:KEY)[é1]{2}'), ['key'], 0);
    expect(after?.min).toBe(2);
    // Read as Latin-1, é is the single byte E9.
    expect(members(after)).toContain('\xe9');
  });
});

describe('a run somewhere in the match', () => {
  test.each([
    ['key.{0,80}[0-9a-f]{32}', 32, '0123456789abcdef'],
    ['key.?[0-9]{4}-[0-9]{4}-[0-9]{4}', 14, '-0123456789'],
    ['key.?(?:[0-9]{8}|[0-9]{6})', 6, '0123456789'],
    ['(?:key[0-9]{10}){2}', 26, '0123456789eky'],
  ])('%s holds %d bytes of one kind', (pattern, min, set) => {
    const run = requiredRun(parseRe2(pattern));
    expect([run?.min, members(run)]).toEqual([min, set]);
  });

  test('an optional part implies none', () => {
    expect(requiredRun(parseRe2('[0-9]{0,8}|a?'))).toBeUndefined();
  });
});

test('a condition that is not met means that RE2 finds nothing there', () => {
  const keywords = ['key', 'ab', 'k', 'sk'];
  let refused = 0;
  let matched = 0;
  fc.assert(
    fc.property(
      randomPattern(),
      fc.constantFrom(0, 1, 3),
      fc.array(randomText, { minLength: 6, maxLength: 6 }),
      fc.boolean(),
      (pattern, back, texts, latin) => {
        const node = parseRe2(pattern);
        const after = requiredAfter(node, keywords, back);
        const run = requiredRun(node);
        const re2 = compile(pattern);
        for (const text of texts) {
          const utf8 = Buffer.from(text);
          // As the engine does with what is not UTF-8: RE2 reads the transcoded text, the conditions the raw bytes.
          const raw = latin ? Buffer.from(text.replaceAll(/[^\0-\xff]/gu, 'a'), 'latin1') : utf8;
          const read = latin ? Buffer.from(raw.toString('latin1')) : utf8;
          const toRaw = (at: number): number => (latin ? read.subarray(0, at).toString().length : at);
          for (let from = 0; from <= read.length; from++) {
            const found = re2.search(read, from, read.length);
            if (found === undefined) break;
            const [start, end] = [toRaw(found.start), toRaw(found.end)];
            const lower = raw.toString('latin1').toLowerCase();
            expect(
              run === undefined || longestRun(raw.subarray(start, end), flags(run)) >= run.min,
              `run of ${pattern} in ${JSON.stringify(text)}`,
            ).toBe(true);
            keywords.forEach((keyword, i) => {
              const condition = after[i];
              for (
                let k = lower.indexOf(keyword, start);
                k >= 0 && k <= start + back && k + keyword.length <= end;
                k = lower.indexOf(keyword, k + 1)
              ) {
                matched++;
                if (condition === null || condition === undefined) continue;
                const set = flags(condition);
                const next = raw.subarray(k + keyword.length, k + keyword.length + condition.min);
                const holds = next.length === condition.min && next.every((b) => set[b] === 1);
                expect(holds, `after ${keyword} of ${pattern} in ${JSON.stringify(text)}`).toBe(true);
                refused++;
              }
            });
          }
        }
      },
    ),
    { numRuns: 1200 },
  );
  expect(matched).toBeGreaterThan(800);
  expect(refused).toBeGreaterThan(30);
}, 60_000);

test('a pattern that is too large to follow implies nothing after its keywords', () => {
  const pattern = parseRe2(`key${'(?:a{900}b{900}c{900})'.repeat(4)}`);
  expect(maxBytes(pattern)).toBe(3 + 10_800);
  expect(requiredAfter(pattern, ['key'], 0)).toEqual([null]);
});

/** `(?:a|b|…)*` around itself: after every branch comes every branch, once for each star. */
function stars(branches: number, deep: number): string {
  const letters = Array.from({ length: branches }, (_, i) => String.fromCharCode(97 + (i % 26)));
  return `${'(?:'.repeat(deep)}${letters.join('|')}${')*'.repeat(deep)}`;
}

test('a pattern in which everything may follow everything is not followed either', () => {
  expect(requiredAfter(parseRe2(`key[0-9]{4}${stars(26, 2)}`), ['key'], 0)[0]?.min).toBe(4);
  expect(requiredAfter(parseRe2(`key[0-9]{4}${stars(2000, 1)}`), ['key'], 0)).toEqual([null]);
  // Written out, that would be billions of steps.
  expect(requiredAfter(parseRe2(`key[0-9]{4}${stars(8000, 100)}`), ['key'], 0)).toEqual([null]);
});

test('of a pattern of very many parts, a run within one part is found', () => {
  const run = requiredRun(parseRe2(`(?:[0-9]{20})${'x.'.repeat(20_000)}`));
  expect([run?.min, members(run)]).toEqual([20, '0123456789']);
});
