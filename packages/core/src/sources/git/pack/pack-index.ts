/**
 * Pack index files, versions 1 and 2 (gitformat-pack, "pack-*.idx"): sorted object ids and their offsets in the pack,
 * with 64-bit offsets for packs over 2 GiB. Nothing in them is trusted: whatever points outside the file is `corrupt`.
 */
import { type HashName, hashBytes } from '../oid.ts';
import { ObjectError } from './object-error.ts';
import { readPlain } from './plain-file.ts';

export interface PackIndex {
  readonly count: number;
  /** Raw ids, sorted. */
  readonly ids: Uint8Array;
  /** 0, which is no offset of an entry, where it cannot be told. */
  offset(index: number): number;
  /** Index of an id, or -1. */
  find(id: Uint8Array): number;
}

const MAGIC = 0xff744f63;
const FAN_OUT_BYTES = 256 * 4;

/** @throws ObjectError `corrupt` */
export function readPackIndex(file: string, hash: HashName): PackIndex {
  const bytes = readPlain(file);
  const isSecond = bytes.length > 8 && bytes.readUInt32BE(0) === MAGIC;
  if (isSecond && bytes.readUInt32BE(4) !== 2)
    throw new ObjectError('corrupt', 'the pack index has an unknown version');
  return isSecond ? second(bytes, hashBytes(hash)) : first(bytes, hashBytes(hash));
}

function second(bytes: Buffer, width: number): PackIndex {
  const count = fanOut(bytes, 8);
  const idsAt = 8 + FAN_OUT_BYTES;
  const offsetsAt = idsAt + count * (width + 4);
  const largeAt = offsetsAt + count * 4;
  const least = largeAt + width * 2;
  // At most as many large offsets as objects.
  if (bytes.length < least || bytes.length > least + count * 8)
    throw new ObjectError('corrupt', 'the pack index has a wrong size');
  const largeCount = Math.floor((bytes.length - width * 2 - largeAt) / 8);

  function offset(index: number): number {
    const value = bytes.readUInt32BE(offsetsAt + index * 4);
    if (value < 0x80000000) return value;
    const large = value - 0x80000000;
    if (large >= largeCount) return 0;
    return Number(bytes.readBigUInt64BE(largeAt + large * 8));
  }

  const ids = bytes.subarray(idsAt, idsAt + count * width);
  return { count, ids, offset, find: (id) => search(ids, width, id, bytes, 8) };
}

/** Version 1: offset and id side by side. */
function first(bytes: Buffer, width: number): PackIndex {
  const count = fanOut(bytes, 0);
  const step = width + 4;
  if (FAN_OUT_BYTES + count * step + width * 2 !== bytes.length)
    throw new ObjectError('corrupt', 'the pack index has a wrong size');
  const ids = new Uint8Array(count * width);
  for (let index = 0; index < count; index += 1)
    ids.set(bytes.subarray(FAN_OUT_BYTES + index * step + 4, FAN_OUT_BYTES + (index + 1) * step), index * width);
  return {
    count,
    ids,
    offset: (index) => bytes.readUInt32BE(FAN_OUT_BYTES + index * step),
    find: (id) => search(ids, width, id, bytes, 0),
  };
}

/** Checks the table and gives the number of objects. */
function fanOut(bytes: Buffer, at: number): number {
  if (bytes.length < at + FAN_OUT_BYTES) throw new ObjectError('corrupt', 'the pack index is cut off');
  let last = 0;
  for (let entry = 0; entry < 256; entry += 1) {
    const value = bytes.readUInt32BE(at + entry * 4);
    if (value < last) throw new ObjectError('corrupt', 'the pack index is out of order');
    last = value;
  }
  return last;
}

function search(ids: Uint8Array, width: number, id: Uint8Array, bytes: Buffer, fanOutAt: number): number {
  const lead = id[0] ?? 0;
  let low = lead === 0 ? 0 : bytes.readUInt32BE(fanOutAt + (lead - 1) * 4);
  let high = bytes.readUInt32BE(fanOutAt + lead * 4) - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = Buffer.compare(ids.subarray(middle * width, (middle + 1) * width), id);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
