/**
 * The compressed bytes of many small pack entries, brought into linear memory at once: in the order in which they lie in
 * their packs, so each part of a pack is read at most once, however far apart the entries of a chain are.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { hashBytes } from '../oid.ts';
import { HEADER_BYTES } from '../pack/entry-headers.ts';
import { type Forest, packOf } from '../pack/forest.ts';
import { ROOM } from '../pack/kernel.ts';

/** Compressed bytes of one entry, header included; larger ones are for others. */
export const MAX_ENTRY_BYTES: number = 128 * 1024;
/** Bytes staged at a time. */
export const STAGE_BYTES: number = 16 * 1024 * 1024 - ROOM;
const WINDOW_BYTES = 512 * 1024;
/** Between two entries: reading this much in vain is cheaper than another call. */
const MAX_GAP = 4096;

export interface StagedBytes {
  /** Bytes that an entry takes in its pack, header included. */
  length(entry: number): number;
  /** Brings in the first `count` of these, whose lengths are at most STAGE_BYTES in all. */
  stage(entries: Int32Array, count: number): void;
  /** Of the entry at that index of `entries`: where its stream begins, -1 if it cannot be read, and how long it may be. */
  pointer(index: number): number;
  available(index: number): number;
  close(): void;
}

/** `most`: how many entries are staged at a time. */
export function openStagedBytes(forest: Forest, most: number): StagedBytes {
  const memory = linearMemory();
  const width = hashBytes(forest.hash);
  const windowAt = memory.allocate(WINDOW_BYTES);
  const stageAt = memory.allocate(STAGE_BYTES + ROOM);
  const files = new Map<number, number>();
  const pointers = new Int32Array(most);
  const lengths = new Int32Array(most);
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

  function length(entry: number): number {
    enter(entry);
    const offset = forest.offset[entry] ?? 0;
    for (let next = entry + 1; next < packStop; next += 1) {
      const end = forest.offset[next] ?? packEnd;
      if (end !== offset) return Math.max(0, Math.min(end, packEnd) - offset);
    }
    return Math.max(0, packEnd - offset);
  }

  /** Bytes read: fewer than asked for where the file ends, or cannot be read. */
  function read(file: number, size: number, position: number): number {
    let done = 0;
    try {
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

  /** How much to read from `offset` on: up to the end of the last entry that follows closely and fits. */
  function windowEnd(from: number, count: number, offset: number): number {
    let end = offset;
    for (let at = from; at < count; at += 1) {
      const entry = Math.floor((sorted[at] ?? 0) / most);
      const start = forest.offset[entry] ?? 0;
      if (entry >= packStop || start - end > MAX_GAP) break;
      const stop = start + length(entry);
      if (stop - offset > WINDOW_BYTES) break;
      end = Math.max(end, stop);
    }
    return end;
  }

  return {
    length,
    stage(entries, count) {
      // Entries ascend with their offsets; the index goes along.
      for (let index = 0; index < count; index += 1) sorted[index] = (entries[index] ?? 0) * most + index;
      sorted.subarray(0, count).sort();
      let to = stageAt;
      let start = 0;
      let stop = 0;
      let ofPack = -1;
      for (let at = 0; at < count; at += 1) {
        const key = sorted[at] ?? 0;
        const entry = Math.floor(key / most);
        const index = key - entry * most;
        enter(entry);
        const offset = forest.offset[entry] ?? 0;
        const size = length(entry);
        if (ofPack !== pack || offset < start || offset + size > stop) {
          ofPack = pack;
          start = offset;
          stop = offset + read(fileOf(pack), windowEnd(at, count, offset) - offset, offset);
        }
        const isThere = offset + size <= stop && to + size <= stageAt + STAGE_BYTES;
        const header = isThere ? headerLength(memory.bytes, windowAt + offset - start, size, width) : size;
        pointers[index] = header < size ? to + header : -1;
        lengths[index] = size - header;
        if (!isThere) continue;
        const from = windowAt + offset - start;
        memory.bytes.copyWithin(to, from, from + size);
        to += size;
      }
    },
    pointer: (index) => pointers[index] ?? -1,
    available: (index) => lengths[index] ?? 0,
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
      memory.free(windowAt, WINDOW_BYTES);
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
  if (type === 6) {
    while (at < end && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
    at += 1;
  } else if (type === 7) at += width;
  return Math.min(at - start, size);
}
