/** Inflates entries and applies deltas in linear memory, within limits. The caller frees what is built. */
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { openEntryBytes } from './entry-bytes.ts';
import { LARGEST_SIZE } from './entry-headers.ts';
import type { Forest } from './forest.ts';
import { DELTA_CORRUPT, DELTA_TOO_MANY_RUNS, INFLATE_CUT_OFF, packKernel, ROOM } from './kernel.ts';

export type Failure = 'corrupt' | 'too-large' | 'limit' | 'missing';

/** More runs than any delta of a real repository has; one with more passes nothing on. */
const MAX_RUNS = 65_536;
/** Half of the runs in deltas are shorter: for a scanner, to keep them apart costs more than to look at their bytes again. */
const SHORTEST_RUN = 64;

export interface EntryTexts {
  /** Says which entries are going to be built, ascending: their bytes are read together. */
  readAhead(entries: Int32Array): void;
  /**
   * Builds the text of an entry: from its base's text at `base`, or whole when that is -1. Gives why it cannot be had.
   * Claims above `most` bytes are not followed.
   */
  build(entry: number, base: number, baseSize: number, most: number): Failure | undefined;
  /** Of the text built last, or of one that was too large (then nothing was built). */
  readonly pointer: number;
  readonly size: number;
  /** Runs of the delta applied last, -1: they are not known. Valid until the next `build`. */
  readonly runs: number;
  /** Copies of the runs, valid likewise. */
  copies(): Int32Array | undefined;
  /** Bytes inflated and put together so far. */
  readonly work: number;
  /** Takes over a text that was built elsewhere. */
  adopt(bytes: Uint8Array): Failure | undefined;
  release(pointer: number, size: number): void;
  close(): void;
}

export function openEntryTexts(forest: Forest): EntryTexts {
  const memory = linearMemory();
  const kernel = packKernel();
  const source = openEntryBytes(forest);
  const runsAt = memory.allocate(MAX_RUNS * 12);
  let deltaRoom = 64 * 1024;
  let deltaAt = memory.allocate(deltaRoom);
  let pointer = 0;
  let size = 0;
  let runs = -1;
  let work = 0;

  /** The entry's own bytes, inflated to `to`. */
  function inflate(entry: number, to: number, length: number): Failure | undefined {
    work += length;
    const at = source.find(entry);
    if (at < 0) return 'corrupt';
    let used = kernel.inflate(at, source.available, to, length);
    if (used === INFLATE_CUT_OFF) {
      const whole = source.findWhole(entry);
      if (whole >= 0) used = kernel.inflate(whole, source.available, to, length);
    }
    return used < 0 ? 'corrupt' : undefined;
  }

  function buildWhole(entry: number, most: number): Failure | undefined {
    size = forest.size[entry] ?? 0;
    if (size > most || size === LARGEST_SIZE) return 'too-large';
    pointer = memory.allocate(size + ROOM);
    const failure = inflate(entry, pointer, size);
    if (failure !== undefined) release(pointer, size);
    return failure;
  }

  function buildDelta(entry: number, base: number, baseSize: number, most: number): Failure | undefined {
    const deltaSize = forest.size[entry] ?? 0;
    // An honest delta is smaller than its result.
    if (deltaSize > most + baseSize || deltaSize === LARGEST_SIZE) return 'limit';
    if (deltaSize + ROOM > deltaRoom) {
      const wanted = deltaSize + ROOM;
      const larger = memory.allocate(wanted);
      memory.free(deltaAt, deltaRoom);
      deltaAt = larger;
      deltaRoom = wanted;
    }
    const failure = inflate(entry, deltaAt, deltaSize);
    if (failure !== undefined) return failure;
    size = kernel.resultSize(deltaAt, deltaSize);
    if (size < 0) return 'corrupt';
    if (size > most) return 'too-large';
    pointer = memory.allocate(size + ROOM);
    work += size;
    const count = kernel.applyDelta(base, baseSize, deltaAt, deltaSize, pointer, size, runsAt, MAX_RUNS, SHORTEST_RUN);
    if (count === DELTA_CORRUPT) {
      release(pointer, size);
      return 'corrupt';
    }
    runs = count === DELTA_TOO_MANY_RUNS ? -1 : count;
    return undefined;
  }

  function release(at: number, length: number): void {
    memory.free(at, length + ROOM);
  }

  return {
    readAhead: (entries) => source.readAhead(entries),
    build(entry, base, baseSize, most) {
      runs = -1;
      size = 0;
      try {
        return base < 0 ? buildWhole(entry, most) : buildDelta(entry, base, baseSize, most);
      } catch (error) {
        return failureOf(error);
      }
    },
    get pointer() {
      return pointer;
    },
    get size() {
      return size;
    },
    get runs() {
      return runs;
    },
    copies() {
      return runs < 0 ? undefined : memory.words.subarray(runsAt >> 2, (runsAt >> 2) + runs * 3);
    },
    get work() {
      return work;
    },
    adopt(bytes) {
      try {
        runs = -1;
        size = bytes.length;
        pointer = memory.allocate(size + ROOM);
        memory.bytes.set(bytes, pointer);
        return undefined;
      } catch (error) {
        return failureOf(error);
      }
    },
    release,
    close() {
      source.close();
      memory.free(runsAt, MAX_RUNS * 12);
      memory.free(deltaAt, deltaRoom);
    },
  };
}

/** No more memory, or a file that is gone. */
function failureOf(error: unknown): Failure {
  if (error instanceof RangeError) return 'limit';
  if (error instanceof Error && 'syscall' in error) return 'corrupt';
  throw error;
}
