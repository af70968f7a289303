/** The entries of one object, where packs store it more than once. */
import { findSlot, type IdSlots } from './id-slots.ts';

/** More copies of one object are not tried: somebody made them up. */
export const MOST_COPIES = 16;

/** By entry: the next one with the same id, -1: none. The first one is the one that the table of ids has. */
export function linkCopies(slots: IdSlots, ids: Uint8Array, repeated: Uint8Array): Int32Array {
  const width = slots.width * 4;
  const next = new Int32Array(repeated.length).fill(-1);
  for (let entry = repeated.lastIndexOf(1); entry >= 0; entry = entry === 0 ? -1 : repeated.lastIndexOf(1, entry - 1)) {
    const first = findSlot(slots, ids, entry * width);
    next[entry] = next[first] ?? -1;
    next[first] = entry;
  }
  return next;
}
