/**
 * All occurrences of a text. Of a text that derives from a base, an occurrence that lies wholly in one run of copied
 * bytes is the base's; the others touch an insert or a seam, and are looked for there.
 */
import { beginSearch, foundSoFar, search } from './prefilter';
import { ANCHOR, ANCHOR_BYTES, anchors, longestAnchor } from './tables';
import { candidateCount, weigh } from './weigh';

const NO_ROOM: i32 = -1;
const BAD_RUNS: i32 = -2;

/** How many occurrences the last call of `scan` found, or would have. */
let total: i32 = 0;

export function occurrenceCount(): i32 {
  return total;
}

/**
 * Occurrences of the text at `text` go to `out`, sorted by position, then anchor; candidates to `candidates`; `spare` has
 * as much room as `out`. Gives the number of occurrences; NO_ROOM when a capacity did not suffice and all has to be done
 * again; BAD_RUNS when the runs cannot be those of this text and base. `runs`: triples as in Inherit.copies, none for a
 * text without a base; `base`: its occurrences.
 */
export function scan(
  text: usize,
  length: i32,
  base: usize,
  baseCount: i32,
  baseLength: i32,
  runs: usize,
  runCount: i32,
  out: usize,
  spare: usize,
  capacity: i32,
  candidates: usize,
  candidateCapacity: i32,
  isTraced: bool,
): i32 {
  total = 0;
  if (!fit(runs, runCount, length, baseLength)) return BAD_RUNS;
  if (runCount == 0) {
    beginSearch(out, capacity, 0, 0);
    search(text, 0, length);
    total = foundSoFar();
    if (total > capacity) return NO_ROOM;
    sort(out, total);
  } else {
    const inherited = inherit(base, baseCount, runs, runCount, out, capacity);
    beginSearch(spare, capacity, runs, runCount);
    searchSeams(text, length, runs, runCount);
    const found = foundSoFar();
    total = inherited + found;
    if (total > capacity) return NO_ROOM;
    sort(spare, found);
    merge(out, inherited, spare, found);
  }
  weigh(text, length, baseLength, runs, runCount, out, total, candidates, candidateCapacity, isTraced);
  return candidateCount() > candidateCapacity ? NO_ROOM : total;
}

/** Whether runs lie in both texts, in the order of the target and without overlap there. */
function fit(runs: usize, runCount: i32, length: i32, baseLength: i32): bool {
  let at: i64 = 0;
  for (let i = 0; i < runCount; i++) {
    const run = runs + <usize>i * 12;
    const source = <i64>load<i32>(run);
    const target = <i64>load<i32>(run, 4);
    const size = <i64>load<i32>(run, 8);
    if (source < 0 || size <= 0 || target < at || source + size > <i64>baseLength) return false;
    at = target + size;
  }
  return at <= <i64>length;
}

/** Takes over what lies wholly in runs; gives how many, also beyond the capacity. */
function inherit(base: usize, baseCount: i32, runs: usize, runCount: i32, out: usize, capacity: i32): i32 {
  const baseEnd = base + ((<usize>baseCount) << 3);
  const runsEnd = runs + <usize>runCount * 12;
  let count: i32 = 0;
  /** Sources mostly go on where the last one ended. */
  let at = base;
  for (let run = runs; run < runsEnd; run += 12) {
    const source = load<i32>(run);
    const end = source + load<i32>(run, 8);
    const shift = load<i32>(run, 4) - source;
    at = seek(base, baseEnd, at, source);
    // Two at a time, where every anchor ends in the run.
    const shifts = i32x4(shift, 0, shift, 0);
    for (; at + 16 <= baseEnd && load<i32>(at, 8) < end - longestAnchor; at += 16) {
      if (count + 2 <= capacity) v128.store(out + ((<usize>count) << 3), i32x4.add(v128.load(at), shifts));
      count += 2;
    }
    for (; at < baseEnd; at += 8) {
      const position = load<i32>(at);
      if (position >= end) break;
      const anchor = load<u32>(at, 4);
      if (position + load<i32>(anchors + <usize>(anchor & ANCHOR) * ANCHOR_BYTES, 12) > end) continue;
      if (count < capacity) {
        const to = out + ((<usize>count) << 3);
        store<i32>(to, position + shift);
        store<u32>(to, anchor, 4);
      }
      count++;
    }
  }
  return count;
}

/** The first occurrence at or behind `position`; near `hint` if possible. */
function seek(base: usize, end: usize, hint: usize, position: i32): usize {
  let low = base;
  let high = end;
  if (hint < end && load<i32>(hint) < position) {
    // A few steps on are cheaper than halving.
    for (let steps = 0; steps < 8; steps++) {
      hint += 8;
      if (hint >= end || load<i32>(hint) >= position) return hint;
    }
    low = hint;
  } else if (hint == base || load<i32>(hint - 8) < position) {
    return hint;
  } else {
    high = hint;
  }
  while (low < high) {
    const middle = low + (((high - low) >> 4) << 3);
    if (load<i32>(middle) < position) low = middle + 8;
    else high = middle;
  }
  return low;
}

/** Searches inserts and seams, widened so that every anchor that touches one lies in what is searched. */
function searchSeams(text: usize, length: i32, runs: usize, runCount: i32): void {
  const margin = longestAnchor - 1;
  let from = -1;
  let to = -1;
  let at = 0;
  for (let i = 0; i <= runCount; i++) {
    const run = runs + <usize>i * 12;
    const start = i < runCount ? load<i32>(run, 4) : length;
    // The edges of the text are no seams.
    if (start > at || (i > 0 && i < runCount)) {
      const gapFrom = max(0, at - margin);
      if (gapFrom > to) {
        if (to >= 0) search(text, from, to);
        from = gapFrom;
      }
      to = min(length, start + margin);
    }
    if (i < runCount) at = start + load<i32>(run, 8);
  }
  if (to >= 0) search(text, from, to);
}

/** Fragments lie at different depths of their anchors, so positions come nearly, not wholly, sorted. */
function sort(at: usize, count: i32): void {
  const end = at + ((<usize>count) << 3);
  for (let i = at + 8; i < end; i += 8) {
    const key = keyAt(i);
    if (keyAt(i - 8) <= key) continue;
    const moved = load<u64>(i);
    let j = i - 8;
    do {
      store<u64>(j + 8, load<u64>(j));
      j -= 8;
    } while (j >= at && keyAt(j) > key);
    store<u64>(j + 8, moved);
  }
}

function keyAt(at: usize): u64 {
  return ((<u64>load<u32>(at)) << 32) | <u64>(load<u32>(at, 4) & ANCHOR);
}

/** Merges `more` into `list`, both sorted, from the end. */
function merge(list: usize, count: i32, more: usize, moreCount: i32): void {
  let a = list + ((<usize>count) << 3);
  let b = more + ((<usize>moreCount) << 3);
  let to = a + ((<usize>moreCount) << 3);
  while (b > more) {
    to -= 8;
    if (a > list && keyAt(a - 8) > keyAt(b - 8)) {
      a -= 8;
      store<u64>(to, load<u64>(a));
    } else {
      b -= 8;
      store<u64>(to, load<u64>(b));
    }
  }
}
