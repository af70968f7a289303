/**
 * The compressed bytes of pack entries, brought into linear memory by positioned reads. Entries of one family may lie
 * all over a pack (in what a server sends, most do), but of many families some always lie together: so a walk says
 * beforehand what it needs, and that is read in the order of the pack, each byte once.
 */
import { readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { HEADER_BYTES } from './entry-headers.ts';
import { createEntryPlaces } from './entry-places.ts';
import type { Forest } from './forest.ts';
import { ROOM } from './kernel.ts';

/** What is read ahead at a time; what does not fit is read when it is asked for. */
const AHEAD_BYTES = 8 * 1024 * 1024;
/** A larger entry is worth a call of its own. */
const LARGE = 64 * 1024;
/** To read so many bytes that nobody needs costs about as much as another call. */
const GAP = 4 * 1024;
/** A stream of more than so many bytes that is larger than deflate makes it is not read. */
const MAX_BLOATED_BYTES = 64 * 1024 * 1024;

export interface EntryBytes {
  /** Reads entries, ascending, that are going to be asked for; what was read ahead before is gone. */
  readAhead(entries: Int32Array): void;
  /** Place of an entry's compressed bytes in linear memory, valid until the next call; -1 when they cannot be read. */
  find(entry: number): number;
  /** Bytes there, found last. May be cut where a stream of the claimed size ends at the latest. */
  readonly available: number;
  /** The same entry without that cut, where it has been cut; else -1. */
  findWhole(entry: number): number;
  close(): void;
}

interface Ahead {
  /** Its block, -1 before there is one. */
  at: number;
  used: number;
  entries: Int32Array;
  /** Of each of them, -1: it was not read. */
  places: Int32Array;
}

export function openEntryBytes(forest: Forest): EntryBytes {
  const memory = linearMemory();
  const places = createEntryPlaces(forest);
  const ahead: Ahead = { at: -1, used: 0, entries: new Int32Array(0), places: new Int32Array(0) };
  /** For one entry that was not read ahead. */
  let singleAt = 0;
  let singleBytes = 0;
  let available = 0;
  let isCut = false;

  /** Where an entry's bytes end at the latest. */
  function boundOf(entry: number): number {
    const size = forest.size[entry] ?? 0;
    // Deflate adds at most a little to what it cannot compress.
    return (forest.offset[entry] ?? 0) + HEADER_BYTES + size + (size >>> 10) + 1024;
  }

  /** Reads the entries [first, last), which lie between two offsets of one pack. */
  function readRun(first: number, last: number, start: number, stop: number): void {
    const length = stop - start;
    if (first === last || ahead.used + length + ROOM > AHEAD_BYTES) return;
    if (ahead.at < 0) ahead.at = memory.allocate(AHEAD_BYTES);
    const at = ahead.at + ahead.used;
    try {
      places.enter(ahead.entries[first] ?? 0);
      if (readInto(at, length, start) !== length) return;
    } catch {
      // Whoever asks for one of them will know.
      return;
    }
    ahead.used += length;
    for (let index = first; index < last; index += 1)
      ahead.places[index] = at + (forest.offset[ahead.entries[index] ?? 0] ?? 0) - start;
  }

  function readAhead(entries: Int32Array): void {
    ahead.used = 0;
    ahead.entries = entries;
    ahead.places = new Int32Array(entries.length).fill(-1);
    let first = 0;
    let start = 0;
    let stop = 0;
    let pack = -1;
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index] ?? 0;
      places.enter(entry);
      const offset = forest.offset[entry] ?? 0;
      const end = Math.min(places.endOf(entry), boundOf(entry));
      const isLarge = end - offset > LARGE;
      if (isLarge || places.pack !== pack || offset > stop + GAP) {
        readRun(first, index, start, stop);
        first = isLarge ? index + 1 : index;
        start = offset;
        stop = offset;
        pack = isLarge ? -1 : places.pack;
      }
      if (!isLarge) stop = Math.max(stop, end);
    }
    readRun(first, entries.length, start, stop);
  }

  /** Place of an entry that was read ahead, or -1. */
  function placeAhead(entry: number): number {
    const { entries } = ahead;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle] ?? 0) < entry) low = middle + 1;
      else high = middle;
    }
    return entries[low] === entry ? (ahead.places[low] ?? -1) : -1;
  }

  function readSingle(offset: number, end: number): number {
    const wanted = end - offset + ROOM;
    if (singleBytes < wanted || singleBytes > Math.max(wanted, LARGE) * 8) {
      forgetSingle();
      const bytes = Math.max(wanted, LARGE);
      singleAt = memory.allocate(bytes);
      singleBytes = bytes;
    }
    return readInto(singleAt, end - offset, offset) === end - offset ? singleAt : -1;
  }

  function forgetSingle(): void {
    if (singleBytes > 0) memory.free(singleAt, singleBytes);
    singleBytes = 0;
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
    const bound = boundOf(entry);
    isCut = bound < end;
    const stop = isCut ? (isWhole ? Math.min(end, bound + MAX_BLOATED_BYTES) : bound) : end;
    let at = isWhole ? -1 : placeAhead(entry);
    if (at < 0) at = readSingle(offset, stop);
    if (at < 0) return -1;
    const header = places.headerLength(memory.bytes, at, stop - offset);
    available = stop - offset - header;
    return available > 0 ? at + header : -1;
  }

  return {
    readAhead,
    find: (entry) => find(entry, false),
    get available() {
      return available;
    },
    findWhole: (entry) => (isCut ? find(entry, true) : -1),
    close() {
      places.close();
      forgetSingle();
      if (ahead.at >= 0) memory.free(ahead.at, AHEAD_BYTES);
    },
  };
}
