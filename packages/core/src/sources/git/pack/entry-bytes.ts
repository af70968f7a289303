/**
 * The compressed bytes of pack entries, brought into linear memory by positioned reads. Entries of one family may lie
 * all over a pack (in what a server sends, most do), so reads are small: windows of a few pages, held in a table by
 * their place in the pack.
 */
import { readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { HEADER_BYTES } from './entry-headers.ts';
import { createEntryPlaces } from './entry-places.ts';
import type { Forest } from './forest.ts';
import { ROOM } from './kernel.ts';

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
  const places = createEntryPlaces(forest);
  const windowsAt = memory.allocate(WINDOWS * (WINDOW_BYTES + ROOM));
  /** What each window holds: its pack, its number there, and how many bytes. */
  const windowPack = new Int32Array(WINDOWS).fill(-1);
  const windowNumber = new Float64Array(WINDOWS);
  const windowBytes = new Int32Array(WINDOWS);
  /** For one entry that is larger than a window. */
  let largeAt = 0;
  let largeBytes = 0;
  let available = 0;
  let isCut = false;

  /** Place of the bytes [offset, end) in a window, -1 when the file has fewer. */
  function inWindow(offset: number, end: number): number {
    const number = Math.floor(offset / WINDOW_STEP);
    const start = number * WINDOW_STEP;
    const slot = number % WINDOWS;
    const at = windowsAt + slot * (WINDOW_BYTES + ROOM);
    if (windowPack[slot] !== places.pack || windowNumber[slot] !== number) {
      windowPack[slot] = -1;
      windowBytes[slot] = readInto(at, Math.min(WINDOW_BYTES, places.end - start), start);
      windowPack[slot] = places.pack;
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
    const file = places.file();
    let done = 0;
    while (done < length) {
      const count = readSync(file, memory.bytes, pointer + done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  function find(entry: number, isWhole: boolean): number {
    places.enter(entry);
    const offset = forest.offset[entry] ?? 0;
    const end = places.endOf(entry);
    const size = forest.size[entry] ?? 0;
    // Deflate adds at most a little to what it cannot compress.
    const bound = offset + HEADER_BYTES + size + (size >>> 10) + 1024;
    isCut = bound < end;
    const stop = isCut ? (isWhole ? Math.min(end, bound + MAX_BLOATED_BYTES) : bound) : end;
    const fits = stop - Math.floor(offset / WINDOW_STEP) * WINDOW_STEP <= WINDOW_BYTES;
    const at = fits ? inWindow(offset, stop) : inLarge(offset, stop);
    if (at < 0) return -1;
    const header = places.headerLength(memory.bytes, at, stop - offset);
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
      places.close();
      forgetLarge();
      memory.free(windowsAt, WINDOWS * (WINDOW_BYTES + ROOM));
    },
  };
}
