/**
 * Sorts the offsets of a pack's entries without an object or a comparison for each. Entries lie fairly even in a pack, so
 * each goes to its part of the pack at once, and the few of a part are put in order; where an index crowds its offsets,
 * digit by digit.
 */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Entries of one part that are sorted by insertion. */
const MOST_IN_PART = 64;

/**
 * The indexes of `offsets` in ascending order of offset, equal ones in the order in which they come; fills `sorted` with
 * the offsets in that order. Offsets are below 2^53.
 */
export function orderOf(offsets: Float64Array, sorted: Float64Array): Uint32Array {
  let largest = 0;
  for (let at = 0; at < offsets.length; at += 1) {
    const offset = offsets[at] ?? 0;
    if (offset > largest) largest = offset;
  }
  const parted = orderByParts(offsets, largest);
  const order = parted ?? orderByDigits(offsets, largest);
  for (let at = 0; at < order.length; at += 1) sorted[at] = offsets[order[at] ?? 0] ?? 0;
  if (parted !== undefined) insertEach(order, sorted);
  return order;
}

/** In order of parts, with no order within a part. Undefined when a part is crowded. */
function orderByParts(offsets: Float64Array, largest: number): Uint32Array | undefined {
  const count = offsets.length;
  let scale = 1;
  while (largest / scale >= Math.max(count, 1)) scale *= 2;
  const factor = 1 / scale;
  const parts = Math.floor(largest * factor) + 1;
  const next = new Uint32Array(parts + 1);
  for (let at = 0; at < count; at += 1) {
    const part = Math.floor((offsets[at] ?? 0) * factor) + 1;
    next[part] = (next[part] ?? 0) + 1;
  }
  for (let part = 1; part <= parts; part += 1) {
    if ((next[part] ?? 0) > MOST_IN_PART) return undefined;
    next[part] = (next[part] ?? 0) + (next[part - 1] ?? 0);
  }
  const order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const part = Math.floor((offsets[at] ?? 0) * factor);
    const place = next[part] ?? 0;
    next[part] = place + 1;
    order[place] = at;
  }
  return order;
}

/** Sorts both by insertion: nothing has far to go. */
function insertEach(order: Uint32Array, sorted: Float64Array): void {
  for (let at = 1; at < order.length; at += 1) {
    const offset = sorted[at] ?? 0;
    if ((sorted[at - 1] ?? 0) <= offset) continue;
    const index = order[at] ?? 0;
    let to = at;
    for (; to > 0 && (sorted[to - 1] ?? 0) > offset; to -= 1) {
      sorted[to] = sorted[to - 1] ?? 0;
      order[to] = order[to - 1] ?? 0;
    }
    sorted[to] = offset;
    order[to] = index;
  }
}

/** Least significant digit first. */
function orderByDigits(offsets: Float64Array, largest: number): Uint32Array {
  const count = offsets.length;
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  let order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const offset = offsets[at] ?? 0;
    low[at] = offset % 2 ** 32;
    high[at] = offset / 2 ** 32;
    order[at] = at;
  }
  let other = new Uint32Array(count);
  for (const [words, base] of [
    [low, 0],
    [high, 32],
  ] as const) {
    for (let shift = 0; shift < 32 && largest >= 2 ** (base + shift); shift += DIGIT_BITS) {
      sortByDigit(words, shift, order, other);
      [order, other] = [other, order];
    }
  }
  return order;
}

function sortByDigit(words: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): void {
  const next = new Uint32Array(DIGITS + 1);
  for (let at = 0; at < words.length; at += 1) {
    const digit = ((words[at] ?? 0) >>> shift) & (DIGITS - 1);
    next[digit + 1] = (next[digit + 1] ?? 0) + 1;
  }
  for (let digit = 1; digit <= DIGITS; digit += 1) next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
  for (let at = 0; at < from.length; at += 1) {
    const index = from[at] ?? 0;
    const digit = ((words[index] ?? 0) >>> shift) & (DIGITS - 1);
    const place = next[digit] ?? 0;
    next[digit] = place + 1;
    to[place] = index;
  }
}
