/**
 * The compressed bytes of pack entries, brought into linear memory by positioned reads. A few windows of the packs are
 * held: families of deltas lie close together, and a walk goes back and forth among them.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { hashBytes } from '../oid.ts';
import { HEADER_BYTES } from './entry-headers.ts';
import { type Forest, packOf } from './forest.ts';
import { ROOM } from './kernel.ts';

const WINDOW_BYTES = 512 * 1024;
const WINDOWS = 8;
/** Windows begin at multiples of this. */
const ALIGNMENT = 64 * 1024;
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

interface Window {
  pack: number;
  start: number;
  stop: number;
  pointer: number;
  bytes: number;
  used: number;
}

export function openEntryBytes(forest: Forest): EntryBytes {
  const memory = linearMemory();
  const files = new Map<number, number>();
  const width = hashBytes(forest.hash);
  const windows: Window[] = [];
  let clock = 0;
  let last: Window | undefined;
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
      file = openSync(forest.packs[number]?.path ?? '', 'r');
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

  /** Bytes from `offset` on, up to `end`; undefined when the file has fewer. */
  function windowAt(offset: number, end: number): Window | undefined {
    if (last !== undefined && last.pack === pack && offset >= last.start && end <= last.stop) return last;
    clock += 1;
    let oldest: Window | undefined;
    for (const window of windows) {
      if (window.pack === pack && offset >= window.start && end <= window.stop) {
        window.used = clock;
        last = window;
        return window;
      }
      if (oldest === undefined || window.used < oldest.used) oldest = window;
    }
    if (windows.length < WINDOWS || oldest === undefined) {
      oldest = { pack: -1, start: 0, stop: 0, pointer: memory.allocate(WINDOW_BYTES), bytes: WINDOW_BYTES, used: 0 };
      windows.push(oldest);
    }
    const start = Math.floor(offset / ALIGNMENT) * ALIGNMENT;
    const room = Math.max(WINDOW_BYTES - ROOM, end - start);
    resize(oldest, room + ROOM);
    const wanted = Math.min(room, packEnd - start);
    const count = readFully(fileOf(pack), memory.bytes.subarray(oldest.pointer, oldest.pointer + wanted), start);
    oldest.pack = pack;
    oldest.start = start;
    oldest.stop = start + count;
    oldest.used = clock;
    last = oldest;
    return end <= oldest.stop ? oldest : undefined;
  }

  /** A window that one large entry has blown up shrinks with the next. */
  function resize(window: Window, bytes: number): void {
    const wanted = Math.max(bytes, WINDOW_BYTES);
    if (window.bytes === wanted) return;
    memory.free(window.pointer, window.bytes);
    window.pack = -1;
    window.bytes = 0;
    window.pointer = memory.allocate(wanted);
    window.bytes = wanted;
  }

  function find(entry: number, isWhole: boolean): number {
    if (entry < packFirst || entry >= packStop) enter(entry);
    const offset = forest.offset[entry] ?? 0;
    const end = endOf(entry, offset);
    const size = forest.size[entry] ?? 0;
    // Deflate adds at most a little to what it cannot compress.
    const bound = offset + HEADER_BYTES + size + (size >> 10) + 1024;
    isCut = bound < end;
    const stop = isCut ? (isWhole ? Math.min(end, bound + MAX_BLOATED_BYTES) : bound) : end;
    const window = windowAt(offset, stop);
    if (window === undefined) return -1;
    const at = window.pointer + (offset - window.start);
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
      for (const window of windows) memory.free(window.pointer, window.bytes);
      windows.length = 0;
      last = undefined;
    },
  };
}

/** Of an entry that has been parsed before; of one that has changed since, at most a few dozen bytes. */
function headerLength(bytes: Uint8Array, start: number, width: number): number {
  let at = start;
  const type = ((bytes[at] ?? 0) >> 4) & 7;
  while (((bytes[at] ?? 0) & 0x80) !== 0 && at - start < HEADER_BYTES) at += 1;
  at += 1;
  if (type === 6) {
    while (((bytes[at] ?? 0) & 0x80) !== 0 && at - start < HEADER_BYTES) at += 1;
    at += 1;
  } else if (type === 7) at += width;
  return at - start;
}

/** Bytes read: fewer than asked for where the file ends. */
function readFully(file: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
