/**
 * Many small pack entries, inflated into linear memory at once: in the order in which they lie in their packs, so each
 * part of a pack is read once, however far apart the entries of a chain are.
 */
import { readSync } from 'node:fs';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { createEntryPlaces } from '../pack/entry-places.ts';
import type { Forest } from '../pack/forest.ts';
import { packKernel, ROOM } from '../pack/kernel.ts';
import { ObjectError } from '../pack/object-error.ts';

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
  const places = createEntryPlaces(forest);
  const windowAt = memory.allocate(WINDOW_BYTES + ROOM);
  const stageAt = memory.allocate(STAGE_BYTES + ROOM);
  const pointers = new Int32Array(most);
  const sorted = new Float64Array(most);

  /** Bytes read: fewer than asked for where the file ends, or cannot be read. */
  function read(size: number, position: number): number {
    let done = 0;
    try {
      const file = places.file();
      while (done < size) {
        const count = readSync(file, memory.bytes, windowAt + done, size - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (error) {
      if (!(error instanceof ObjectError || (error instanceof Error && 'syscall' in error))) throw error;
    }
    return done;
  }

  /** How far to read from `offset` on: to the end of the last entry that follows closely and fits. */
  function windowEnd(from: number, count: number, offset: number): number {
    let end = places.endOf(entryAt(from));
    for (let at = from + 1; at < count; at += 1) {
      const entry = entryAt(at);
      if (entry >= places.stop || (forest.offset[entry] ?? 0) - end > MAX_GAP) break;
      const stop = places.endOf(entry);
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
      places.enter(entry);
      const size = forest.size[entry] ?? 0;
      const isSmall = size <= MAX_ENTRY_BYTES && places.endOf(entry) - (forest.offset[entry] ?? 0) <= MAX_ENTRY_BYTES;
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
        places.enter(entry);
        const offset = forest.offset[entry] ?? 0;
        const end = places.endOf(entry);
        if (ofPack !== places.pack || offset < start || end > stop) {
          ofPack = places.pack;
          start = offset;
          stop = offset + read(windowEnd(at, count, offset) - offset, offset);
        }
        const from = windowAt + offset - start;
        const size = forest.size[entry] ?? 0;
        const header = end <= stop ? places.headerLength(memory.bytes, from, end - offset) : end - offset;
        const isInflated =
          to + size <= stageAt + STAGE_BYTES && kernel.inflate(from + header, end - offset - header, to, size) >= 0;
        pointers[index] = isInflated ? to : -1;
        if (isInflated) to += size;
      }
    },
    pointer: (index) => pointers[index] ?? -1,
    close() {
      places.close();
      memory.free(windowAt, WINDOW_BYTES + ROOM);
      memory.free(stageAt, STAGE_BYTES + ROOM);
    },
  };
}
