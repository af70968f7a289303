/**
 * Files that change from version to version as a generator wants them to: secrets cut, moved, joined and repeated, what is
 * encoded edited at its ends, comments and line ends that come and go, texts that become empty or longer than a copy of a
 * delta. From a description that shrinks well.
 */
import * as fc from 'fast-check';
import type { Ruleset } from '../../packages/core/src/types/index.ts';
import { applyStep, type Edit, type Step, type Version } from './delta-chain.ts';
import { disguised, DISGUISES, type Disguise, SECRETS } from './hidden-history.ts';
import { type PlantedLine, plantedLines, ruleExamples } from './rule-examples.ts';

/** What texts are made of. */
export interface Materials {
  readonly secrets: readonly PlantedLine[];
  /** Of every kind, some of many lines. */
  readonly examples: readonly Uint8Array[];
}

export function materialsOf(ruleset: Ruleset, seed: string): Materials {
  return {
    secrets: plantedLines(ruleset, seed, SECRETS),
    examples: ruleExamples(ruleset, seed).map(({ text }) => text),
  };
}

type Piece =
  | { readonly kind: 'line'; readonly number: number; readonly disguise: Disguise; readonly width: number }
  | { readonly kind: 'example'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string }
  /** Makes the places behind it lie beyond 64 KiB. */
  | { readonly kind: 'long'; readonly length: number };

export type Change =
  /** Bytes of the version before, by thousandths of its length. */
  | { readonly kind: 'copy'; readonly from: number; readonly length: number }
  /** Cut in the middle of a planted secret: all up to it, or from it on. */
  | { readonly kind: 'until' | 'from'; readonly secret: number; readonly offset: number }
  /** A line in the middle of a block is put in anew: `over` bytes of the version before are left out. */
  | { readonly kind: 'edit'; readonly at: number; readonly over: number; readonly pieces: readonly Piece[] }
  | { readonly kind: 'insert'; readonly pieces: readonly Piece[] };

export interface TextHistory {
  readonly first: readonly Piece[];
  /** Nothing at all: an empty text. */
  readonly changes: readonly (readonly Change[])[];
}

const INSERTED = [
  ...['\n', ' ', '"', '=', 'a', 'é', '\\', '\0', '\r\n', '\n  ', 'A', '+', '-', '%', '&', ';'],
  ...['-----BEGIN ', '# unleak:allow\n', '// gitleaks:allow\n', 'ghp_', 'password = "', 'x'.repeat(300)],
];

const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('line' as const),
      number: fc.nat(SECRETS - 1),
      disguise: fc.constantFrom(...DISGUISES),
      width: fc.constantFrom(0, 0, 64, 76),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('example' as const), number: fc.nat(100_000) }) },
  { weight: 6, arbitrary: fc.constantFrom(...INSERTED).map((text) => ({ kind: 'text' as const, text })) },
);
const longPiece: fc.Arbitrary<Piece> = fc.record({
  kind: fc.constant('long' as const),
  length: fc.integer({ min: 65_000, max: 66_000 }),
});
const pieces = fc.array(piece, { minLength: 1, maxLength: 6 });
const change: fc.Arbitrary<Change> = fc.oneof(
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
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      at: fc.nat(1000),
      over: fc.oneof(fc.nat(3), fc.nat(100)),
      pieces: fc.array(piece, { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert' as const), pieces }) },
);
const smallChange = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    at: fc.nat(1000),
    over: fc.nat(3),
    pieces: fc.array(piece, { maxLength: 1 }),
  }),
);
const first = fc.oneof(
  { weight: 9, arbitrary: pieces },
  { weight: 1, arbitrary: fc.tuple(longPiece, pieces).map(([long, rest]) => [long, ...rest]) },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** Most of few versions, some of so many that deltas become 50 deep. */
export const textHistory: fc.Arbitrary<TextHistory> = fc.oneof(
  {
    weight: 19,
    arbitrary: fc.record({
      first,
      changes: fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      first: pieces,
      changes: fc.array(
        smallChange.map((one) => [one]),
        { minLength: 62, maxLength: 66 },
      ),
    }),
  },
);

/** The texts of a history, each with how it derives from the one before. */
export function versionsOf(history: TextHistory, materials: Materials): readonly (Version & { readonly step: Step })[] {
  const bytes = Uint8Array.from(Buffer.concat(history.first.map((each) => pieceBytes(each, materials))));
  const versions: (Version & { readonly step: Step })[] = [
    { bytes, copies: new Int32Array(0), step: [{ insert: bytes }] },
  ];
  for (const changes of history.changes) {
    const base = versions.at(-1)?.bytes ?? bytes;
    const step = changes.flatMap((each) => editsOf(base, each, materials));
    versions.push({ ...applyStep(base, step), step });
  }
  return versions;
}

/** Long enough, and with copies of copies it would double with each version. */
const MAX_BYTES = 300_000;

function editsOf(base: Uint8Array, each: Change, materials: Materials): readonly Edit[] {
  const part = (thousandths: number): number => Math.floor((thousandths * base.length) / 1000);
  const inserts = (all: readonly Piece[]): readonly Edit[] =>
    base.length > MAX_BYTES ? [] : all.map((one) => ({ insert: pieceBytes(one, materials) }));
  const copy = (from: number, to: number): Edit => {
    const start = Math.max(0, Math.min(base.length, from));
    return { copy: [start, Math.max(0, Math.min(base.length, to, start + MAX_BYTES) - start)] };
  };
  switch (each.kind) {
    case 'insert':
      return inserts(each.pieces);
    case 'copy':
      return [copy(part(each.from), part(each.from) + Math.ceil((each.length * base.length) / 1000))];
    case 'edit':
      return [copy(0, part(each.at)), ...inserts(each.pieces), copy(part(each.at) + each.over, base.length)];
    case 'until':
    case 'from': {
      const { secrets } = materials;
      const at = Buffer.from(base).indexOf(secrets[each.secret % secrets.length]?.secret ?? '', 0, 'latin1');
      const cut = Math.max(0, at) + each.offset;
      return [each.kind === 'until' ? copy(0, cut) : copy(cut, base.length)];
    }
  }
}

function pieceBytes(each: Piece, { secrets, examples }: Materials): Uint8Array {
  switch (each.kind) {
    case 'text':
      return Buffer.from(each.text);
    case 'long':
      return Buffer.from('var q=[0,1,"é"];'.repeat(Math.ceil(each.length / 16)));
    case 'example':
      return Buffer.concat([examples[each.number % examples.length] ?? new Uint8Array(0), Buffer.from('\n')]);
    case 'line': {
      const text = disguised(secrets[each.number % secrets.length]?.line ?? '', each.disguise);
      const isWrapped = each.width > 0 && each.disguise.startsWith('base64');
      const lines = isWrapped ? text.replaceAll(new RegExp(`.{${each.width}}`, 'g'), '$&\n') : text;
      return Buffer.from(`${lines}\n`);
    }
  }
}
