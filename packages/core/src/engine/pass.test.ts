import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii } from '../bytes/ascii.ts';
import type { Rule } from '../types/index.ts';
import { linearMemory } from '../bytes/linear-memory.ts';
import { createScanner } from './scanner.ts';
import type { ScanOutcome } from './scanner.ts';
import { testRule, testRuleset } from './test-rules.ts';
import type { TextMemory } from './text-memory.ts';

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

interface Version {
  readonly bytes: Uint8Array;
  /** As in Inherit.copies, joined where source and target go on. */
  readonly copies: Int32Array;
}

type Step = readonly { readonly copy?: readonly [number, number]; readonly insert?: string }[];

/** Applies copies (source offset and length, taken modulo the base) and inserts in order. */
function apply(base: Uint8Array, step: Step): Version {
  const parts: Uint8Array[] = [];
  const copies: number[] = [];
  let dst = 0;
  for (const { copy, insert } of step) {
    let part = ascii(insert ?? '');
    if (copy !== undefined && base.length > 0) {
      const src = copy[0] % base.length;
      const length = Math.min(copy[1], base.length - src);
      part = base.slice(src, src + length);
      pushRun(copies, src, dst, length);
    }
    parts.push(part);
    dst += part.length;
  }
  return { bytes: Uint8Array.from(parts.flatMap((p) => [...p])), copies: Int32Array.from(copies) };
}

function pushRun(copies: number[], source: number, target: number, length: number): void {
  if (length === 0) return;
  const [lastSource = -1, lastTarget = -1, lastLength = 0] = copies.slice(-3);
  if (lastSource + lastLength === source && lastTarget + lastLength === target)
    copies.splice(-1, 1, lastLength + length);
  else copies.push(source, target, length);
}

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
let found = 0;

function summary({ result, memory }: ScanOutcome): unknown {
  return {
    hits: result?.hits.map((h) => [h.program.rule.id, h.span, h.match, h.alsoMatched, h.decoded]) ?? [],
    cut: result?.cut ?? [],
    records: [...(memory?.records.entries() ?? [])]
      .map(([key, { at, found }]) => [key, at, found.match, found.secret] as const)
      .sort((a, b) => a[0] - b[0]),
    cuts: [...(memory?.cuts ?? [])].sort((a, b) => a - b),
    occurrences: memory === undefined ? [] : occurrencesOf(memory),
    regions: [...(memory?.regions ?? [])]
      .map(([key, part]) => [key, part.decoder, part.extent, part.kind, part.bytes.length] as const)
      .sort((a, b) => a[0] - b[0]),
    hasNul: memory?.hasNul,
  };
}

/** Positions and anchors, without the mark of those that have a result. */
function occurrencesOf({ occurrences, count }: TextMemory): number[] {
  return [...linearMemory().words.subarray(occurrences >> 2, (occurrences >> 2) + 2 * count)].map(
    (word) => word & 0x7fffffff,
  );
}

describe('inheriting from a base', () => {
  const scanner = createScanner(testRuleset(...rules));

  test('gives the occurrences, records, hits and flags of a whole scan, over chains of copies and inserts', () => {
    fc.assert(
      fc.property(words, fc.array(step, { minLength: 1, maxLength: 5 }), (first, steps) => {
        let bytes: Uint8Array = ascii(first);
        let memory: TextMemory | undefined = scanner.scanText(bytes, { remember: true }).memory;
        for (const s of steps) {
          const next = apply(bytes, s);
          expect(memory).toBeDefined();
          if (memory === undefined) return;
          const derived = scanner.scanText(next.bytes, {
            remember: true,
            inherit: { base: memory, copies: next.copies },
          });
          expect(summary(derived)).toEqual(summary(scanner.scanText(next.bytes, { remember: true })));
          bytes = next.bytes;
          memory = derived.memory;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('gives the decoded regions of a whole scan, over chains of edits of encoded text', () => {
    fc.assert(
      fc.property(encodedWords, fc.array(encodedStep, { minLength: 1, maxLength: 5 }), (first, steps) => {
        let bytes: Uint8Array = ascii(first);
        let memory: TextMemory | undefined = scanner.scanText(bytes, { remember: true }).memory;
        for (const s of steps) {
          const next = apply(bytes, s);
          if (memory === undefined) throw new Error('nothing was remembered');
          const derived = scanner.scanText(next.bytes, {
            remember: true,
            inherit: { base: memory, copies: next.copies },
          });
          expect(summary(derived)).toEqual(summary(scanner.scanText(next.bytes, { remember: true })));
          bytes = next.bytes;
          memory = derived.memory;
        }
        found += memory?.regions.size ?? 0;
      }),
      { numRuns: 3000 },
    );
    // Or the comparison says nothing.
    expect(found).toBeGreaterThan(1000);
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
