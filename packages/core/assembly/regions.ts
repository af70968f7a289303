/**
 * Finds what can be decoded in a text: runs of base64 and hex, of escapes, and of UTF-16.
 *
 * Each region has an extent: all bytes that decided where it begins and ends. One whose extent lies in one run of copied
 * bytes was seen in the base; it is told only if it had a result there. All others touch an insert, a seam or a new end of
 * the text: so only zones around these are searched, widened to where no run of encoded bytes goes on.
 */
import { findBase64, leftOfBase64, MIN_BASE64, rightOfBase64 } from './base64';
import { findEscapes, leftOfEscapes, rightOfEscapes } from './escapes';
import { MAYBE_BASE64, MAYBE_ESCAPES, regionsNear } from './quiet';
import { findUtf16 } from './utf16';

export const HEX: i32 = 0;
export const BASE64: i32 = 1;
export const ESCAPES: i32 = 2;
export const UTF16: i32 = 3;

/** Longer runs are decoded up to here, and flagged. */
export const MAX_REGION: i32 = 1 << 20;

/** Inserts and seams with no more between them are looked at as one. */
const SAME_PLACE: i32 = 32;

/** What `findRegions` gives when there is no room, and when regions depend on more than bytes near them. */
const NO_ROOM: i32 = -1;
const NOT_LOCAL: i32 = -2;

/** A region of the base that had a result: start, extent, kind; 32 bits each. */
const HOT_BYTES: usize = 16;

export let text: usize = 0;
export let length: i32 = 0;
let baseLength: i32 = 0;
let runs: usize = 0;
let runCount: i32 = 0;
let out: usize = 0;
let outEnd: usize = 0;
let words: i32 = 0;
let isLocal: bool = true;
let hasNul: bool = false;

/** Whether the text has a NUL: one that derives from it has to be told. */
export function sawNul(): bool {
  return hasNul;
}

/** Whether the regions of the text found last are such that those of a text which derives from it cannot be told from them. */
export function dependsOnWhole(): bool {
  return !isLocal;
}

/**
 * Regions of the text at `text` as 32-bit words at `out`: kind, start, end, both ends of the extent (before 0 or behind the
 * length: the end of the text was seen), 1 and the shift to the base's region or 0 and 0, number of lines, and start and
 * end of each line (base64 alone has lines). `hotAt`: the base's regions that had a result, by start. Gives the number of
 * words, or one of the codes above.
 */
export function findRegions(
  textAt: usize,
  textLength: i32,
  baseSize: i32,
  runsAt: usize,
  count: i32,
  hotAt: usize,
  hots: i32,
  baseHasNul: bool,
  outAt: usize,
  capacity: i32,
): i32 {
  text = textAt;
  length = textLength;
  baseLength = baseSize;
  runs = runsAt;
  runCount = count;
  out = outAt;
  outEnd = outAt + ((<usize>capacity) << 2);
  words = 0;
  isLocal = true;
  hasNul = count > 0 && baseHasNul;
  takeOver(hotAt, hots);
  search();
  if (hasNul) hasNul = findUtf16();
  if (count > 0 && !isLocal) return NOT_LOCAL;
  return words > capacity ? NO_ROOM : words;
}

/** Tells the base's regions with a result that lie, with their extents, in one run. */
function takeOver(hot: usize, count: i32): void {
  if (count == 0) return;
  const hotEnd = hot + <usize>count * HOT_BYTES;
  for (let i = 0; i < runCount; i++) {
    const at = runs + <usize>i * 12;
    const source = load<i32>(at);
    const target = load<i32>(at, 4);
    const size = load<i32>(at, 8);
    const shift = source - target;
    const first = source == 0 && target == 0 ? -1 : source;
    const last = source + size == baseLength && target + size == length ? baseLength + 1 : source + size;
    let low = hot;
    let high = hotEnd;
    while (low < high) {
      const middle = low + ((high - low) / HOT_BYTES / 2) * HOT_BYTES;
      if (load<i32>(middle) < source) low = middle + HOT_BYTES;
      else high = middle;
    }
    for (; low < hotEnd && load<i32>(low) < source + size; low += HOT_BYTES) {
      const from = load<i32>(low, 4);
      const to = load<i32>(low, 8);
      if (from < first || to > last) continue;
      begin(load<i32>(low, 12), load<i32>(low) - shift, 0, from - shift, to - shift, true, shift, 0);
    }
  }
}

/** The zone that each finder has to search, behind all zones that it has searched. */
let base64From: i32 = -1;
let base64To: i32 = -1;
let escapesFrom: i32 = -1;
let escapesTo: i32 = -1;

/** Searches the whole text, or around all inserts, seams and new ends. */
function search(): void {
  run = 0;
  if (runCount == 0) {
    searchBase64(0, length);
    searchEscapes(0, length);
    return;
  }
  base64From = -1;
  base64To = -1;
  escapesFrom = -1;
  escapesTo = -1;
  let from = -1;
  let to = -1;
  let at = 0;
  for (let i = 0; i <= runCount; i++) {
    const place = runs + <usize>i * 12;
    const start = i < runCount ? load<i32>(place, 4) : length;
    const isSeam = i == 0 ? start > 0 || load<i32>(place) != 0 : i < runCount || start > at || !endsWithBase();
    if (isSeam) {
      if (from < 0) {
        from = at;
      } else if (at - to > SAME_PLACE) {
        searchNear(from, to);
        from = at;
      }
      to = start;
    }
    if (i < runCount) at = start + load<i32>(place, 8);
  }
  if (from >= 0) searchNear(from, to);
  searchBase64(base64From, base64To);
  searchEscapes(escapesFrom, escapesTo);
}

/** Widens the zones by what depends on `[from, to)`; those before it are searched. */
function searchNear(from: i32, to: i32): void {
  const near = regionsNear(text, length, from, to);
  if ((near & MAYBE_BASE64) != 0) {
    if (from > base64To) {
      const left = leftOfBase64(from, max(0, base64To));
      if (left > base64To || base64To < 0) {
        searchBase64(base64From, base64To);
        base64From = left;
      }
    }
    base64To = rightOfBase64(max(to, base64To));
  }
  if ((near & MAYBE_ESCAPES) != 0) {
    if (from > escapesTo) {
      const left = leftOfEscapes(from, max(0, escapesTo));
      if (left > escapesTo || escapesTo < 0) {
        searchEscapes(escapesFrom, escapesTo);
        escapesFrom = left;
      }
    }
    escapesTo = rightOfEscapes(max(to, escapesTo));
  }
}

function searchBase64(from: i32, to: i32): void {
  if (to - from >= MIN_BASE64) findBase64(from, to);
}

function searchEscapes(from: i32, to: i32): void {
  if (to > from && findEscapes(from, to)) hasNul = true;
}

function endsWithBase(): bool {
  const last = runs + <usize>(runCount - 1) * 12;
  const size = load<i32>(last, 8);
  return load<i32>(last) + size == baseLength && load<i32>(last, 4) + size == length;
}

/** Says that a region was found whose ends depend on bytes far away. */
export function dependsOnAll(): void {
  isLocal = false;
}

/** The run looked at last. */
let run: i32 = 0;

/** Whether `[from, to)` does not lie in one run; places before 0 and behind the length stand for the ends of the text. */
export function isNew(from: i32, to: i32): bool {
  const first = max(0, from);
  while (run > 0 && endOf(run - 1) > first) run--;
  while (run < runCount && endOf(run) <= first) run++;
  if (run >= runCount) return true;
  const at = runs + <usize>run * 12;
  const source = load<i32>(at);
  const target = load<i32>(at, 4);
  const end = target + load<i32>(at, 8);
  if (from < target && !(source == 0 && target == 0)) return true;
  return to > end && !(end == length && end + source - target == baseLength);
}

function endOf(index: i32): i32 {
  const at = runs + <usize>index * 12;
  return load<i32>(at, 4) + load<i32>(at, 8);
}

/** Tells a new region; `lines` pairs of words are put behind it with `add`. */
export function tell(kind: i32, start: i32, end: i32, from: i32, to: i32, lines: i32): void {
  begin(kind, start, end, from, to, false, 0, lines);
}

function begin(kind: i32, start: i32, end: i32, from: i32, to: i32, isKnown: bool, shift: i32, lines: i32): void {
  add(kind);
  add(start);
  add(end);
  add(from);
  add(to);
  add(isKnown ? 1 : 0);
  add(shift);
  add(lines);
}

export function add(word: i32): void {
  if (out < outEnd) {
    store<i32>(out, word);
    out += 4;
  }
  words++;
}
