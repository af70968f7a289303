/** Sorts the offsets of a pack's entries without an object or a comparison for each: least significant digit first. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** The indexes of `offsets` in ascending order of offset; equal offsets keep their order. Offsets are below 2^53. */
export function orderOf(offsets: Float64Array): Uint32Array {
  const count = offsets.length;
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  let order = new Uint32Array(count);
  let largest = 0;
  for (let at = 0; at < count; at += 1) {
    const offset = offsets[at] ?? 0;
    low[at] = offset % 2 ** 32;
    high[at] = offset / 2 ** 32;
    order[at] = at;
    if (offset > largest) largest = offset;
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
