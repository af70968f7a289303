/**
 * Multi-pack indexes (gitformat-pack, "multi-pack-index (MIDX) files"), single or in a chain. They repeat what the
 * packs' own indexes say, so they are read only for packs whose index is not there. Nothing in them is trusted.
 */
import { join } from 'node:path';
import { namesIn } from '../../look.ts';
import { type HashName, hashBytes } from '../oid.ts';
import { ObjectError } from './object-error.ts';
import { readPlain } from './plain-file.ts';

/** What an index says of one pack: raw ids, and the offset of each. An offset that cannot be told is 0. */
export interface PackListing {
  readonly ids: Uint8Array;
  readonly offsets: Float64Array;
}

const MAGIC = 0x4d494458;
const HEADER_BYTES = 12;
const CHUNK_ROW_BYTES = 12;
const PNAM = 0x504e414d;
const OIDF = 0x4f494446;
const OIDL = 0x4f49444c;
const OOFF = 0x4f4f4646;
const LOFF = 0x4c4f4646;

/** Paths of the multi-pack indexes of one pack directory. */
export function multiPackIndexes(directory: string): readonly string[] {
  const layers = join(directory, 'multi-pack-index.d');
  return [
    ...namesIn(directory)
      .filter((name) => name === 'multi-pack-index')
      .map((name) => join(directory, name)),
    ...namesIn(layers)
      .filter((name) => name.endsWith('.midx'))
      .sort()
      .map((name) => join(layers, name)),
  ];
}

/** Objects by pack, whose file name comes without its ending. @throws ObjectError `corrupt` */
export function readMultiPackIndex(file: string, hash: HashName): ReadonlyMap<string, PackListing> {
  const bytes = readPlain(file);
  const width = hashBytes(hash);
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC || bytes[4] !== 1)
    throw new ObjectError('corrupt', 'the multi-pack index has an unknown format');
  if (bytes[5] !== (hash === 'sha1' ? 1 : 2))
    throw new ObjectError('corrupt', 'the multi-pack index is for another kind of object ids');
  const chunks = readChunks(bytes, bytes[6] ?? 0);
  const [pnam, fanOut, ids, places] = [PNAM, OIDF, OIDL, OOFF].map((id) => chunks.get(id));
  if (pnam === undefined || fanOut === undefined || ids === undefined || places === undefined || fanOut.length < 1024)
    throw new ObjectError('corrupt', 'the multi-pack index lacks a part');
  const count = fanOut.readUInt32BE(255 * 4);
  const names = packNames(pnam);
  if (ids.length !== count * width || places.length !== count * 8 || names.length !== bytes.readUInt32BE(8))
    throw new ObjectError('corrupt', 'the multi-pack index has a wrong size');
  return listings({ names, ids, places, large: chunks.get(LOFF), count, width });
}

/** Parts by their four letters; one that reaches outside the file is left out. */
function readChunks(bytes: Buffer, count: number): ReadonlyMap<number, Buffer> {
  const chunks = new Map<number, Buffer>();
  for (let row = 0; row < count; row += 1) {
    const at = HEADER_BYTES + row * CHUNK_ROW_BYTES;
    if (at + 2 * CHUNK_ROW_BYTES > bytes.length) break;
    const start = Number(bytes.readBigUInt64BE(at + 4));
    const end = Number(bytes.readBigUInt64BE(at + CHUNK_ROW_BYTES + 4));
    if (start <= end && end <= bytes.length) chunks.set(bytes.readUInt32BE(at), bytes.subarray(start, end));
  }
  return chunks;
}

function packNames(bytes: Buffer): readonly string[] {
  return bytes
    .toString('latin1')
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => (name.endsWith('.idx') || name.endsWith('.pack') ? name.slice(0, name.lastIndexOf('.')) : name));
}

interface MidxParts {
  readonly names: readonly string[];
  readonly ids: Buffer;
  /** Number of the pack, then an offset or the place of a large one: eight bytes for each object. */
  readonly places: Buffer;
  readonly large: Buffer | undefined;
  readonly count: number;
  readonly width: number;
}

function listings(parts: MidxParts): ReadonlyMap<string, PackListing> {
  const { names, ids, places, count, width } = parts;
  const sizes = new Uint32Array(names.length);
  for (let index = 0; index < count; index += 1) {
    const pack = places.readUInt32BE(index * 8);
    if (pack >= names.length) throw new ObjectError('corrupt', 'the multi-pack index names a pack it does not have');
    sizes[pack] = (sizes[pack] ?? 0) + 1;
  }
  const lists = Array.from(sizes, (size) => ({
    ids: new Uint8Array(size * width),
    offsets: new Float64Array(size),
  }));
  const next = new Uint32Array(names.length);
  for (let index = 0; index < count; index += 1) {
    const pack = places.readUInt32BE(index * 8);
    const at = next[pack] ?? 0;
    next[pack] = at + 1;
    lists[pack]?.ids.set(ids.subarray(index * width, (index + 1) * width), at * width);
    if (lists[pack] !== undefined) lists[pack].offsets[at] = offsetAt(parts, index);
  }
  return new Map(
    names.map((name, pack) => [name, lists[pack] ?? { ids: new Uint8Array(0), offsets: new Float64Array(0) }]),
  );
}

function offsetAt({ places, large }: MidxParts, index: number): number {
  const value = places.readUInt32BE(index * 8 + 4);
  if (large === undefined || value < 0x80000000) return value;
  const at = (value - 0x80000000) * 8;
  return at + 8 <= large.length ? Number(large.readBigUInt64BE(at)) : 0;
}
