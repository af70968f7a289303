/**
 * Runs of base64 (standard and URL alphabet, wrapped over lines of equal length or not) and of hex.
 *
 * A run of at least 24 bytes of either alphabet is looked at: it fills two groups of eight, one behind the other, which
 * sixteen bytes at a time show. Lines of 60 bytes and more are joined with those below while these are as long; the last may be shorter.
 */
import { add, BASE64, HEX, isNew, length, MAX_REGION, tell, text } from './regions';

export const MIN_BASE64: i32 = 24;
const MIN_HEX: i32 = 32;
/** Lines of wrapped base64 are at least this long. */
const MIN_LINE: i32 = 60;
/** So many digits tell whether a run can be text. */
const HEAD_DIGITS: i32 = 64;
const HEAD_HEX: i32 = 48;
const MIN_HEAD: i32 = 12;

/** By byte: 64 for none of either alphabet, else its value. */
const values: usize = memory.data(256, 16);
/** By byte: what it says of a run. */
const classes: usize = memory.data(256, 16);
let isReady: bool = false;

const UPPER: u32 = 1;
const LOWER: u32 = 2;
const DIGIT: u32 = 4;
const STANDARD: u32 = 8;
const URL: u32 = 16;
const NOT_HEX: u32 = 32;
const ALL_KINDS: u32 = UPPER | LOWER | DIGIT;

export function prepareBase64(): void {
  if (isReady) return;
  isReady = true;
  memory.fill(values, 64, 256);
  for (let i: u32 = 0; i < 26; i++) {
    const notHex = i < 6 ? 0 : NOT_HEX;
    set(0x41 + i, i, UPPER | notHex);
    set(0x61 + i, 26 + i, LOWER | notHex);
  }
  for (let i: u32 = 0; i < 10; i++) set(0x30 + i, 52 + i, DIGIT);
  set(0x2b, 62, STANDARD | NOT_HEX);
  set(0x2f, 63, STANDARD | NOT_HEX);
  set(0x2d, 62, URL | NOT_HEX);
  set(0x5f, 63, URL | NOT_HEX);
}

function set(b: u32, value: u32, kind: u32): void {
  store<u8>(values + b, <u8>value);
  store<u8>(classes + b, <u8>kind);
}

function isDigit(at: i32): bool {
  return load<u8>(values + load<u8>(text + at)) != 64;
}

/** Which alphabets' bytes stand in `[start, end)`. */
function classesOf(start: i32, end: i32): u32 {
  let seen: u32 = 0;
  for (let i = start; i < end; i++) seen |= load<u8>(classes + load<u8>(text + i));
  return seen;
}

/** The lines that the last call of `joinLines` found, from the second on: the first is the run itself. */
let lineCount: i32 = 0;
let linesEnd: i32 = 0;
/** Behind the last byte that was looked at; behind the length: the end of the text was seen. */
let seenEnd: i32 = 0;

/** Tells the regions in `[from, to)`, at whose ends no run and no lines go on. */
export function findBase64(from: i32, to: i32): void {
  prepareBase64();
  const n = to;
  let floor = from;
  /** The run or line before, and the first byte that decided on the lines that may go on here. */
  let lastEnd = -1;
  let lastLength = 0;
  let seenFrom = 0;
  /** Whether the eight bytes before `at` are all of an alphabet. */
  let isFull = false;
  let at = from;
  while (at < n) {
    let marks = alphabetBits(text + at);
    if (n - at < 16) marks &= (1 << (n - at)) - 1;
    if (marks != 0xffff && !(isFull && (marks & 0xff) == 0xff)) {
      isFull = (marks & 0xff00) == 0xff00;
      at += 16;
      continue;
    }
    let start = at;
    while (start > floor && isDigit(start - 1)) start--;
    let end = at + 1;
    while (end < n && isDigit(end)) end++;
    if (end - start >= MIN_BASE64) {
      if (lastLength < MIN_LINE || !isLineEnd(lastEnd, start)) seenFrom = firstSeen(start);
      lastLength = end - start;
      const used = region(start, end, seenFrom);
      if (used != end) lastLength = lastLineLength;
      end = used;
      lastEnd = end;
    }
    floor = end;
    at = end;
    isFull = false;
  }
}

/** Which of the sixteen bytes at an address are of either alphabet. */
export function alphabetBits(at: usize): i32 {
  const bytes = v128.load(at);
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  // The slash stands before the digits.
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x2f)), i8x16.splat(11));
  const others = v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(0x2b)), i8x16.eq(bytes, i8x16.splat(0x2d))),
    i8x16.eq(bytes, i8x16.splat(0x5f)),
  );
  return i8x16.bitmask(v128.or(v128.or(letters, digits), others));
}

let lastLineLength: i32 = 0;

/** Whether `[from, to)` is a line end and the indentation of the next line. */
function isLineEnd(from: i32, to: i32): bool {
  let i = from;
  if (i < to && load<u8>(text + i) == 0x0d) i++;
  if (i >= to || load<u8>(text + i) != 0x0a) return false;
  i++;
  while (i < to && isBlank(i)) i++;
  return i == to;
}

function isBlank(at: i32): bool {
  const b = load<u8>(text + at);
  return b == 0x20 || b == 0x09;
}

/** The first byte that shows that a run is no further line of what stands before it; -1: the text begins there. */
function firstSeen(start: i32): i32 {
  let i = start;
  while (i > 0 && isBlank(i - 1)) i--;
  if (i == 0 || load<u8>(text + i - 1) != 0x0a) return i - 1;
  i--;
  if (i > 0 && load<u8>(text + i - 1) == 0x0d) i--;
  while (i > 0 && isDigit(i - 1)) i--;
  return i - 1;
}

/** Tells what one run is; gives where the text that it used ends. */
function region(start: i32, end: i32, from: i32): i32 {
  const seen = classesOf(start, end);
  if ((seen & NOT_HEX) == 0 && end - start >= MIN_HEX && ((end - start) & 1) == 0) {
    if (isNew(from, end + 1) && readsAsHex(start, end)) tell(HEX, start, end, from, end + 1, 0);
  }
  // Encoded text of this length has all three; long identifiers seldom do.
  if ((seen & ALL_KINDS) != ALL_KINDS) return end;
  joinLines(start, end);
  if (lineCount == 0 && (seen & STANDARD) != 0 && (seen & URL) != 0) {
    split(start, end, from);
    return end;
  }
  const to = seenEnd;
  if (isNew(from, to) && readsAsBase64(start, end)) tellLines(start, end, from, to);
  return linesEnd;
}

/** A run with both alphabets' own bytes is two or more runs, each of one alphabet. */
function split(start: i32, end: i32, from: i32): void {
  for (let foreign: u32 = URL; foreign >= STANDARD; foreign >>= 1) {
    let at = start;
    for (let i = start; i <= end; i++) {
      if (i < end && (load<u8>(classes + load<u8>(text + i)) & foreign) == 0) continue;
      if (i - at >= MIN_BASE64) {
        const seen = classesOf(at, i);
        if ((seen & ALL_KINDS) == ALL_KINDS && (seen & (STANDARD | URL)) != 0) {
          linesEnd = i;
          if (isNew(from, seenEnd) && readsAsBase64(at, i)) tellLines(at, i, from, seenEnd);
        }
      }
      at = i + 1;
    }
  }
}

/**
 * The last place at or before `at` at which no run and no lines go on, but not before `least`: before it stands no byte
 * of the alphabets, and no line that could be continued.
 */
export function leftOfBase64(at: i32, least: i32): i32 {
  prepareBase64();
  let place = at;
  while (true) {
    while (place > least && isDigit(place - 1)) place--;
    // A line end and indentation, whole or in part: the rest may be new.
    let before = place;
    while (before > least && isBlank(before - 1)) before--;
    if (before > least && load<u8>(text + before - 1) == 0x0a) before--;
    if (before > least && load<u8>(text + before - 1) == 0x0d) before--;
    let start = before;
    while (start > least && isDigit(start - 1)) start--;
    if (before - start < MIN_LINE) return place;
    place = start;
  }
}

/** The first place at or behind `at` at which no run and no lines go on, and what was before `at` decides on nothing. */
export function rightOfBase64(at: i32): i32 {
  prepareBase64();
  let place = at;
  let isFirst = true;
  while (true) {
    if (place < length && load<u8>(text + place) == 0x0d) place++;
    if (place < length && load<u8>(text + place) == 0x0a) place++;
    while (place < length && isBlank(place)) place++;
    let start = place;
    while (start > 0 && place - start < MIN_LINE && isDigit(start - 1)) start--;
    while (place < length && isDigit(place)) place++;
    // How long a line is decides on the next one.
    if (lineAfter(place) < 0 || (!isFirst && place - start < MIN_LINE)) return place;
    isFirst = false;
  }
}

/** Counts the lines that continue a run: equal length, indentation allowed, the last may be shorter. */
function joinLines(start: i32, end: i32): void {
  const width = end - start;
  lineCount = 0;
  linesEnd = end;
  seenEnd = end + 1;
  lastLineLength = width;
  if (width < MIN_LINE) return;
  let total = width;
  while (total < MAX_REGION) {
    const from = lineAfter(linesEnd);
    if (from < 0) return;
    const to = lineEnd(from, width);
    seenEnd = to + 1;
    if (to == from || to - from > width) return;
    lineCount++;
    linesEnd = to;
    lastLineLength = to - from;
    total += to - from;
    if (to - from < width) return;
  }
}

/** Where the line after a line that ends at `at` begins, behind its indentation; -1 where no line end stands there. */
function lineAfter(at: i32): i32 {
  let i = at;
  if (i < length && load<u8>(text + i) == 0x0d) i++;
  seenEnd = i + 1;
  if (i >= length || load<u8>(text + i) != 0x0a) return -1;
  i++;
  while (i < length && isBlank(i)) i++;
  seenEnd = i + 1;
  return i;
}

function lineEnd(from: i32, width: i32): i32 {
  let to = from;
  while (to < length && to - from <= width && isDigit(to)) to++;
  return to;
}

function tellLines(start: i32, end: i32, from: i32, to: i32): void {
  const more = lineCount;
  tell(BASE64, start, linesEnd, from, to, more + 1);
  add(start);
  add(end);
  let at = end;
  for (let i = 0; i < more; i++) {
    const from = lineAfter(at);
    at = lineEnd(from, end - start);
    add(from);
    add(at);
  }
}

/** Whether the first bytes that a run stands for read like text: no control bytes but tab, line ends and NUL (UTF-16). */
function readsAsBase64(start: i32, end: i32): bool {
  let bits: u32 = 0;
  let held: u32 = 0;
  let bytes = 0;
  let line = 0;
  let at = start;
  let to = end;
  for (let digits = 0; digits < HEAD_DIGITS; digits++) {
    if (at >= to) {
      if (line++ >= lineCount) break;
      at = lineAfter(to);
      to = lineEnd(at, end - start);
    }
    held = ((held << 6) | load<u8>(values + load<u8>(text + at++))) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const b = (held >> bits) & 0xff;
    if ((b < 0x20 && b != 0 && b != 9 && b != 10 && b != 13) || b == 0x7f) return false;
    bytes++;
  }
  return bytes >= MIN_HEAD;
}

function readsAsHex(start: i32, end: i32): bool {
  const count = min(HEAD_HEX, (end - start) >> 1);
  for (let i = 0; i < count; i++) {
    const b = hexByte(start + 2 * i);
    if (b > 0x7e || (b < 0x20 && b != 9 && b != 10 && b != 13)) return false;
  }
  return true;
}

function hexByte(at: i32): u32 {
  return (nibble(load<u8>(text + at)) << 4) | nibble(load<u8>(text + at + 1));
}

function nibble(b: u32): u32 {
  return b <= 0x39 ? b - 0x30 : (b & 0x1f) + 9;
}

/** Decodes lines (pairs of places at `lines`) of a text to `to`, at most MAX_REGION digits; gives the bytes. */
export function decodeBase64(textAt: usize, lines: usize, count: i32, to: usize): i32 {
  prepareBase64();
  let digits = MAX_REGION;
  let bits: u32 = 0;
  let held: u32 = 0;
  let out = to;
  for (let line = 0; line < count; line++) {
    let at = textAt + load<u32>(lines + ((<usize>line) << 3));
    const end = min(textAt + load<u32>(lines + ((<usize>line) << 3), 4), at + digits);
    digits -= <i32>(end - at);
    for (; at < end; at++) {
      held = ((held << 6) | load<u8>(values + load<u8>(at))) & 0xffffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      store<u8>(out++, <u8>(held >> bits));
    }
  }
  return <i32>(out - to);
}

/** Decodes hex digits in `[from, end)` of memory to `to`, at most MAX_REGION of them; gives the bytes. */
export function decodeHex(from: usize, end: usize, to: usize): i32 {
  const last = min(end, from + MAX_REGION);
  let out = to;
  for (let at = from; at + 1 < last; at += 2)
    store<u8>(out++, <u8>((nibble(load<u8>(at)) << 4) | nibble(load<u8>(at, 1))));
  return <i32>(out - to);
}
