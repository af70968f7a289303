import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareChain, scanChain, type Step } from '../../../../test/support/delta-chain.ts';
import { ascii } from '../bytes/ascii.ts';
import type { Rule } from '../types/index.ts';
import { createScanner } from './scanner.ts';
import { testRule, testRuleset } from './test-rules.ts';

/** Byte flags in hex, as in `Rule.after`. */
function flags(bytes: string): string {
  const out = new Uint8Array(32);
  for (const b of ascii(bytes)) out[b >> 3] = (out[b >> 3] ?? 0) | (1 << (b & 7));
  return Buffer.from(out).toString('hex');
}

/** Rules of every kind over a nasty little alphabet: prefix, greedy, lazy, capped, boundaries, ends, overlapping keywords. */
const rules: readonly Rule[] = [
  testRule({
    id: 'prefix',
    keywords: ['ghp'],
    pattern: '\\b(?P<secret>ghp[ab]{2,4})\\b',
    reach: { class: 'bounded', back: 0, forward: 8, stopAtNext: false, lines: 0 },
  }),
  testRule({
    id: 'ends',
    keywords: ['aaa'],
    pattern: '(?:^|;)(?P<secret>aaa[ab]{0,3})(?:;|$)',
    reach: { class: 'bounded', back: 1, forward: 8, stopAtNext: false, lines: 0 },
  }),
  testRule({
    id: 'phase',
    keywords: ['aaa'],
    pattern: '(?P<secret>a{3})',
    reach: { class: 'bounded', back: 2, forward: 3, stopAtNext: false, lines: 0 },
  }),
  testRule({
    id: 'next',
    keywords: ['=ba'],
    pattern: '(?P<secret>=ba[ab]{2})',
    reach: { class: 'bounded', back: 0, forward: 5, stopAtNext: false, lines: 0 },
    after: [{ set: flags('ab'), min: 2 }],
  }),
  testRule({
    id: 'lazy',
    keywords: ['ghp'],
    pattern: 'ghp(?P<secret>[ab;=\\n]*?)=;',
    reach: { class: 'open', back: 0, forward: 14, stopAtNext: false, lines: 0 },
  }),
  testRule({
    id: 'stop',
    keywords: ['ghp'],
    pattern: 'ghp(?P<secret>[ghpab;]*)=',
    reach: { class: 'open', back: 0, forward: 18, stopAtNext: true, lines: 0 },
  }),
  testRule({
    id: 'greedy',
    keywords: ['b=;'],
    pattern: '(?P<secret>[ab]{1,6}=;[ab]+)',
    reach: { class: 'open', back: 6, forward: 10, stopAtNext: false, lines: 0 },
  }),
  testRule({
    id: 'text',
    keywords: ['p=\u0061'],
    pattern: 'p=(?P<secret>[^;]{1,4})',
    reach: { class: 'bounded', back: 0, forward: 20, stopAtNext: false, lines: 0 },
  }),
  testRule({
    id: 'lines',
    keywords: ['aab'],
    pattern: '(?:^|[^b])aab[ab;\\n]*?(?P<secret>=+)(?:[;b\\n]|$)',
    reach: { class: 'open', back: 12, forward: 30, stopAtNext: false, lines: 2 },
  }),
  testRule({
    id: 'lines and next',
    keywords: ['b;a'],
    pattern: '(?P<secret>[a=\\n]*b;a[ab=\\n]*)',
    reach: { class: 'open', back: 9, forward: 12, stopAtNext: true, lines: 1 },
  }),
];

const piece = fc.constantFrom('ghp', 'gh', 'p', 'a', 'aa', 'b', ';', '=', '\n', '=;', 'é', 'p=a');
const words = fc.array(piece, { maxLength: 30 }).map((a) => a.join(''));
const step: fc.Arbitrary<Step> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.nat(80), fc.oneof(fc.nat(6), fc.nat(60), fc.constant(1000))).map((copy) => ({ copy })),
    },
    { weight: 1, arbitrary: fc.constant({ copy: [0, 1000] as const }) },
    { weight: 2, arbitrary: fc.array(piece, { maxLength: 3 }).map((a) => ({ insert: a.join('') })) },
  ),
  { maxLength: 6 },
);

/** Text with something to find, of a length that makes lines of 60 and of 64 digits and shorter ones. */
const plain = (length: number): Buffer => Buffer.from(`Aa9 ghpabab ;ghpaa= Zz1 ${'kL7 '.repeat(9)}`.slice(0, length));
const encodedPiece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(48, 48, 45, 30, 18, 12).map((n) => plain(n).toString('base64')) },
  { weight: 1, arbitrary: fc.constant(plain(24).toString('hex')) },
  { weight: 1, arbitrary: fc.constant(Buffer.from(plain(30).toString('base64')).toString('base64')) },
  { weight: 1, arbitrary: fc.constant(Buffer.from(plain(24).toString(), 'utf16le').toString('latin1')) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['\n', '\n', '\r\n', '\n  ', '\r', ' ', '"', '-', '+', '/', 'a', 'A1b', '=', '\0', '&', '%', '\\'],
      ...['%67hpab', '\\u0067hpabab', '&#103;hpaa;', 'ghpab', '%3b%26amp;', 'x%67'],
    ),
  },
);
const encodedWords = fc.array(encodedPiece, { maxLength: 12 }).map((a) => a.join(''));
const encodedStep: fc.Arbitrary<Step> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.nat(700), fc.oneof(fc.nat(20), fc.nat(300), fc.constant(1000))).map((copy) => ({ copy })),
    },
    { weight: 2, arbitrary: fc.constant({ copy: [0, 1000] as const }) },
    { weight: 2, arbitrary: encodedPiece.map((insert) => ({ insert })) },
  ),
  { maxLength: 6 },
);
describe('inheriting from a base', () => {
  const scanner = createScanner(testRuleset(...rules));

  test('gives the occurrences, records, hits and flags of a whole scan, over chains of copies and inserts', () => {
    let found = 0;
    fc.assert(
      fc.property(words, fc.array(step, { minLength: 1, maxLength: 5 }), (first, steps) => {
        found += compareChain(scanner, first, ...steps);
      }),
      { numRuns: 3000 },
    );
    // Or the comparison says nothing.
    expect(found).toBeGreaterThan(1000);
  });

  test('gives the decoded regions of a whole scan, over chains of edits of encoded text', () => {
    let found = 0;
    fc.assert(
      fc.property(encodedWords, fc.array(encodedStep, { minLength: 1, maxLength: 5 }), (first, steps) => {
        found += compareChain(scanner, first, ...steps);
      }),
      { numRuns: 3000 },
    );
    // Or the comparison says nothing.
    expect(found).toBeGreaterThan(1000);
  });

  test.each(['\n', '\r\n', '\n  '])(
    'gives them wherever a byte is put into or taken from lines of base64 that end with %j',
    (lineEnd) => {
      let found = 0;
      for (const width of [60, 64]) {
        for (const last of [1, 8, 16, 23, 24, 32]) {
          const digits = plain(48).toString('base64').repeat(3);
          const lines = [
            digits.slice(0, width),
            digits.slice(width, 2 * width),
            digits.slice(2 * width).slice(0, last),
          ];
          const text = `x "${lines.join(lineEnd)}" y`;
          for (let at = width; at <= text.length; at++) {
            const before = { copy: [0, at] } as const;
            const insert = at % 3 === 0 ? 'a' : at % 3 === 1 ? ' ' : '\n';
            found += compareChain(scanner, text, [before, { insert }, { copy: [at, text.length] }]);
            if (at < text.length) found += compareChain(scanner, text, [before, { copy: [at + 1, text.length] }]);
          }
        }
      }
      // Or the comparison says nothing.
      expect(found).toBeGreaterThan(1000);
    },
  );

  test('asks again about a keyword in a long run, if what a rule looks at has changed, however far that is', () => {
    const reach = { class: 'bounded', stopAtNext: false, lines: 0 } as const;
    const near = createScanner(
      testRuleset(
        // Another keyword, in the same run before the one that counts.
        testRule({ id: 'other', keywords: ['bab'], pattern: 'bab(?P<secret>q)' }),
        testRule({
          id: 'before',
          keywords: ['key'],
          pattern: '(?P<secret>[ab]{8}key)',
          reach: { ...reach, back: 8, forward: 3 },
        }),
        testRule({
          id: 'behind',
          keywords: ['kez'],
          pattern: '(?P<secret>kez[ab]{4})',
          reach: { ...reach, back: 0, forward: 7 },
        }),
        testRule({
          id: 'far before',
          keywords: ['kex'],
          pattern: '(?P<secret>zzzz)[.ab]{600}kex',
          reach: { ...reach, back: 604, forward: 3 },
        }),
        testRule({
          id: 'far behind',
          keywords: ['kew'],
          pattern: 'kew[.]{600}(?P<secret>zzzz)',
          reach: { ...reach, back: 0, forward: 607 },
        }),
      ),
    );
    const long = '.'.repeat(600);
    for (const [text, at] of [
      [`-babaaaakey${long}${long}`, 0],
      [`bab${long}${long}kezaaa-`, 1209],
      [`-zzzbab${long.slice(3)}kex${long}${long}`, 0],
      [`bab${long}${long}kew${long}zzz-`, 1809],
    ] as const) {
      const letter = text.includes('z-') || text.startsWith('-z') ? 'z' : 'a';
      const edited = [{ copy: [0, at] }, { insert: letter }, { copy: [at + 1, text.length] }] as const;
      const undone = [{ copy: [0, at] }, { insert: '-' }, { copy: [at + 1, text.length] }] as const;
      expect(scanChain(near, text, edited, undone).map(({ hits }) => hits.length)).toEqual([0, 1, 0]);
    }
  });

  test('looks again at nothing when the whole base is copied', () => {
    const bytes = ascii('x ghpabab; aaa;ghpaa=; ghp');
    const { memory } = scanner.scanText(bytes, { remember: true });
    const events: string[] = [];
    expect(memory).toBeDefined();
    if (memory === undefined) return;
    scanner.scanText(bytes, {
      inherit: { base: memory, copies: Int32Array.of(0, 0, bytes.length) },
      trace: (e) => e.gate !== 'dedupe' && events.push(e.rule),
    });
    expect(events).toEqual([]);
  });

  test('copies that lie about the base are not used', () => {
    const { memory } = scanner.scanText(ascii('abc'), { remember: true });
    expect(memory).toBeDefined();
    if (memory === undefined) return;
    const text = ascii('ghpabab;ab');
    const hits = scanner.scan(text).hits.map((hit) => hit.span);
    expect(hits).not.toEqual([]);
    for (const copies of [
      [0, 0, 4],
      [0, 9, 3],
      [0, 0, 3, 0, 2, 3],
      [-1, 0, 2],
      [0, -1, 2],
      [0, 0, -2],
      [2 ** 31 - 1, 0, 2 ** 31 - 1],
    ]) {
      const { result } = scanner.scanText(text, { inherit: { base: memory, copies: Int32Array.from(copies) } });
      expect(result?.hits.map((hit) => hit.span)).toEqual(hits);
    }
  });
});
