import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import { aroundKeywords } from './around.ts';
import type { AroundRequest } from './around.ts';
import { parseRe2 } from './re2-syntax.ts';
import { randomPattern, randomText } from './test-patterns.ts';

const REQUEST: AroundRequest = { back: 0, inName: false, states: 200 };

type Decide = (text: Uint8Array, keywordAt: number) => boolean;

/** Whether a match may hold a keyword at a place, as the kernel reads the automata. */
function decider(pattern: string, keywords: readonly string[], request: Partial<AroundRequest> = {}): Decide[] {
  const around = aroundKeywords(parseRe2(pattern), keywords, { ...REQUEST, ...request });
  if (around === undefined) return keywords.map(() => () => true);
  const table = Buffer.from(around.table, 'base64');
  const { classes, forward } = around;
  function reads(start: number, rows: number, bytes: Iterable<number>): boolean {
    let state = start;
    for (const byte of bytes) {
      if (state >= 254) break;
      state = table[rows + state * classes + (table[byte] ?? 0)] ?? 0;
    }
    return state !== 254;
  }
  return keywords.map((keyword, i) => (text, at) => {
    const [ahead = 255, back = 255] = around.starts[i] ?? [];
    return (
      reads(ahead, 256, text.subarray(at + keyword.length)) &&
      reads(back, 256 + forward * classes, new Uint8Array(text).subarray(0, at).reverse())
    );
  });
}

/** Of the first `keyword` in a text; `other`: another keyword of the rule. */
function passes(
  pattern: string,
  keyword: string,
  text: string,
  { other = keyword, ...request }: Partial<AroundRequest> & { readonly other?: string } = {},
): boolean {
  const [decide] = decider(pattern, [keyword, other], request);
  const at = text.toLowerCase().indexOf(keyword);
  return decide?.(Buffer.from(text, 'latin1'), at) === true;
}

describe('what stands behind a keyword', () => {
  const pattern = '\\bpass(?:word)?[ \\t]{0,4}[=:][ \\t]{0,4}["\'][0-9a-z]{6,40}["\']';
  test.each([
    ['pass = "hunter2"', true],
    ["password:\t'hunter2'", true],
    ["password:\t'hunter2' and more", true],
    ['passing = "hunter2"', false],
    ['password = hunter2', false],
    ['password = "hunt"', false],
    ['password = "hunter 2"', false],
    // More may follow where the slice ends.
    ['password = "hunt', true],
  ])('%s', (text, isPossible) => {
    expect(passes(pattern, 'pass', text)).toBe(isPossible);
  });

  test('upper bounds of repeats do not count', () => {
    expect(passes(pattern, 'pass', `pass${' '.repeat(9)}= "${'x'.repeat(60)}"`)).toBe(true);
  });

  test('bytes above ASCII may be any characters above ASCII', () => {
    expect(passes('key[é-ü]=', 'key', 'key\xc3\xa9=')).toBe(true);
    expect(passes('key[é-ü]=', 'key', 'key\xe9=')).toBe(true);
    expect(passes('key[é-ü]=', 'key', 'key\xc3\xa9-')).toBe(false);
    expect(passes('key[a-z]=', 'key', 'key\xc3\xa9=')).toBe(false);
  });

  test('an end of the text is none in the middle of it', () => {
    expect(passes('key=(?:;|$)', 'key', 'key=;')).toBe(true);
    expect(passes('key=(?:;|$)', 'key', 'key=')).toBe(true);
    expect(passes('key=(?:;|$)', 'key', 'key=x')).toBe(false);
    expect(passes('(?m:key=(?:;|$))', 'key', 'key=\n')).toBe(true);
  });
});

describe('what stands before a keyword', () => {
  const pattern = '(?:^|[;&])[ \\t]{0,3}"?(?i:key)=';
  test.each([
    ['a=b; "KEY=', true],
    ['key=', true],
    ['  key=', true],
    ['monkey=', false],
    ['a=b, key=', false],
  ])('%s', (text, isPossible) => {
    expect(passes(pattern, 'key', text, { back: 5 })).toBe(isPossible);
  });
});

describe('a keyword in a name', () => {
  const pattern = '[a-z_]{0,20}(?:key|token)_?[0-9]{0,2}=(?P<secret>[a-z=]{8,40})';
  const inName = { back: 30, inName: true, other: 'token' };
  test('counts where the pattern spells it out', () => {
    expect(passes(pattern, 'key', 'my_key_1=abcdefgh', inName)).toBe(true);
    expect(passes(pattern, 'key', 'token=xxxkey=abcdefgh', inName)).toBe(true);
  });
  test.each(['token=abcdkeyefgh', 'key_token=abcdefgh'])(
    'and not as a part of the value, or of another name: %s',
    (text) => {
      expect(passes(pattern, 'key', text, inName)).toBe(false);
      expect(passes(pattern, 'key', text, { ...inName, inName: false })).toBe(true);
    },
  );
  test('only where each match spells one out', () => {
    const open = '[a-z]{0,9}(?:key|[a-z]{3})=[0-9]{4}';
    expect(passes(open, 'key', 'keyabc=1234', { back: 9, inName: true })).toBe(true);
  });
});

test('too many states to tell apart, and patterns that are too large, refuse nothing that is far away', () => {
  const many = 'key(?:a[xy]{12}|[ab]x[xyz]{11}|[abc]y{0,3}[xz]{9})=';
  for (const states of [1, 4, 16, 400]) {
    expect(passes(many, 'key', `keya${'x'.repeat(12)}=`, { states })).toBe(true);
    expect(passes(many, 'key', `keya${'x'.repeat(12)}-`, { states })).toBe(states < 400);
  }
  expect(aroundKeywords(parseRe2('key=[a-z]{600}[0-9]{600}[a-f]{600}[x-z]{600}'), ['key'], REQUEST)).toBeUndefined();
});

test('where RE2 finds a match, its automata pass', () => {
  const keywords = ['key', 'ab', 'k', 'sk'];
  let passed = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      randomPattern(),
      fc.constantFrom(0, 1, 3),
      fc.constantFrom(3, 40),
      fc.array(randomText, { minLength: 6, maxLength: 6 }),
      fc.boolean(),
      (pattern, back, states, texts, latin) => {
        const deciders = decider(pattern, keywords, { back, states });
        const re2 = compile(pattern);
        for (const text of texts) {
          const utf8 = Buffer.from(text);
          // As the engine does with what is not UTF-8: RE2 reads the transcoded text, the kernel the raw bytes.
          const raw = latin ? Buffer.from(text.replaceAll(/[^\0-\xff]/gu, 'a'), 'latin1') : utf8;
          const read = latin ? Buffer.from(raw.toString('latin1')) : utf8;
          const toRaw = (at: number): number => (latin ? read.subarray(0, at).toString().length : at);
          const lower = raw.toString('latin1').toLowerCase();
          const held = keywords.map(() => new Set<number>());
          for (let from = 0; from <= read.length; from++) {
            const found = re2.search(read, from, read.length);
            if (found === undefined) break;
            const [start, end] = [toRaw(found.start), toRaw(found.end)];
            keywords.forEach((keyword, i) => {
              for (let k = start; k <= Math.min(start + back, end - keyword.length); k++)
                if (lower.startsWith(keyword, k)) held[i]?.add(k);
            });
          }
          keywords.forEach((keyword, i) => {
            for (let k = lower.indexOf(keyword); k >= 0; k = lower.indexOf(keyword, k + 1)) {
              const isPossible = deciders[i]?.(raw, k) === true;
              if (held[i]?.has(k) === true) {
                expect(isPossible, `${keyword} at ${k} of ${JSON.stringify(text)} in ${pattern}`).toBe(true);
                passed++;
              } else if (!isPossible) refused++;
            }
          });
        }
      },
    ),
    { numRuns: 1500 },
  );
  expect(passed).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
}, 60_000);
