/**
 * The compressed bytes of pack entries, brought into linear memory by positioned reads. Entries of one family may lie
 * all over a pack (in what a server sends, most do), so reads are small: windows of a few pages, held in a table by
 * their place in the pack.
 */
import { closeSync, readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { hashBytes } from '../oid.ts';
import { HEADER_BYTES } from './entry-headers.ts';
import { type Forest, packOf } from './forest.ts';
import { ROOM } from './kernel.ts';
import { OFS_DELTA, REF_DELTA } from './object-types.ts';
import { openPlain } from './plain-file.ts';

/** Windows begin at multiples of this … */
const WINDOW_STEP = 8 * 1024;
/** … and hold so much more: an entry of at most so many bytes lies in the window that it begins in. */
const OVERLAP = 4 * 1024;
const WINDOW_BYTES: number = WINDOW_STEP + OVERLAP;
const WINDOWS = 1024;
/** A stream of more than so many bytes that is larger than deflate makes it is not read. */
const MAX_BLOATED_BYTES = 64 * 1024 * 1024;

export interface EntryBytes {
  /** Place of an entry's compressed bytes in linear memory, valid until the next call; -1 when they cannot be read. */
  find(entry: number): number;
  /** Bytes there, found last. May be cut where a stream of the claimed size ends at the latest. */
  readonly available: number;
  /** The same entry without that cut, where it has been cut; else -1. */
  findWhole(entry: number): number;
  close(): void;
}

export function openEntryBytes(forest: Forest): EntryBytes {
  const memory = linearMemory();
  const files = new Map<number, number>();
  const width = hashBytes(forest.hash);
  const windowsAt = memory.allocate(WINDOWS * (WINDOW_BYTES + ROOM));
  /** What each window holds: its pack, its number there, and how many bytes. */
  const windowPack = new Int32Array(WINDOWS).fill(-1);
  const windowNumber = new Float64Array(WINDOWS);
  const windowBytes = new Int32Array(WINDOWS);
  /** For one entry that is larger than a window. */
  let largeAt = 0;
  let largeBytes = 0;
  let pack = -1;
  let packFirst = 0;
  let packStop = 0;
  let packEnd = 0;
  let available = 0;
  let isCut = false;

  function enter(entry: number): void {
    pack = packOf(forest, entry);
    const found = forest.packs[pack];
    packFirst = found?.first ?? 0;
    packStop = packFirst + (found?.count ?? 0);
    packEnd = found?.end ?? 0;
  }

  function fileOf(number: number): number {
    let file = files.get(number);
    if (file === undefined) {
      ({ file } = openPlain(forest.packs[number]?.path ?? ''));
      files.set(number, file);
    }
    return file;
  }

  /** Where the entry's bytes end: entries of one offset count as one. */
  function endOf(entry: number, offset: number): number {
    for (let next = entry + 1; next < packStop; next += 1) {
      const end = forest.offset[next] ?? packEnd;
      if (end !== offset) return Math.min(end, packEnd);
    }
    return packEnd;
  }

  /** Place of the bytes [offset, end) in a window, -1 when the file has fewer. */
  function inWindow(offset: number, end: number): number {
    const number = Math.floor(offset / WINDOW_STEP);
    const start = number * WINDOW_STEP;
    const slot = number % WINDOWS;
    const at = windowsAt + slot * (WINDOW_BYTES + ROOM);
    if (windowPack[slot] !== pack || windowNumber[slot] !== number) {
      windowPack[slot] = -1;
      windowBytes[slot] = readInto(at, Math.min(WINDOW_BYTES, packEnd - start), start);
      windowPack[slot] = pack;
      windowNumber[slot] = number;
    }
    return end - start <= (windowBytes[slot] ?? 0) ? at + (offset - start) : -1;
  }

  function inLarge(offset: number, end: number): number {
    const wanted = end - offset + ROOM;
    if (largeBytes < wanted || largeBytes > wanted * 8) {
      forgetLarge();
      largeAt = memory.allocate(wanted);
      largeBytes = wanted;
    }
    return readInto(largeAt, end - offset, offset) === end - offset ? largeAt : -1;
  }

  function forgetLarge(): void {
    if (largeBytes > 0) memory.free(largeAt, largeBytes);
    largeBytes = 0;
  }

  /** Bytes read: fewer than asked for where the file ends. */
  function readInto(pointer: number, length: number, position: number): number {
    const file = fileOf(pack);
    let done = 0;
    while (done < length) {
      const count = readSync(file, memory.bytes, pointer + done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  function find(entry: number, isWhole: boolean): number {
    if (entry < packFirst || entry >= packStop) enter(entry);
    const offset = forest.offset[entry] ?? 0;
    const end = endOf(entry, offset);
    const size = forest.size[entry] ?? 0;
    // Deflate adds at most a little to what it cannot compress.
    const bound = offset + HEADER_BYTES + size + (size >>> 10) + 1024;
    isCut = bound < end;
    const stop = isCut ? (isWhole ? Math.min(end, bound + MAX_BLOATED_BYTES) : bound) : end;
    const fits = stop - Math.floor(offset / WINDOW_STEP) * WINDOW_STEP <= WINDOW_BYTES;
    const at = fits ? inWindow(offset, stop) : inLarge(offset, stop);
    if (at < 0) return -1;
    const header = headerLength(memory.bytes, at, width);
    available = stop - offset - header;
    return available > 0 ? at + header : -1;
  }

  return {
    find: (entry) => find(entry, false),
    get available() {
      return available;
    },
    findWhole: (entry) => (isCut ? find(entry, true) : -1),
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
      forgetLarge();
      memory.free(windowsAt, WINDOWS * (WINDOW_BYTES + ROOM));
    },
  };
}

/** Of an entry that has been parsed before; of one that has changed since, at most a few dozen bytes. */
function headerLength(bytes: Uint8Array, start: number, width: number): number {
  let at = start;
  const type = ((bytes[at] ?? 0) >> 4) & 7;
  while (((bytes[at] ?? 0) & 0x80) !== 0 && at - start < HEADER_BYTES) at += 1;
  at += 1;
  if (type === OFS_DELTA) {
    while (((bytes[at] ?? 0) & 0x80) !== 0 && at - start < HEADER_BYTES) at += 1;
    at += 1;
  } else if (type === REF_DELTA) at += width;
  return at - start;
}
