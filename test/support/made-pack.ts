/**
 * Packs, indexes and deltas put together byte by byte (gitformat-pack), sound ones and others: git itself would not make
 * most of what a reader must stand.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export type Hash = 'sha1' | 'sha256';

/** An instruction of a delta as a person would write it. */
export type DeltaStep = { readonly copy: readonly [from: number, length: number] } | { readonly insert: Uint8Array };

export interface MadeEntry {
  /** What the index says; by default the id of what the entry makes, which must then be given as `content`. */
  readonly id?: string;
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  /** The object, as far as it is known. */
  readonly content: Uint8Array;
  /** A delta against an entry of the same pack, or against an id. Its instructions; by default one insert of all. */
  readonly delta?: { readonly base: number | string; readonly code: Uint8Array };
  /** In place of the true size in the header. */
  readonly claims?: number;
  /** In place of the deflated bytes. */
  readonly stream?: Uint8Array;
  /** Where the entry begins; by default behind the one before. */
  readonly at?: number;
}

export interface MadePack {
  /** Pieces of the file and where they go; the file is sparse between them. */
  readonly pieces: readonly { readonly at: number; readonly bytes: Buffer }[];
  readonly size: number;
  readonly offsets: readonly number[];
  readonly ids: readonly string[];
}

const TYPES = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

export function objectIdOf(type: string, content: Uint8Array, hash: Hash = 'sha1'): string {
  return createHash(hash).update(`${type} ${content.length}\0`).update(content).digest('hex');
}

export function makePack(entries: readonly MadeEntry[], hash: Hash = 'sha1'): MadePack {
  const width = hash === 'sha1' ? 20 : 32;
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(entries.length, 8);
  const pieces = [{ at: 0, bytes: head }];
  const offsets: number[] = [];
  const ids: string[] = [];
  let end = head.length;
  for (const entry of entries) {
    const at = entry.at ?? end;
    const bytes = entryBytes(entry, at, offsets);
    pieces.push({ at, bytes });
    offsets.push(at);
    ids.push(entry.id ?? objectIdOf(entry.type, entry.content, hash));
    end = at + bytes.length;
  }
  const digest = createHash(hash);
  for (const { bytes } of pieces) digest.update(bytes);
  pieces.push({ at: end, bytes: digest.digest() });
  return { pieces, size: end + width, offsets, ids };
}

/** The file as one piece. */
export function packBytes({ pieces, size }: MadePack): Buffer {
  const file = Buffer.alloc(size);
  for (const { at, bytes } of pieces) bytes.copy(file, at);
  return file;
}

function entryBytes(entry: MadeEntry, at: number, offsets: readonly number[]): Buffer {
  const { delta } = entry;
  const raw = delta?.code ?? entry.content;
  const stream = entry.stream ?? deflateSync(raw);
  const claims = entry.claims ?? raw.length;
  if (delta === undefined) return Buffer.concat([entryHead(TYPES[entry.type], claims), stream]);
  if (typeof delta.base === 'string')
    return Buffer.concat([entryHead(7, claims), Buffer.from(delta.base, 'hex'), stream]);
  return Buffer.concat([entryHead(6, claims), backOffset(at - (offsets[delta.base] ?? 0)), stream]);
}

export function entryHead(type: number, size: number): Buffer {
  let rest = Math.floor(size / 16);
  const bytes = [(type << 4) | (size % 16) | (rest > 0 ? 0x80 : 0)];
  while (rest > 0) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(low | (rest > 0 ? 0x80 : 0));
  }
  return Buffer.from(bytes);
}

function backOffset(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest % 128) | 0x80);
  }
  return Buffer.from(bytes);
}

export interface IndexOptions {
  readonly hash?: Hash;
  readonly version?: 1 | 2;
  /** Every offset in the table of 64-bit ones, not the large ones alone. */
  readonly wide?: boolean;
}

/** Without checksums that anybody reads. */
export function makeIndex(ids: readonly string[], offsets: readonly number[], options: IndexOptions = {}): Buffer {
  const width = options.hash === 'sha256' ? 32 : 20;
  const rows = ids.map((id, at) => ({ id, offset: offsets[at] ?? 0 })).sort((a, b) => (a.id < b.id ? -1 : 1));
  const fanOut = fanOutOf(rows.map(({ id }) => id));
  if (options.version === 1) {
    const body = rows.map(({ id, offset }) => Buffer.concat([uint32(offset), Buffer.from(id, 'hex')]));
    return Buffer.concat([fanOut, ...body, Buffer.alloc(width * 2)]);
  }
  const large: Buffer[] = [];
  const small = rows.map(({ offset }) => {
    if (options.wide !== true && offset < 0x80000000) return uint32(offset);
    large.push(uint64(offset));
    return uint32(0x80000000 + large.length - 1);
  });
  return Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    fanOut,
    Buffer.from(rows.map(({ id }) => id).join(''), 'hex'),
    Buffer.alloc(rows.length * 4),
    ...small,
    ...large,
    Buffer.alloc(width * 2),
  ]);
}

/** `rows`: objects with the number of their pack in `names`. */
export function makeMultiPackIndex(
  names: readonly string[],
  rows: readonly { readonly id: string; readonly pack: number; readonly offset: number }[],
  hash: Hash = 'sha1',
): Buffer {
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const large: Buffer[] = [];
  const places = sorted.map(({ pack, offset }) => {
    if (offset < 0x80000000) return Buffer.concat([uint32(pack), uint32(offset)]);
    large.push(uint64(offset));
    return Buffer.concat([uint32(pack), uint32(0x80000000 + large.length - 1)]);
  });
  const chunks: [string, Buffer][] = [
    ['PNAM', Buffer.from(`${names.join('\0')}\0`)],
    ['OIDF', fanOutOf(sorted.map(({ id }) => id))],
    ['OIDL', Buffer.from(sorted.map(({ id }) => id).join(''), 'hex')],
    ['OOFF', Buffer.concat(places)],
    ...(large.length === 0 ? [] : [['LOFF', Buffer.concat(large)] as [string, Buffer]]),
  ];
  const head = Buffer.from([0x4d, 0x49, 0x44, 0x58, 1, hash === 'sha1' ? 1 : 2, chunks.length, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(names.length, 8);
  const table: Buffer[] = [];
  let at = head.length + (chunks.length + 1) * 12;
  for (const [name, bytes] of [...chunks, ['\0\0\0\0', Buffer.alloc(0)] as const]) {
    table.push(Buffer.from(name, 'latin1'), uint64(at));
    at += bytes.length;
  }
  return Buffer.concat([head, ...table, ...chunks.map(([, bytes]) => bytes), Buffer.alloc(hash === 'sha1' ? 20 : 32)]);
}

function fanOutOf(sorted: readonly string[]): Buffer {
  const counts = new Uint32Array(256);
  for (const id of sorted) counts[Number.parseInt(id.slice(0, 2), 16)]! += 1;
  const table = Buffer.alloc(1024);
  let sum = 0;
  for (const [lead, count] of counts.entries()) {
    sum += count;
    table.writeUInt32BE(sum, lead * 4);
  }
  return table;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** Instructions that make a text from `base`, and the text. */
export function makeDelta(
  base: Uint8Array,
  steps: readonly DeltaStep[],
): { readonly code: Buffer; readonly result: Buffer } {
  const parts: Uint8Array[] = [];
  const code: number[] = [];
  for (const step of steps) {
    if ('insert' in step) {
      code.push(step.insert.length, ...step.insert);
      parts.push(step.insert);
    } else {
      code.push(...copyCode(step.copy[0], step.copy[1]));
      parts.push(base.subarray(step.copy[0], step.copy[0] + step.copy[1]));
    }
  }
  const result = Buffer.concat(parts);
  return { code: Buffer.from([...sizeCode(base.length), ...sizeCode(result.length), ...code]), result };
}

/** A size at the head of a delta. */
export function sizeCode(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** One copy, whatever it reaches; a length of 0x10000 is written as none. */
export function copyCode(from: number, length: number): number[] {
  let op = 0x80;
  const rest: number[] = [];
  const add = (value: number, bytes: number, first: number): void => {
    for (let bit = 0; bit < bytes; bit += 1) {
      const byte = Math.floor(value / 256 ** bit) % 256;
      if (byte === 0) continue;
      op |= first << bit;
      rest.push(byte);
    }
  };
  add(from, 4, 0x01);
  add(length === 0x10000 ? 0 : length, 3, 0x10);
  return [op, ...rest];
}
