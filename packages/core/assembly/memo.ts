/**
 * Results of rules by the bytes that they depend on. In the history of a file the same slice comes back in version after
 * version, and most slices have no result. Exact: a slice is compared byte by byte with the one that is kept, the hash
 * only says where to look.
 *
 * A block of memory: slots of 16 bytes each, then the bytes of slices, one behind the other, round and round.
 *  0 entry of the tables + 1; 0: the slot is empty
 *  4 shape of the slice
 *  8 where its bytes lie: the count of all bytes kept before
 * 12 1 if there is a result: JavaScript has it, by the slot's number
 */
/** What `recall` gives besides the number of a slot. */
const UNKNOWN: i32 = -1;
export const NO_RESULT: i32 = -2;

const SLOT_BITS: u32 = 15;
const SLOTS: u32 = 1 << SLOT_BITS;
const SLOT_BYTES: usize = 16;
/** Both parts together are a block of 8 MiB. */
const KEPT_BYTES: u32 = (8 << 20) - (SLOTS << 4);
/** Longer slices are not kept: they are rare, and would be most of the memory. */
const MAX_SLICE: i32 = 1024;
/** Places of kept bytes are counted up to here, then everything is forgotten. */
const MAX_COUNT: u32 = 0x7f000000;

let slots: usize = 0;
let kept: usize = 0;
/** How many bytes have been kept; of those the last KEPT_BYTES are there. */
let count: u32 = 0;

/** The block where it is kept from now on; nothing is known. */
export function beginMemo(block: usize): void {
  slots = block;
  kept = block + SLOTS * SLOT_BYTES;
  forgetAll();
}

/** For other rules: what is known of these is not theirs. */
export function forgetAll(): void {
  if (slots == 0) return;
  memory.fill(slots, 0, SLOTS * SLOT_BYTES);
  count = 0;
}

/** All that decides a result besides the bytes: how many there are, where the keyword stands, which ends are the text's. */
function shapeOf(lo: i32, hi: i32, keyword: i32, atEnd: bool, atStart: bool): u32 {
  return <u32>(hi - lo) | ((<u32>(keyword - lo)) << 12) | ((atEnd ? 1 : 0) << 24) | ((atStart ? 1 : 0) << 25);
}

/**
 * What is known of an entry on the slice `[lo, hi)` of the text at `text`: NO_RESULT, the number of the slot that has one,
 * or UNKNOWN.
 */
export function recall(entry: u32, text: usize, lo: i32, hi: i32, keyword: i32, atEnd: bool, atStart: bool): i32 {
  if (hi - lo > MAX_SLICE || slots == 0) return UNKNOWN;
  const size = <u32>(hi - lo);
  const number = slotOf(entry, text + lo, size);
  const slot = slots + <usize>number * SLOT_BYTES;
  if (load<u32>(slot) != entry + 1 || load<u32>(slot, 4) != shapeOf(lo, hi, keyword, atEnd, atStart)) return UNKNOWN;
  const place = load<u32>(slot, 8);
  if (count - place > KEPT_BYTES) return UNKNOWN;
  if (memory.compare(text + lo, kept + <usize>(place % KEPT_BYTES), size) != 0) return UNKNOWN;
  return load<u32>(slot, 12) == 0 ? NO_RESULT : <i32>number;
}

/** Keeps what came of it; gives the slot's number, UNKNOWN where the slice is too long. */
export function remember(
  entry: u32,
  text: usize,
  lo: i32,
  hi: i32,
  keyword: i32,
  atEnd: bool,
  atStart: bool,
  hasResult: bool,
): i32 {
  if (hi - lo > MAX_SLICE || slots == 0) return UNKNOWN;
  const size = <u32>(hi - lo);
  if (count > MAX_COUNT) forgetAll();
  // The bytes of a slice lie in one piece.
  if ((count % KEPT_BYTES) + size > KEPT_BYTES) count += KEPT_BYTES - (count % KEPT_BYTES);
  memory.copy(kept + <usize>(count % KEPT_BYTES), text + lo, size);
  const number = slotOf(entry, text + lo, size);
  const slot = slots + <usize>number * SLOT_BYTES;
  store<u32>(slot, entry + 1);
  store<u32>(slot, shapeOf(lo, hi, keyword, atEnd, atStart), 4);
  store<u32>(slot, count, 8);
  store<u32>(slot, hasResult ? 1 : 0, 12);
  count += size;
  return <i32>number;
}

/** Reads up to seven bytes behind the slice, and leaves them out. */
function slotOf(entry: u32, at: usize, size: u32): u32 {
  let hash: u64 = ((<u64>entry) << 32) ^ size;
  const end = at + size;
  for (; at + 8 <= end; at += 8) hash = mix(hash ^ load<u64>(at));
  const left = <u64>(end - at);
  if (left != 0) hash = mix(hash ^ (load<u64>(at) & (((<u64>1) << (left << 3)) - 1)));
  return <u32>(hash >> (64 - SLOT_BITS));
}

function mix(hash: u64): u64 {
  const product = hash * 0x9e3779b97f4a7c15;
  return product ^ (product >> 29);
}
