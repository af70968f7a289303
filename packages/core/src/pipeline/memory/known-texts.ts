/**
 * What is kept of the texts of a repository: ids of the objects that were scanned, their sizes, and what was found. One
 * block of bytes: length of the header (4 bytes, little endian), header (JSON), raw ids, sizes (4 bytes each, little
 * endian).
 */
import { createOidTable, fromHex, hashBytes, type HashName, type OidTable } from '../../sources/git/oid.ts';
import type { Hit, TextFlags, TextReport } from '../../types/index.ts';
import { createHitTable, hitOf, type HitRow } from './hit-table.ts';

export interface KnownTexts {
  readonly hash: HashName;
  readonly ids: OidTable;
  /** Bytes of each object, by its index in `ids`. */
  readonly sizes: Uint32Array;
  /** By index in `ids`: those with hits or flags. */
  readonly reports: ReadonlyMap<number, TextReport>;
}

interface Header {
  readonly settings: string;
  readonly hash: HashName;
  readonly count: number;
  readonly bodies: readonly Omit<Hit, 'span' | 'line' | 'column' | 'endLine' | 'endColumn'>[];
  /** Index of the object, rows of its hits, flags. */
  readonly reports: readonly (readonly [number, readonly HitRow[], TextFlags?])[];
}

const ID_PREFIX = 'git:';

/** Gives the parts of the block. */
export function encodeTexts({ hash, ids, sizes, reports }: KnownTexts, settings: string): readonly Uint8Array[] {
  const table = createHitTable();
  const rows = [...reports].map(([index, { hits, flags }]) => [
    index,
    hits.map((hit) => table.row(hit)),
    ...(flags === undefined ? [] : [flags]),
  ]);
  const header: Omit<Header, 'reports'> & { reports: unknown } = {
    settings,
    hash,
    count: ids.size,
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
  for (const [index, rows, flags] of header.reports) {
    const hits = rows.map((row) => hitOf(header.bodies, row));
    reports.set(index, { text: ID_PREFIX + ids.hex(index), hits, ...(flags === undefined ? {} : { flags }) });
  }
  return { hash, ids, sizes, reports };
}

/** Of the object that a text id names, -1 when it is none of these. */
export function indexOfText(ids: OidTable, text: string): number {
  return text.startsWith(ID_PREFIX) ? ids.find(fromHex(text.slice(ID_PREFIX.length))) : -1;
}

function fromNumbers(numbers: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  for (const [at, number] of numbers.entries()) view.setUint32(at * 4, number, true);
  return new Uint8Array(view.buffer);
}

function toNumbers(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4, true));
}
