/**
 * The headers of all entries of a pack (gitformat-pack, "pack-*.pack"), read in one pass from the first offset to the
 * last through a window: a pack is never in memory whole. What does not parse has type 0.
 */
import { closeSync } from 'node:fs';
import { ObjectError } from './object-error.ts';
import { OFS_DELTA, REF_DELTA } from './object-types.ts';
import { openPlain, readAt } from './plain-file.ts';

const WINDOW_BYTES = 4 * 1024 * 1024;
/** Type and size take 10 bytes at most, the base 32. */
export const HEADER_BYTES = 64;
const FIRST_OFFSET = 12;
const MAGIC = 0x5041434b;
/** Larger sizes stand as this one: nothing so large is ever inflated. */
export const LARGEST_SIZE = 0xffffffff;

/** Where headers are put, from entry `first` on. */
export interface HeaderSink {
  readonly size: Uint32Array;
  /** 1 to 4 as git numbers them; `OFS_DELTA` and `REF_DELTA` for deltas; 0: not readable. */
  readonly type: Uint8Array;
  /** Distance to the base of an OFS_DELTA. */
  readonly back: Float64Array;
  /** Called in order for each REF_DELTA; `bytes` is valid during the call only. */
  refDelta(index: number, bytes: Uint8Array, at: number): void;
}

export interface PackHead {
  /** Offset at which its entries end. */
  readonly end: number;
  /** Entries that it claims. */
  readonly count: number;
}

/** @throws ObjectError `corrupt` when it is no pack; the system's error */
export function readPackHead(path: string, width: number): PackHead {
  const { file, size } = openPlain(path);
  try {
    const head = Buffer.alloc(FIRST_OFFSET);
    if (readAt(file, head, 0) < FIRST_OFFSET || head.readUInt32BE(0) !== MAGIC)
      throw new ObjectError('corrupt', 'this is not a pack');
    const version = head.readUInt32BE(4);
    if (version !== 2 && version !== 3) throw new ObjectError('corrupt', 'the pack has an unknown version');
    // The file ends with a digest, which belongs to no entry.
    return { end: Math.max(size - width, FIRST_OFFSET), count: head.readUInt32BE(8) };
  } finally {
    closeSync(file);
  }
}

/** `offsets`: ascending; `end`: where the entries end; `width`: bytes of an id. @throws the system's error */
export function readHeaders(path: string, offsets: Float64Array, end: number, width: number, sink: HeaderSink): void {
  const { file } = openPlain(path);
  const window = new Uint8Array(Math.min(WINDOW_BYTES, end));
  let start = 0;
  let stop = 0;
  let last = -1;
  try {
    for (let index = 0; index < offsets.length; index += 1) {
      const offset = offsets[index] ?? 0;
      if (offset < FIRST_OFFSET || offset >= end || offset === last) continue;
      last = offset;
      if (offset + HEADER_BYTES > stop && stop < end) {
        start = offset;
        stop = start + readAt(file, window.subarray(0, Math.min(window.length, end - start)), start);
      }
      if (offset >= stop) continue;
      readHeader(window, offset - start, stop - start, index, offset, width, sink);
    }
  } finally {
    closeSync(file);
  }
}

function readHeader(
  bytes: Uint8Array,
  start: number,
  stop: number,
  index: number,
  offset: number,
  width: number,
  sink: HeaderSink,
): void {
  let at = start;
  let byte = bytes[at] ?? 0;
  at += 1;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; (byte & 0x80) !== 0; scale *= 128) {
    if (at >= stop || scale > 2 ** 60) return;
    byte = bytes[at] ?? 0;
    at += 1;
    size += (byte & 0x7f) * scale;
  }
  if (type === OFS_DELTA) {
    let back = -1;
    do {
      if (at >= stop || back > offset) return;
      byte = bytes[at] ?? 0;
      at += 1;
      back = (back + 1) * 128 + (byte & 0x7f);
    } while ((byte & 0x80) !== 0);
    if (back <= 0 || back > offset) return;
    sink.back[index] = back;
  } else if (type === REF_DELTA) {
    if (at + width > stop) return;
    sink.refDelta(index, bytes, at);
  } else if (type === 0 || type === 5) return;
  sink.size[index] = size > LARGEST_SIZE ? LARGEST_SIZE : size;
  sink.type[index] = type;
}
