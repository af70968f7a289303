/** Walks what is too large for the walk of many small entries (small-walk.ts), which has bounds that this one has not. */
import { setImmediate } from 'node:timers/promises';
import type { Forest } from '../pack/forest.ts';
import { DEFAULT_WALK_LIMITS, walk } from '../pack/walk.ts';

/** Commits, trees and tags above this are made up. */
export const MAX_STRUCTURE_BYTES: number = 256 * 1024 * 1024;
/** Inflated and put together in one walk. */
const MAX_WORK_BYTES = 2 ** 36;

/** Visits what can be read below `roots`: the entries that `needed` marks, or all. `bytes` are valid during the call only. */
export async function walkLarge(
  forest: Forest,
  roots: Int32Array,
  needed: Uint8Array | undefined,
  signal: AbortSignal,
  visit: (entry: number, bytes: Uint8Array) => void,
): Promise<void> {
  if (roots.length === 0) return;
  const limits = { ...DEFAULT_WALK_LIMITS, textBytes: MAX_STRUCTURE_BYTES, workBytes: MAX_WORK_BYTES };
  // What cannot be had here is asked for by its id when it is missed.
  const steps = walk(forest, roots, { limits, wanted: needed }, { entry: visit, failed: () => undefined });
  for (const _step of steps) {
    await setImmediate();
    signal.throwIfAborted();
  }
}
