/**
 * All occurrences of a text, and which rules have to be asked about them.
 *
 * Of a text that derives from a base, an occurrence that lies wholly in one run of copied bytes is the base's; the others
 * touch an insert or a seam, and are looked for there. A rule's result is the base's too where everything that it may
 * read, guard bytes included, lies in one run; the first and last byte of a text have imaginary neighbours, which a run
 * holds only if it maps start to start, or end to end. Of all other occurrences, bytes decide whether RE2 is asked, unless
 * the same bytes were asked before and nothing came of them.
 */
import { passes, REFUSED_BY_NEXT } from './gates';
import { endOfLines, startOfLines } from './lines';
import { NO_RESULT, recall } from './memo';
import { beginSearch, equalsFolded, foundSoFar, search } from './prefilter';
import {
  ANCHOR_BYTES,
  anchors,
  entries,
  ENTRY_BYTES,
  longestAnchor,
  longestKeyword,
  NONLOCAL,
  STOP_AT_NEXT,
} from './tables';

/** An occurrence is 8 bytes: position, and the anchor with this flag if the base or the text itself has a result there. */
const HOT: u32 = 0x80000000;

/** What is told of an occurrence and a rule: 16 bytes: occurrence, keyword's position, `entry << 3 | one of these`, shift. */
const ASK: u32 = 0;
const INHERIT: u32 = 1;
/** Only told when everything is traced: which condition refused. */
const REFUSED: u32 = 2;

const NO_ROOM: i32 = -1;
const BAD_RUNS: i32 = -2;

/** How many occurrences the last call of `scan` found, and candidates it told, or would have. */
let total: i32 = 0;
let told: i32 = 0;

export function occurrenceCount(): i32 {
  return total;
}

export function candidateCount(): i32 {
  return told;
}

/**
 * Occurrences of the text at `text` go to `out`, sorted by position, then anchor; candidates to `candidates`; `spare` has
 * as much room as `out`. Gives the number of occurrences; NO_ROOM when a capacity did not suffice and all has to be done
 * again; BAD_RUNS when the runs cannot be those of this text and base. `runs`: triples as in Inherit.copies, none for a text without a base; `base`: its occurrences.
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
  told = 0;
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
  return told > candidateCapacity ? NO_ROOM : total;
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
    for (; at < baseEnd; at += 8) {
      const position = load<i32>(at);
      if (position >= end) break;
      const anchor = load<u32>(at, 4);
      if (position + load<i32>(anchors + <usize>(anchor & ~HOT) * ANCHOR_BYTES, 12) > end) continue;
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
  return ((<u64>load<u32>(at)) << 32) | <u64>(load<u32>(at, 4) & ~HOT);
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

/** Tells which rules have to be asked, and which results can be taken over. */
function weigh(
  text: usize,
  length: i32,
  baseLength: i32,
  runs: usize,
  runCount: i32,
  list: usize,
  count: i32,
  candidates: usize,
  capacity: i32,
  isTraced: bool,
): void {
  let run = 0;
  let start = 0;
  let end = -1;
  let shift = 0;
  /** The run without bounds where it holds the text's own. */
  let reachesFrom = 0;
  let reachesTo = 0;
  for (let i = 0; i < count; i++) {
    const occurrence = list + ((<usize>i) << 3);
    const position = load<i32>(occurrence);
    const marked = load<u32>(occurrence, 4);
    const anchor = anchors + <usize>(marked & ~HOT) * ANCHOR_BYTES;
    if (position >= end) {
      while (run < runCount) {
        const at = runs + <usize>run * 12;
        start = load<i32>(at, 4);
        end = start + load<i32>(at, 8);
        if (end > position) {
          const source = load<i32>(at);
          shift = source - start;
          reachesFrom = source == 0 && start == 0 ? i32.MIN_VALUE : start;
          reachesTo = end == length && end + shift == baseLength ? i32.MAX_VALUE : end;
          break;
        }
        run++;
      }
    }
    const isCopied = run < runCount && position >= start && position + load<i32>(anchor, 12) <= end;
    const isHot = (marked & HOT) != 0;
    // An anchor of a rule that is run over whole texts has no reach.
    if (
      isCopied &&
      !isHot &&
      load<i32>(anchor, 24) >= 0 &&
      position - load<i32>(anchor, 24) >= reachesFrom &&
      reachesTo - load<i32>(anchor, 28) >= position
    )
      continue;
    const last = load<i32>(anchor, 20);
    let linesOf = -1;
    let lines = 0;
    /** Where the lines that matter begin and end; -1: out of every rule's reach. */
    let linesFrom = -1;
    let linesTo = -1;
    for (let e = load<i32>(anchor, 16); e < last; e++) {
      const entry = entries + <usize>e * ENTRY_BYTES;
      const flags = load<u32>(entry, 12);
      const keyword = position - load<i32>(entry, 20);
      const keywordEnd = keyword + load<i32>(entry, 16);
      if ((flags & NONLOCAL) != 0) {
        if (stands(text, length, entry, keyword, keywordEnd))
          tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | ASK, 0);
        continue;
      }
      let from = max(0, keyword - load<i32>(entry, 4));
      let to = keyword + load<i32>(entry, 8) + 1;
      const ownLines = load<i32>(entry, 44);
      if (ownLines != 0) {
        if (keyword < 0) continue;
        if (linesOf != keyword || lines != ownLines) {
          linesOf = keyword;
          lines = ownLines;
          linesFrom = startOfLines(text, keyword, max(0, keyword - load<i32>(anchor, 24)), LINES_BEFORE);
          linesTo = endOfLines(text, keyword, min(length, position + load<i32>(anchor, 28)), lines);
        }
        if (linesFrom > from) from = linesFrom;
        if (linesTo >= 0 && linesTo <= to) to = linesTo;
      }
      if (isCopied) {
        const first = linesFrom == from && ownLines != 0 ? from - 1 : keyword - load<i32>(entry, 4) - 1;
        const beyond = (flags & STOP_AT_NEXT) != 0 ? longestKeyword : 0;
        if (first >= reachesFrom && reachesTo - beyond >= to) {
          if (isHot) tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | INHERIT, shift);
          continue;
        }
      }
      if (!stands(text, length, entry, keyword, keywordEnd)) continue;
      // The last byte of a slice that ends before the text is there for `$` and the like alone.
      const refused = passes(text, length, entry, keyword, keywordEnd, from, min(length, to - 1));
      if (refused == 0) {
        if (!isTraced && (flags & STOP_AT_NEXT) == 0) {
          // What ends with a line ends within the text.
          const hi = min(length, to);
          const known = recall(e, text, max(0, from - 1), hi, keyword, to > length, from == 0);
          if (known == NO_RESULT) continue;
        }
        tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | ASK, 0);
      } else if (isTraced)
        tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | (REFUSED + <u32>(refused - REFUSED_BY_NEXT)), 0);
    }
  }
}

/** The keyword's line and the one before it. */
const LINES_BEFORE: i32 = 2;

/** Whether the whole keyword of an entry stands where its anchor was found. */
function stands(text: usize, length: i32, entry: usize, keyword: i32, keywordEnd: i32): bool {
  if (keyword < 0 || keywordEnd > length) return false;
  const whole = <usize>load<u32>(entry, 24);
  return whole == 0 || equalsFolded(text + keyword, whole, load<u32>(entry, 16));
}

function tell(candidates: usize, capacity: i32, occurrence: i32, keyword: i32, what: u32, shift: i32): void {
  if (told < capacity) {
    const at = candidates + ((<usize>told) << 4);
    store<i32>(at, occurrence);
    store<i32>(at, keyword, 4);
    store<u32>(at, what, 8);
    store<i32>(at, shift, 12);
  }
  told++;
}
