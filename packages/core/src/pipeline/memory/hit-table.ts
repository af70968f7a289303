/**
 * Hits as they are kept: what a hit says of its credential once, however many versions of a file hold it, and a row of
 * seven numbers for each. Nothing that could be a secret goes in: fields are taken one by one.
 */
import type { Hit, HitPart } from '../../types/index.ts';

type At = 'span' | 'line' | 'column' | 'endLine' | 'endColumn';
type Body = Omit<Hit, At | 'secret' | 'match' | 'sha1'>;

/** Number of the body, start and end of the span, line, column, end line, end column. */
export type HitRow = readonly number[];

const ROW_LENGTH = 7;

export interface HitTable {
  /** In order of first use. */
  readonly bodies: readonly Body[];
  row(hit: Hit): HitRow;
}

export function createHitTable(): HitTable {
  const bodies: Body[] = [];
  const numbers = new Map<string, number>();
  /** Hits that are the same object, such as those of one text on several paths. */
  const rows = new WeakMap<Hit, HitRow>();
  return {
    bodies,
    row(hit) {
      const known = rows.get(hit);
      if (known !== undefined) return known;
      const body = bodyOf(hit);
      const text = JSON.stringify(body);
      let number = numbers.get(text);
      if (number === undefined) {
        number = bodies.push(body) - 1;
        numbers.set(text, number);
      }
      const { span, line, column, endLine, endColumn } = hit;
      const row = [number, span.start, span.end, line, column, endLine, endColumn];
      rows.set(hit, row);
      return row;
    },
  };
}

function bodyOf(hit: Hit): Body {
  const { rule, alsoMatched, credential, fingerprint, mask, secretLength, entropy, context, decoded } = hit;
  const { name, inline, allowed } = hit;
  return {
    rule,
    alsoMatched,
    credential,
    fingerprint,
    mask,
    secretLength,
    entropy,
    ...(name === undefined ? {} : { name }),
    context,
    decoded,
    parts: Object.fromEntries(Object.entries(hit.parts).map(([key, part]) => [key, partOf(part)])),
    ...(inline === undefined ? {} : { inline }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function partOf({ mask, fingerprint, span }: HitPart): HitPart {
  return { mask, fingerprint, span };
}

/** @throws RangeError for a row that is none */
export function hitOf(bodies: readonly Body[], row: HitRow): Hit {
  const body = bodies[row[0] ?? -1];
  if (body === undefined || row.length !== ROW_LENGTH) throw new RangeError('there is no such hit');
  const [, start = 0, end = 0, line = 1, column = 1, endLine = 1, endColumn = 1] = row;
  return { ...body, span: { start, end }, line, column, endLine, endColumn };
}
