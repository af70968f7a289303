/**
 * What is kept of the texts of a repository: ids of the objects that were scanned, their sizes, and what was found. One
 * block of bytes: length of the header (4 bytes, little endian), header (JSON), raw ids, sizes (4 bytes each, little
 * endian).
 */
import { createOidTable, fromHex, hashBytes, type HashName, type OidTable } from '../../sources/git/oid.ts';
import type { Hit, TextFlags, TextReport } from '../../types/index.ts';
import type { KnownRules } from './changed-rules.ts';
import { createHitTable, hitOf, type HitRow } from './hit-table.ts';

export interface KnownTexts {
  readonly hash: HashName;
  readonly ids: OidTable;
  /** Bytes of each object, by its index in `ids`. */
  readonly sizes: Uint32Array;
  /** By index in `ids`: those with hits or flags, or in which a rule has a say. */
  readonly reports: ReadonlyMap<number, TextReport>;
  /** With which they were scanned. */
  readonly rules: KnownRules;
}

interface Header {
  readonly settings: string;
  readonly hash: HashName;
  readonly count: number;
  readonly rulesKey: string;
  /** Ids of rules and digests of what they are; as in KnownRules. */
  readonly rules?: readonly (readonly [string, string])[];
  /** Ids of the rules that have a say in any text. */
  readonly ids: readonly string[];
  /** Sets of rules that have a say in a text, as numbers in `ids`. */
  readonly concerned: readonly (readonly number[])[];
  readonly bodies: readonly Omit<Hit, 'span' | 'line' | 'column' | 'endLine' | 'endColumn'>[];
  /** Index of the object, rows of its hits, number of a set of rules, flags. */
  readonly reports: readonly (readonly [number, readonly HitRow[], number, TextFlags?])[];
}

export const ID_PREFIX = 'git:';

/** Gives the parts of the block. */
export function encodeTexts({ hash, ids, sizes, reports, rules }: KnownTexts, settings: string): readonly Uint8Array[] {
  const table = createHitTable();
  const sets = createRuleSets();
  const rows = [...reports].map(([index, report]) => [
    index,
    report.hits.map((hit) => table.row(hit)),
    sets.numberOf(report.rules ?? []),
    ...(report.flags === undefined ? [] : [report.flags]),
  ]);
  const header: Omit<Header, 'reports'> & { reports: unknown } = {
    settings,
    hash,
    count: ids.size,
    rulesKey: rules.key,
    ...(rules.digests === undefined ? {} : { rules: [...rules.digests] }),
    ids: sets.ids,
    concerned: sets.sets,
    bodies: table.bodies,
    reports: rows,
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return [length, text, ids.raw(), fromNumbers(sizes.subarray(0, ids.size))];
}

/** Undefined when they were scanned under other settings. @throws SyntaxError, RangeError */
export function decodeTexts(content: Buffer, settings: string): KnownTexts | undefined {
  const end = 4 + content.readUInt32LE(0);
  const header = JSON.parse(content.toString('utf8', 4, end)) as Header;
  if (header.settings !== settings) return undefined;
  const { hash, count } = header;
  const width = hashBytes(hash);
  if (content.length !== end + count * (width + 4)) throw new RangeError('ids and sizes do not fit the header');
  const ids = createOidTable(hash, count);
  for (let index = 0; index < count; index += 1) ids.add(content, end + index * width);
  if (ids.size !== count) throw new RangeError('an id is there twice');
  const sizes = toNumbers(content.subarray(end + count * width));
  const reports = new Map<number, TextReport>();
  const sets = header.concerned.map((numbers) => numbers.map((number) => idAt(header.ids, number)));
  for (const [index, rows, set, flags] of header.reports) {
    const hits = rows.map((row) => hitOf(header.bodies, row));
    const rules = sets[set];
    if (rules === undefined || index >= count) throw new RangeError('a text or its rules are not there');
    reports.set(index, { text: ID_PREFIX + ids.hex(index), hits, ...(flags === undefined ? {} : { flags }), rules });
  }
  const digests = header.rules === undefined ? undefined : new Map(header.rules);
  return { hash, ids, sizes, reports, rules: { key: header.rulesKey, digests } };
}

function idAt(ids: readonly string[], number: number): string {
  const id = ids[number];
  if (id === undefined) throw new RangeError('there is no such rule');
  return id;
}

/** Sets of rules by number: most texts have one of a few. */
function createRuleSets(): {
  readonly ids: readonly string[];
  readonly sets: readonly (readonly number[])[];
  numberOf(rules: readonly string[]): number;
} {
  const byId = new Map<string, number>();
  const sets: (readonly number[])[] = [];
  const numbers = new Map<string, number>();
  function numberOfId(id: string): number {
    const number = byId.get(id) ?? byId.size;
    byId.set(id, number);
    return number;
  }
  return {
    get ids() {
      return [...byId.keys()];
    },
    sets,
    numberOf(rules) {
      const members = rules.map(numberOfId);
      const key = members.join(' ');
      let number = numbers.get(key);
      if (number === undefined) {
        number = sets.push(members) - 1;
        numbers.set(key, number);
      }
      return number;
    },
  };
}

/** Of the object that a text id names, -1 when it is none of these. */
export function indexOfText(ids: OidTable, text: string): number {
  return text.startsWith(ID_PREFIX) ? ids.find(fromHex(text.slice(ID_PREFIX.length))) : -1;
}

function fromNumbers(numbers: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  for (let at = 0; at < numbers.length; at += 1) view.setUint32(at * 4, numbers[at] ?? 0, true);
  return new Uint8Array(view.buffer);
}

function toNumbers(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Uint32Array(bytes.length / 4);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = view.getUint32(at * 4, true);
  return numbers;
}
