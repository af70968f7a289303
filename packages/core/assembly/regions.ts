/**
 * Finds what can be decoded in a text: runs of base64 and hex, of escapes, and of UTF-16. All are found in every text;
 * those that lie, with all bytes that decided where they begin and end, in one run of copied bytes were seen in the base
 * and are told only if they had a result there.
 */
import { findBase64 } from './base64';
import { findEscapes } from './escapes';
import { findUtf16 } from './utf16';

export const HEX: i32 = 0;
export const BASE64: i32 = 1;
export const ESCAPES: i32 = 2;
export const UTF16: i32 = 3;

/** Longer runs are decoded up to here, and flagged. */
export const MAX_REGION: i32 = 1 << 20;

/** What `findRegions` gives when there is no room, and when regions depend on more than bytes near them. */
const NO_ROOM: i32 = -1;
const NOT_LOCAL: i32 = -2;

export let text: usize = 0;
export let length: i32 = 0;
let baseLength: i32 = 0;
let runs: usize = 0;
let runCount: i32 = 0;
let hot: usize = 0;
let hotCount: i32 = 0;
let out: usize = 0;
let outEnd: usize = 0;
let words: i32 = 0;
let isLocal: bool = true;

/**
 * Regions of the text at `text` as 32-bit words at `out`: kind, start, end, 1 and the shift to the base's region or 0 and
 * 0, number of lines, and start and end of each line (base64 alone has lines). `hotAt`: sorted starts of the base's
 * regions that had a result. Gives the number of words, or one of the codes above.
 */
export function findRegions(
  textAt: usize,
  textLength: i32,
  baseSize: i32,
  runsAt: usize,
  count: i32,
  hotAt: usize,
  hots: i32,
  outAt: usize,
  capacity: i32,
): i32 {
  text = textAt;
  length = textLength;
  baseLength = baseSize;
  runs = runsAt;
  runCount = count;
  hot = hotAt;
  hotCount = hots;
  out = outAt;
  outEnd = outAt + (<usize>capacity << 2);
  words = 0;
  isLocal = true;
  run = 0;
  findBase64();
  run = 0;
  const special = findEscapes();
  if (special) findUtf16();
  if (!isLocal) return NOT_LOCAL;
  return words > capacity ? NO_ROOM : words;
}

/** Says that a region was found whose ends depend on bytes far away: nothing can be taken over, now or in what derives from it. */
export function dependsOnAll(): void {
  if (runCount > 0) isLocal = false;
}

let run: i32 = 0;

/**
 * Whether a region has to be told, where `[from, to)` are all bytes that decided on it; places before 0 and behind the
 * length stand for the ends of the text. `from` never goes down between calls by more than a region.
 */
export function shiftOf(from: i32, to: i32, start: i32): i64 {
  const first = max(0, from);
  while (run > 0 && endOf(run - 1) > first) run--;
  while (run < runCount && endOf(run) <= first) run++;
  if (run >= runCount) return DIRTY;
  const at = runs + <usize>run * 12;
  const source = load<i32>(at);
  const target = load<i32>(at, 4);
  const end = target + load<i32>(at, 8);
  const shift = source - target;
  if (from < target && !(source == 0 && target == 0)) return DIRTY;
  if (to > end && !(end == length && end + shift == baseLength)) return DIRTY;
  return isHot(start + shift) ? <i64>shift : CLEAN;
}

export const DIRTY: i64 = i64.MIN_VALUE;
export const CLEAN: i64 = i64.MAX_VALUE;

function endOf(index: i32): i32 {
  const at = runs + <usize>index * 12;
  return load<i32>(at, 4) + load<i32>(at, 8);
}

function isHot(start: i32): bool {
  let low = 0;
  let high = hotCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(hot + (<usize>middle << 2)) < start) low = middle + 1;
    else high = middle;
  }
  return low < hotCount && load<i32>(hot + (<usize>low << 2)) == start;
}

/** Tells a region without lines. */
export function tell(kind: i32, start: i32, end: i32, shift: i64): void {
  begin(kind, start, end, shift, 0);
}

/** Tells a region; `lines` pairs of words are put behind it with `add`. */
export function begin(kind: i32, start: i32, end: i32, shift: i64, lines: i32): void {
  add(kind);
  add(start);
  add(end);
  add(shift == DIRTY ? 0 : 1);
  add(shift == DIRTY ? 0 : <i32>shift);
  add(lines);
}

export function add(word: i32): void {
  if (out < outEnd) {
    store<i32>(out, word);
    out += 4;
  }
  words++;
}
