/**
 * Entries of a pack (gitformat-pack, "pack-*.pack"), read in place: a few windows of the file are held, never the file.
 */
import { closeSync, readSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { ObjectType } from '../batch-parser.ts';
import { type HashName, hashBytes, toHex } from '../oid.ts';
import { ObjectError } from './object-error.ts';
import { objectType, OFS_DELTA, REF_DELTA } from './object-types.ts';
import { openPlain } from './plain-file.ts';

export type Base = { readonly offset: number } | { readonly oid: string };

export interface EntryHeader {
  /** Undefined for a delta, whose type is that of its base. */
  readonly type: ObjectType | undefined;
  /** Of the inflated entry: the object, or the delta's instructions. */
  readonly size: number;
  readonly dataAt: number;
  readonly base: Base | undefined;
}

export interface PackFile {
  readonly path: string;
  readonly size: number;
  /** @throws ObjectError `corrupt` */
  header(offset: number): EntryHeader;
  /** Inflates `size` bytes, no more and no less. @throws ObjectError `corrupt` */
  inflate(dataAt: number, size: number): Uint8Array;
  /** The beginning of an inflated entry: at least `size` bytes if it has them. */
  peek(dataAt: number, size: number): Uint8Array;
  close(): void;
}

const NEAR_BYTES = 1024 * 1024;
const FAR_BYTES = 4 * 1024;
const HEADER_BYTES = 64;

/** @throws ObjectError `corrupt`, or the system's error */
export function openPack(path: string, hash: HashName): PackFile {
  const { file, size } = openPlain(path);
  const width = hashBytes(hash);
  // The file ends with a digest, which belongs to no entry.
  const end = size - width;
  const near = createWindow(file, end, NEAR_BYTES);
  const far = createWindow(file, end, FAR_BYTES);
  let last = 0;

  /**
   * The bytes `[offset, offset + length)`, or fewer at the end of the entries; valid until the next call. Entries are
   * mostly read one after the other, through a large window; bases lie anywhere, and get a small one of their own.
   */
  function read(offset: number, length: number): Uint8Array {
    if (!(offset >= 12 && offset < end)) throw new ObjectError('corrupt', 'an offset lies outside the pack');
    const isNear = offset >= last && offset - last < NEAR_BYTES;
    if (isNear) last = offset;
    return near.held(offset, length) ?? (isNear ? near : far).read(offset, length);
  }

  return {
    path,
    size,
    header: (offset) => parseHeader(read(offset, HEADER_BYTES), offset, width),
    inflate(dataAt, length) {
      // Deflate adds at most a little to what it cannot compress; a stream made to be longer is read again, whole.
      const bound = length + (length >> 10) + 1024;
      const isWhole = dataAt + bound >= end;
      try {
        return inflateExactly(read(dataAt, bound), length);
      } catch (error) {
        if (isWhole || !isCutOff(error)) throw corrupt(error);
      }
      try {
        return inflateExactly(read(dataAt, end - dataAt), length);
      } catch (error) {
        throw corrupt(error);
      }
    },
    peek(dataAt, length) {
      try {
        return inflateSync(read(dataAt, length * 2 + 64), { finishFlush: 2 });
      } catch (error) {
        throw corrupt(error);
      }
    },
    close: () => closeSync(file),
  };
}

interface Window {
  /** The bytes, if they are in the window. */
  held(offset: number, length: number): Uint8Array | undefined;
  /** The bytes, after moving the window to them if need be. */
  read(offset: number, length: number): Uint8Array;
}

/** A part of the file, at least `size` bytes of it. */
function createWindow(file: number, end: number, size: number): Window {
  let bytes = new Uint8Array(size);
  let start = 0;
  let stop = 0;

  function held(offset: number, length: number): Uint8Array | undefined {
    if (offset < start || Math.min(offset + length, end) > stop) return undefined;
    return bytes.subarray(offset - start, Math.min(offset + length, end) - start);
  }

  return {
    held,
    read(offset, length) {
      const found = held(offset, length);
      if (found !== undefined) return found;
      const wanted = Math.min(Math.max(length, size), end - offset);
      // A buffer that one large entry has blown up is not kept.
      if (bytes.length < wanted || bytes.length > Math.max(wanted, size) * 4)
        bytes = new Uint8Array(Math.max(wanted, size));
      stop = 0;
      readFully(file, bytes.subarray(0, wanted), offset);
      start = offset;
      stop = offset + wanted;
      return bytes.subarray(0, Math.min(length, wanted));
    },
  };
}

function readFully(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const count = readSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) throw new ObjectError('corrupt', 'the pack is cut off');
    done += count;
  }
}

function inflateExactly(bytes: Uint8Array, length: number): Uint8Array {
  const inflated = inflateSync(bytes, {
    chunkSize: Math.max(64, length + 1),
    maxOutputLength: Math.max(64, length + 1),
  });
  if (inflated.length !== length) throw new ObjectError('corrupt', 'an entry has not the length it claims');
  return inflated;
}

function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

function corrupt(cause: unknown): ObjectError {
  return cause instanceof ObjectError ? cause : new ObjectError('corrupt', 'an entry cannot be inflated', { cause });
}

function parseHeader(bytes: Uint8Array, offset: number, width: number): EntryHeader {
  let at = 0;
  const next = (): number => {
    const byte = bytes[at];
    if (byte === undefined) throw new ObjectError('corrupt', 'an entry is cut off');
    at += 1;
    return byte;
  };
  let byte = next();
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; (byte & 0x80) !== 0; scale *= 128) {
    byte = next();
    size += (byte & 0x7f) * scale;
    if (size > Number.MAX_SAFE_INTEGER) throw new ObjectError('corrupt', 'an entry claims an impossible size');
  }
  if (kind === OFS_DELTA) {
    byte = next();
    let back = byte & 0x7f;
    while ((byte & 0x80) !== 0) {
      byte = next();
      back = (back + 1) * 128 + (byte & 0x7f);
    }
    if (back <= 0 || back > offset) throw new ObjectError('corrupt', 'a delta has a base outside the pack');
    return { type: undefined, size, dataAt: offset + at, base: { offset: offset - back } };
  }
  if (kind === REF_DELTA) {
    if (at + width > bytes.length) throw new ObjectError('corrupt', 'an entry is cut off');
    return { type: undefined, size, dataAt: offset + at + width, base: { oid: toHex(bytes.subarray(at), 0, width) } };
  }
  const type = objectType(kind);
  if (type === undefined) throw new ObjectError('corrupt', 'an entry has an unknown type');
  return { type, size, dataAt: offset + at, base: undefined };
}
