/**
 * Texts that say how they derive from one another give the hits of texts that say nothing: with the real rules, and edits
 * that cut through secrets, move them, repeat them, and change what stands beside them.
 */
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Text, TextReport } from '../../packages/core/src/types/index.ts';
import { createTextScanner, type TextScanner } from '../../packages/core/src/pipeline/text-scanner.ts';
import { disguised, DISGUISES, type Disguise, SECRETS } from '../support/hidden-history.ts';
import { scanSettings } from '../support/real-scan.ts';
import { plantedLines, type PlantedLine, ruleExamples } from '../support/rule-examples.ts';

let inheriting: TextScanner;
let whole: TextScanner;
let secrets: readonly PlantedLine[];
/** Examples of every kind, some of many lines. */
let examples: readonly Uint8Array[];
beforeAll(async () => {
  const settings = await scanSettings();
  inheriting = createTextScanner({ ...settings, inherit: true });
  whole = createTextScanner({ ...settings, inherit: false });
  secrets = plantedLines(settings.ruleset, 'inherit', SECRETS);
  examples = ruleExamples(settings.ruleset, 'inherit').map(({ text }) => text);
}, 120_000);

type Piece =
  | { readonly kind: 'line'; readonly number: number; readonly disguise: Disguise }
  | { readonly kind: 'example'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string };

type Edit =
  /** Bytes of the base, by thousandths of its length. */
  | { readonly kind: 'copy'; readonly from: number; readonly length: number }
  /** Cut in the middle of a planted secret: all of the base up to it, or from it on. */
  | { readonly kind: 'until' | 'from'; readonly secret: number; readonly offset: number }
  | { readonly kind: 'insert'; readonly pieces: readonly Piece[] };

const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('line' as const),
      number: fc.nat(SECRETS - 1),
      disguise: fc.constantFrom(...DISGUISES),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('example' as const), number: fc.nat(100_000) }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        '\n',
        ' ',
        '"',
        '=',
        '-----BEGIN ',
        'a',
        'é',
        '# unleak:allow\n',
        '// gitleaks:allow\n',
        'ghp_',
        'password = "',
        '\\',
        '\0',
        'x'.repeat(300),
      )
      .map((text) => ({ kind: 'text' as const, text })),
  },
);
const pieces = fc.array(piece, { minLength: 1, maxLength: 6 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('copy' as const),
      from: fc.nat(999),
      length: fc.oneof(fc.nat(1000), fc.nat(60)),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'copy' as const, from: 0, length: 1000 }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('until' as const, 'from' as const),
      secret: fc.nat(SECRETS - 1),
      offset: fc.integer({ min: -3, max: 40 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert' as const), pieces }) },
);
const version = fc.array(edit, { minLength: 1, maxLength: 5 });

function bytesOf(each: Piece): Uint8Array {
  if (each.kind === 'text') return Buffer.from(each.text);
  if (each.kind === 'example')
    return Buffer.concat([examples[each.number % examples.length] ?? new Uint8Array(0), Buffer.from('\n')]);
  return Buffer.from(`${disguised(secrets[each.number % secrets.length]?.line ?? '', each.disguise)}\n`);
}

function applyEdits(
  base: Uint8Array,
  edits: readonly Edit[],
): { readonly bytes: Uint8Array; readonly copies: Int32Array } {
  const parts: Uint8Array[] = [];
  const copies: number[] = [];
  let dst = 0;
  const push = (bytes: Uint8Array): void => {
    parts.push(bytes);
    dst += bytes.length;
  };
  const copy = (from: number, to: number): void => {
    const src = Math.max(0, Math.min(base.length, from));
    const length = Math.max(0, Math.min(base.length, to) - src);
    if (length > 0) copies.push(src, dst, length);
    push(base.slice(src, src + length));
  };
  for (const each of edits) {
    if (each.kind === 'insert') each.pieces.forEach((one) => push(bytesOf(one)));
    else if (each.kind === 'copy') {
      const from = Math.floor((each.from * base.length) / 1000);
      copy(from, from + Math.ceil((each.length * base.length) / 1000));
    } else {
      const at = Buffer.from(base).indexOf(secrets[each.secret % secrets.length]?.secret ?? '', 0, 'latin1');
      const cut = Math.max(0, at) + each.offset;
      if (each.kind === 'until') copy(0, cut);
      else copy(cut, base.length);
    }
  }
  return { bytes: Uint8Array.from(Buffer.concat(parts)), copies: Int32Array.from(copies) };
}

test('hits with inheritance are the hits without, over chains of edits', { timeout: 600_000 }, () => {
  let chain = 0;
  let inherited = 0;
  fc.assert(
    fc.property(pieces, fc.array(version, { minLength: 1, maxLength: 4 }), (first, versions) => {
      chain += 1;
      let bytes = Uint8Array.from(Buffer.concat(first.map(bytesOf)));
      const texts: Text[] = [{ id: `${chain}/0`, bytes, keep: 0 }];
      for (const [at, edits] of versions.entries()) {
        const next = applyEdits(bytes, edits);
        texts.push({
          id: `${chain}/${at + 1}`,
          bytes: next.bytes,
          keep: at + 1,
          inherit: { base: at, copies: next.copies },
        });
        bytes = Uint8Array.from(next.bytes);
        inherited += next.copies.length / 3;
      }
      for (const text of texts) {
        const derived: TextReport | undefined = inheriting.scan(text);
        expect(derived).toEqual(whole.scan(text));
      }
    }),
    { numRuns: 600, seed: 20260305 },
  );
  expect(inherited).toBeGreaterThan(1000);
});
