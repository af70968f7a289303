/**
 * Many small pack entries, inflated into linear memory at once: in the order in which they lie in their packs, so each
 * part of a pack is read once, however far apart the entries of a chain are.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { hashBytes } from '../oid.ts';
import { HEADER_BYTES } from '../pack/entry-headers.ts';
import { type Forest, packOf } from '../pack/forest.ts';
import { packKernel, ROOM } from '../pack/kernel.ts';
import { OFS_DELTA, REF_DELTA } from '../pack/object-types.ts';

/** Bytes staged at a time. */
export const STAGE_BYTES: number = 16 * 1024 * 1024 - ROOM;
/** Larger entries are for others. */
const MAX_ENTRY_BYTES = 256 * 1024;
const WINDOW_BYTES = 1024 * 1024 - ROOM;
/** Between two entries: reading this much in vain is cheaper than another call. */
const MAX_GAP = 16 * 1024;

export interface StagedEntries {
  /** Bytes that an entry takes when it is staged; -1 for one that is too large for it. */
  readonly size: (entry: number) => number;
  /** Brings in the first `count` of these, whose sizes are at most STAGE_BYTES in all. */
  stage(entries: Int32Array, count: number): void;
  /** Where the entry at that index of `entries` lies, -1 if it cannot be read. */
  pointer(index: number): number;
  close(): void;
}

/** `most`: how many entries are staged at a time, a power of two. */
export function openStagedEntries(forest: Forest, most: number): StagedEntries {
  const memory = linearMemory();
  const kernel = packKernel();
  const width = hashBytes(forest.hash);
  const windowAt = memory.allocate(WINDOW_BYTES + ROOM);
  const stageAt = memory.allocate(STAGE_BYTES + ROOM);
  const files = new Map<number, number>();
  const pointers = new Int32Array(most);
  const sorted = new Float64Array(most);
  let pack = -1;
  let packFirst = 0;
  let packStop = 0;
  let packEnd = 0;

  function enter(entry: number): void {
    if (entry >= packFirst && entry < packStop) return;
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

  /** Where an entry ends in its pack: entries of one offset count as one. */
  function endOf(entry: number): number {
    const offset = forest.offset[entry] ?? 0;
    for (let next = entry + 1; next < packStop; next += 1) {
      const end = forest.offset[next] ?? packEnd;
      if (end !== offset) return Math.min(end, packEnd);
    }
    return packEnd;
  }

  /** Bytes read: fewer than asked for where the file ends, or cannot be read. */
  function read(size: number, position: number): number {
    let done = 0;
    try {
      const file = fileOf(pack);
      while (done < size) {
        const count = readSync(file, memory.bytes, windowAt + done, size - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
    }
    return done;
  }

  /** How far to read from `offset` on: to the end of the last entry that follows closely and fits. */
  function windowEnd(from: number, count: number, offset: number): number {
    let end = endOf(entryAt(from));
    for (let at = from + 1; at < count; at += 1) {
      const entry = entryAt(at);
      if (entry >= packStop || (forest.offset[entry] ?? 0) - end > MAX_GAP) break;
      const stop = endOf(entry);
      if (stop - offset > WINDOW_BYTES) break;
      end = stop;
    }
    return end;
  }

  function entryAt(place: number): number {
    return Math.floor((sorted[place] ?? 0) / most);
  }

  return {
    size(entry) {
      enter(entry);
      const size = forest.size[entry] ?? 0;
      const isSmall = size <= MAX_ENTRY_BYTES && endOf(entry) - (forest.offset[entry] ?? 0) <= MAX_ENTRY_BYTES;
      return isSmall ? size : -1;
    },
    stage(entries, count) {
      // Entries ascend with their offsets; the index goes along.
      for (let index = 0; index < count; index += 1) sorted[index] = (entries[index] ?? 0) * most + index;
      sorted.subarray(0, count).sort();
      let to = stageAt;
      let start = 0;
      let stop = 0;
      let ofPack = -1;
      for (let at = 0; at < count; at += 1) {
        const entry = entryAt(at);
        const index = (sorted[at] ?? 0) - entry * most;
        enter(entry);
        const offset = forest.offset[entry] ?? 0;
        const end = endOf(entry);
        if (ofPack !== pack || offset < start || end > stop) {
          ofPack = pack;
          start = offset;
          stop = offset + read(windowEnd(at, count, offset) - offset, offset);
        }
        const from = windowAt + offset - start;
        const size = forest.size[entry] ?? 0;
        const header = end <= stop ? headerLength(memory.bytes, from, end - offset, width) : end - offset;
        const isInflated =
          to + size <= stageAt + STAGE_BYTES && kernel.inflate(from + header, end - offset - header, to, size) >= 0;
        pointers[index] = isInflated ? to : -1;
        if (isInflated) to += size;
      }
    },
    pointer: (index) => pointers[index] ?? -1,
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
      memory.free(windowAt, WINDOW_BYTES + ROOM);
      memory.free(stageAt, STAGE_BYTES + ROOM);
    },
  };
}

/** Of an entry that has been parsed before; `size` if it has changed since and does not parse. */
function headerLength(bytes: Uint8Array, start: number, size: number, width: number): number {
  const end = start + Math.min(size, HEADER_BYTES);
  let at = start;
  const type = ((bytes[at] ?? 0) >> 4) & 7;
  while (at < end && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
  at += 1;
  if (type === OFS_DELTA) {
    while (at < end && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
    at += 1;
  } else if (type === REF_DELTA) at += width;
  return Math.min(at - start, size);
}
