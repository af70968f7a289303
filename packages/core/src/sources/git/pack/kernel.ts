/**
 * Inflating and applying deltas in this thread's linear memory. Pointers and sizes are bytes of it. Whatever the input
 * is, nothing outside the given ranges and the room behind them is read or written, and every call ends.
 */
import { instantiate } from '../../../bytes/linear-memory.ts';
import { packModule } from './generated/pack.ts';

/** What `inflate` gives for a stream that goes on behind `available`; for others that are wrong it is -1, -3 or -4. */
export const INFLATE_CUT_OFF: number = -2;

/** What `applyDelta` gives in place of a number of runs. */
export const DELTA_CORRUPT: number = -1;
export const DELTA_TOO_MANY_RUNS: number = -2;

/** Room that must be there behind a text or a delta. */
export const ROOM: number = 64;

export interface PackKernel {
  /**
   * Inflates one zlib stream (RFC 1950) of at most `available` bytes at `from` into exactly `size` bytes at `to`, with
   * ROOM behind both. Gives the number of compressed bytes, or a negative code (assembly/inflate.ts).
   */
  inflate(from: number, available: number, to: number, size: number): number;
  /** Size of the result that a delta claims; -1 for one that is corrupt or claims 2 GiB or more. */
  resultSize(delta: number, deltaSize: number): number;
  /**
   * Applies a delta, its two sizes included. The result of `size` bytes goes to `to`, the copied ranges to `runs`: triples
   * of 32 bits (source, target, length), in the order of the target, joined where both go on, without those of less than
   * `shortest` bytes. Gives their number, or DELTA_CORRUPT, or DELTA_TOO_MANY_RUNS for more than `maxRuns`, when the result is whole all the same.
   */
  applyDelta(
    base: number,
    baseSize: number,
    delta: number,
    deltaSize: number,
    to: number,
    size: number,
    runs: number,
    maxRuns: number,
    shortest: number,
  ): number;
  /** Not 0 when a NUL is among the bytes. */
  hasZero(from: number, length: number): number;
}

let ofThisThread: PackKernel | undefined;

export function packKernel(): PackKernel {
  return (ofThisThread ??= instantiate(packModule) as PackKernel);
}
