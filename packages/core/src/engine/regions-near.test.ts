/** Regions of texts that derive from another: looked for around what is new alone, found as in the whole text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascii } from '../bytes/ascii.ts';
import { linearMemory } from '../bytes/linear-memory.ts';
import type { Base } from './occurrence-scan.ts';
import { RegionScan } from './regions.ts';
import type { Region } from './regions.ts';
import { placedText } from './test-placing.ts';

interface Copy {
  readonly source: number;
  readonly target: number;
  readonly length: number;
}

const b64 = (text: string): string => Buffer.from(text).toString('base64');

const piece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('if', 'else', 'a_b', 'path/to', 'x', '0', '--', '%', '&', '\\', '\\n', '%d', '&x'),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(' ', '\n', '\r\n', '\n  ', '(', '"', "'", ';', '<', '>', '\t', 'é', '{', '}', '='),
  },
  { weight: 2, arbitrary: fc.nat(70).map((length) => 'Ab9'.repeat(24).slice(0, length)) },
  { weight: 1, arbitrary: fc.nat(70).map((length) => ' '.repeat(length)) },
  { weight: 1, arbitrary: fc.nat(70).map((length) => ';'.repeat(length)) },
  { weight: 2, arbitrary: fc.constantFrom(b64('Some Text with 12 in it'), b64('Z9 '.repeat(45)).slice(0, 60)) },
  { weight: 1, arbitrary: fc.constantFrom('70617373776f7264206973206f6b206f6b', '%41', '\\u0041', '&amp;', '&#65;') },
  { weight: 1, arbitrary: fc.constantFrom('\0', 'A\0B\0C\0D\0E\0F\0G\0H\0I\0') },
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
/** Places of a text, as parts of a thousand, and what stands between what is copied from there. */
const steps = fc.array(
  fc.record({ from: fc.nat(1000), to: fc.nat(1000), insert: fc.oneof(fc.constant(''), piece, text.map(String)) }),
  { minLength: 1, maxLength: 6 },
);

function derive(base: Uint8Array, made: typeof steps extends fc.Arbitrary<infer T> ? T : never): [Buffer, Copy[]] {
  const parts: Uint8Array[] = [];
  const copies: Copy[] = [];
  let target = 0;
  for (const { from, to, insert } of made) {
    const source = Math.floor((Math.min(from, to) * base.length) / 1000);
    const copied = base.subarray(source, Math.floor((Math.max(from, to) * base.length) / 1000));
    if (copied.length > 0) copies.push({ source, target, length: copied.length });
    const inserted = Buffer.from(insert);
    parts.push(copied, inserted);
    target += copied.length + inserted.length;
  }
  return [Buffer.concat(parts), copies];
}

/** Whether one copy has all bytes of a region's extent, and the end of the base where that of the text was seen. */
function isCopied({ extent }: Region, copies: readonly Copy[], base: number, length: number): boolean {
  return copies.some((copy) => {
    const first = copy.source === 0 && copy.target === 0 ? -Infinity : copy.target;
    const end = copy.target + copy.length;
    const last = copy.source + copy.length === base && end === length ? Infinity : end;
    return extent.start >= first && extent.end <= last;
  });
}

function placedBase(bytes: Uint8Array, copies: readonly Copy[]): Base {
  const memory = linearMemory();
  const runs = memory.allocate(copies.length * 12);
  memory.words.set(
    copies.flatMap(({ source, target, length }) => [source, target, length]),
    runs >> 2,
  );
  return { occurrences: 0, count: 0, length: bytes.length, runs, runCount: copies.length };
}

function shown(regions: readonly Region[]): string[] {
  return regions.map(({ kind, start, end, extent, lines }) =>
    JSON.stringify({ kind, start, end, extent, lines: [...lines] }),
  );
}

/** What is found in a text that is told to derive from the base, and what has to be. */
function bothWays(base: Uint8Array, derived: Uint8Array, copies: readonly Copy[]): [string[], string[]] {
  const scan = new RegionScan();
  scan.find(placedText(base), undefined, undefined);
  const known = { hot: 0, hotCount: 0, hasNul: scan.hasNul, dependsOnWhole: scan.dependsOnWhole };
  const placed = placedText(derived);
  const found = scan.find(placed, placedBase(base, copies), known);
  const whole = scan.find(placed, undefined, undefined);
  return [shown(found), shown(whole.filter((region) => !isCopied(region, copies, base.length, derived.length)))];
}

test('what is found around inserts and seams is what is new in the whole text', () => {
  fc.assert(
    fc.property(text, steps, (base, made) => {
      const [derived, copies] = derive(base, made);
      fc.pre(copies.length > 0);
      const [found, expected] = bothWays(base, derived, copies);
      expect(found).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});

const ENCODED = b64('Z9 some text of forty-five bytes, and some more.');
const LINE = ENCODED.slice(0, 60);
const SHORTEST = b64('Some 12 Texts here');

test.each([
  [
    'a line above, behind a wide indentation',
    `(${LINE}\n${' '.repeat(40)}${ENCODED.slice(60, 62)}`,
    `${ENCODED.slice(62)})`,
  ],
  ['a run that begins far before', `(${LINE}`, `${ENCODED.slice(60)})`],
  ['a run on the next line, behind a wide indentation', '(x', `y\n${' '.repeat(30)}${SHORTEST})`],
  ['the shortest run', `(${SHORTEST.slice(0, 12)}`, `${SHORTEST.slice(12)})`],
  ['a run of escapes that begins far before', `(%41${';'.repeat(50)}`, ';)'],
  ['a run of escapes that ends far behind', '(x', `${';'.repeat(50)}%41)`],
  ['an escape that is cut in two', '(x%4', '1y)'],
])('what depends on where two halves meet: %s', (_, before, behind) => {
  const words = ' a few words, and some more of them ';
  const whole = ascii(words + before + behind + words);
  const cut = words.length + before.length;
  const halves = [
    { source: 0, target: 0, length: cut },
    { source: cut, target: cut, length: whole.length - cut },
  ];
  const [found, expected] = bothWays(whole, whole, halves);
  expect(expected).toHaveLength(1);
  expect(found).toEqual(expected);
});
