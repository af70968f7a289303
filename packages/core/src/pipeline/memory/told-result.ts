/**
 * What a whole scan of a repository's history came to, kept to be told again while neither the repository nor the
 * settings have changed. JSON, with every hit body, commit and list of branches once.
 */
import type { Located, NotScanned, Plan, Sighting, TextFlags, TextReport } from '../../types/index.ts';
import { createHitTable, hitOf, type HitRow } from './hit-table.ts';

export interface ToldResult {
  readonly describes: string;
  readonly facts: Plan['facts'];
  readonly texts: number;
  readonly bytes: number;
  readonly notScanned: readonly NotScanned[];
  /** Texts with flags, without their hits. */
  readonly flagged: readonly TextReport[];
  /** In the order in which the source gave them. */
  readonly located: readonly Located[];
}

interface Stored extends Omit<ToldResult, 'located' | 'flagged'> {
  readonly settings: string;
  readonly signature: string;
  readonly flagged: readonly (readonly [string, TextFlags])[];
  readonly bodies: Parameters<typeof hitOf>[0];
  /** Values of sightings that occur again and again. */
  readonly shared: readonly unknown[];
  readonly located: readonly (readonly [
    string,
    HitRow,
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, number>>,
  ])[];
}

export function encodeResult(result: ToldResult, settings: string, signature: string): Uint8Array {
  const table = createHitTable();
  const shared = createShared();
  const located = result.located.map(
    ({ text, hit, sighting }) => [text, table.row(hit), ...split(sighting, shared)] as const,
  );
  const { describes, facts, texts, bytes, notScanned } = result;
  const stored: Stored = {
    settings,
    signature,
    describes,
    facts,
    texts,
    bytes,
    notScanned,
    flagged: result.flagged.flatMap(({ text, flags }) => (flags === undefined ? [] : [[text, flags] as const])),
    bodies: table.bodies,
    shared: shared.values,
    located,
  };
  return Buffer.from(JSON.stringify(stored));
}

/** Undefined when it is about another state of the repository, or other settings. @throws SyntaxError, RangeError */
export function decodeResult(content: Buffer, settings: string, signature: string): ToldResult | undefined {
  const stored = JSON.parse(content.toString('utf8')) as Stored;
  if (stored.settings !== settings || stored.signature !== signature) return undefined;
  const { describes, facts, texts, bytes, notScanned, bodies } = stored;
  return {
    describes,
    facts,
    texts,
    bytes,
    notScanned,
    flagged: stored.flagged.map(([text, flags]) => ({ text, hits: [], flags })),
    located: stored.located.map(([text, row, own, references]) => {
      const sighting: Record<string, unknown> = { ...own };
      for (const [name, number] of Object.entries(references)) sighting[name] = stored.shared[number];
      return { text, hit: hitOf(bodies, row), sighting: sighting as unknown as Sighting };
    }),
  };
}

interface Shared {
  readonly values: readonly unknown[];
  numberOf(value: unknown): number;
}

function createShared(): Shared {
  const values: unknown[] = [];
  const numbers = new Map<string, number>();
  return {
    values,
    numberOf(value) {
      const text = JSON.stringify(value);
      let number = numbers.get(text);
      if (number === undefined) {
        number = values.push(value) - 1;
        numbers.set(text, number);
      }
      return number;
    },
  };
}

const OFTEN = new Set(['branches', 'last', 'removed', 'author', 'email', 'message']);

/** A sighting's own values, and the numbers of those that it shares with others. */
function split(
  sighting: Sighting,
  shared: Shared,
): readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, number>>] {
  const own: Record<string, unknown> = {};
  const references: Record<string, number> = {};
  for (const [name, value] of Object.entries(sighting as unknown as Record<string, unknown>)) {
    if (value === undefined) continue;
    if (OFTEN.has(name)) references[name] = shared.numberOf(value);
    else own[name] = value;
  }
  return [own, references];
}
