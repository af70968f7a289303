/**
 * Escapes inside text: percent (RFC 3986), `\uXXXX`, `\u{X}` and `\xXX`, and HTML character references. A region is a
 * maximal run of printable bytes without spaces, quotes and angle brackets that holds at least one escape; all kinds in
 * it are undone in one pass.
 */
import { dependsOnAll, ESCAPES, isNew, length, MAX_REGION, tell, text } from './regions';

const PERCENT: u32 = 0x25;
const BACKSLASH: u32 = 0x5c;
const AMPERSAND: u32 = 0x26;

/** Kinds of escapes, as bits. */
const KIND_PERCENT: i32 = 1;
const KIND_UNICODE: i32 = 2;
const KIND_HTML: i32 = 4;

/** The escape that `isEscape` found. */
let size: i32 = 0;
let value: u32 = 0;
let kind: i32 = 0;

/** What may stand in a run: everything printable but space, quotes and angle brackets; bytes from 0x80 on, too. */
function inRun(b: u32): bool {
  return b > 0x20 && b != 0x22 && b != 0x27 && b != 0x60 && b != 0x3c && b != 0x3e && b != 0x7f;
}

/** Which of the sixteen bytes at an address end a run. */
export function stopBits(at: usize): i32 {
  const bytes = v128.load(at);
  const blanks = v128.or(i8x16.le_u(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f)));
  const brackets = v128.or(i8x16.eq(bytes, i8x16.splat(0x3c)), i8x16.eq(bytes, i8x16.splat(0x3e)));
  const quotes = v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x27)));
  return i8x16.bitmask(v128.or(v128.or(blanks, brackets), v128.or(quotes, i8x16.eq(bytes, i8x16.splat(0x60)))));
}

/** Tells the regions in `[from, to)`, at whose ends no run goes on; true if there is a NUL, which is looked for on the way. */
export function findEscapes(from: i32, to: i32): bool {
  const end = text + to;
  let nuls: i32 = 0;
  let floor = from;
  let at = text + from;
  while (at < end) {
    // Sixteen bytes at a time, until one comes up that, with the byte behind it, can begin an escape.
    const bytes = v128.load(at);
    const marks = i8x16.bitmask(beginnings(bytes, v128.load(at, 1)));
    const zeros = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0)));
    nuls |= at + 16 <= end ? zeros : zeros & ((1 << (<i32>(end - at))) - 1);
    if (marks == 0) {
      at += 16;
      continue;
    }
    at += ctz(marks);
    if (at >= end) break;
    const place = <i32>(at - text);
    at++;
    if (!isEscape(text, place, length)) continue;
    floor = region(place, floor);
    at = text + floor;
  }
  // What was passed over with a region holds no NUL.
  return nuls != 0;
}

/** `%` before a hex digit, `\` before `u` or `x`, `&` before `#` or a letter; and a few that are not. */
function beginnings(bytes: v128, next: v128): v128 {
  const percent = v128.and(i8x16.eq(bytes, i8x16.splat(0x25)), i8x16.ge_u(next, i8x16.splat(0x30)));
  const slash = v128.and(
    i8x16.eq(bytes, i8x16.splat(0x5c)),
    v128.or(i8x16.eq(next, i8x16.splat(0x75)), i8x16.eq(next, i8x16.splat(0x78))),
  );
  const ampersand = v128.and(
    i8x16.eq(bytes, i8x16.splat(0x26)),
    v128.or(i8x16.eq(next, i8x16.splat(0x23)), i8x16.ge_u(next, i8x16.splat(0x61))),
  );
  return v128.or(percent, v128.or(slash, ampersand));
}

/** Tells the run around an escape; gives its end. */
function region(place: i32, floor: i32): i32 {
  let start = place;
  while (start > floor && place - start < MAX_REGION && inRun(load<u8>(text + start - 1))) start--;
  let end = place + 1;
  while (end < length && end - start < MAX_REGION && inRun(load<u8>(text + end))) end++;
  // What is cut off depends on where its first escape stands, however far away.
  if (end - start >= MAX_REGION || (start > 0 && inRun(load<u8>(text + start - 1)))) dependsOnAll();
  if (isNew(start - 1, end + 1)) tell(ESCAPES, start, end, start - 1, end + 1, 0);
  return end;
}

/** The last place at or before `at`, but not before `least`, before which no run goes on. */
export function leftOfEscapes(at: i32, least: i32): i32 {
  let place = at;
  while (place > least && inRun(load<u8>(text + place - 1))) place--;
  if (at - place >= MAX_REGION) dependsOnAll();
  return place;
}

/** The first place at or behind `at` where no run goes on. */
export function rightOfEscapes(at: i32): i32 {
  let place = at;
  while (place < length && inRun(load<u8>(text + place))) place++;
  if (place - at >= MAX_REGION) dependsOnAll();
  return place;
}

/** Whether an escape begins at `at` that ends at `limit` or before; its size, value and kind. */
export function isEscape(textAt: usize, at: i32, limit: i32): bool {
  const b = <u32>load<u8>(textAt + at);
  if (b == PERCENT) {
    size = 3;
    kind = KIND_PERCENT;
    return hexAt(textAt, at + 1, 2, limit);
  }
  if (b == BACKSLASH) {
    kind = KIND_UNICODE;
    return backslash(textAt, at, limit);
  }
  if (b != AMPERSAND) return false;
  kind = KIND_HTML;
  return reference(textAt, at, limit);
}

function backslash(textAt: usize, at: i32, limit: i32): bool {
  if (at + 1 >= limit) return false;
  const letter = <u32>load<u8>(textAt + at + 1);
  if (letter == 0x78) {
    size = 4;
    return hexAt(textAt, at + 2, 2, limit);
  }
  if (letter != 0x75) return false;
  if (at + 2 < limit && load<u8>(textAt + at + 2) == 0x7b) {
    let i = at + 3;
    while (i < limit && i < at + 9 && nibble(load<u8>(textAt + i)) < 16) i++;
    if (i == at + 3 || i >= limit || load<u8>(textAt + i) != 0x7d) return false;
    size = i + 1 - at;
    return hexAt(textAt, at + 3, i - at - 3, limit) && value <= 0x10ffff;
  }
  size = 6;
  return hexAt(textAt, at + 2, 4, limit);
}

function reference(textAt: usize, at: i32, limit: i32): bool {
  if (at + 1 >= limit) return false;
  if (load<u8>(textAt + at + 1) != 0x23) return named(textAt, at, limit);
  const isHex = at + 2 < limit && (load<u8>(textAt + at + 2) | 0x20) == 0x78;
  const from = at + (isHex ? 3 : 2);
  let i = from;
  let code: u32 = 0;
  for (; i < limit && i < from + 7; i++) {
    const digit = nibble(load<u8>(textAt + i));
    if (digit > (isHex ? 15 : 9)) break;
    code = code * (isHex ? 16 : 10) + digit;
  }
  if (i == from || i >= limit || load<u8>(textAt + i) != 0x3b || code > 0x10ffff) return false;
  value = code;
  size = i + 1 - at;
  return true;
}

function named(textAt: usize, at: i32, limit: i32): bool {
  return (
    isName(textAt, at, limit, 'amp;', 0x26) ||
    isName(textAt, at, limit, 'lt;', 0x3c) ||
    isName(textAt, at, limit, 'gt;', 0x3e) ||
    isName(textAt, at, limit, 'quot;', 0x22) ||
    isName(textAt, at, limit, 'apos;', 0x27) ||
    isName(textAt, at, limit, 'sol;', 0x2f) ||
    isName(textAt, at, limit, 'equals;', 0x3d) ||
    isName(textAt, at, limit, 'plus;', 0x2b) ||
    isName(textAt, at, limit, 'colon;', 0x3a) ||
    isName(textAt, at, limit, 'lowbar;', 0x5f)
  );
}

function isName(textAt: usize, at: i32, limit: i32, name: string, code: u32): bool {
  if (at + 1 + name.length > limit) return false;
  const units = changetype<usize>(name);
  for (let k = 0; k < name.length; k++)
    if (<u16>load<u8>(textAt + at + 1 + k) != load<u16>(units + ((<usize>k) << 1))) return false;
  value = code;
  size = 1 + name.length;
  return true;
}

function hexAt(textAt: usize, from: i32, digits: i32, limit: i32): bool {
  if (from + digits > limit) return false;
  value = 0;
  for (let i = 0; i < digits; i++) {
    const digit = nibble(load<u8>(textAt + from + i));
    if (digit > 15) return false;
    value = (value << 4) | digit;
  }
  return true;
}

function nibble(b: u32): u32 {
  if (b >= 0x30 && b <= 0x39) return b - 0x30;
  const letter = b | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 16;
}

/** Which kinds `decodeEscapes` last found. */
let kinds: i32 = 0;

export function escapeKinds(): i32 {
  return kinds;
}

/**
 * Undoes the escapes in `[start, end)` of the text; bytes go to `to`, and with `origins` the place in the text of each,
 * and of the end. Gives the number of bytes.
 */
export function decodeEscapes(textAt: usize, start: i32, end: i32, to: usize, origins: usize): i32 {
  kinds = 0;
  let out: i32 = 0;
  let i = start;
  while (i < end) {
    const b = <u32>load<u8>(textAt + i);
    if ((b != PERCENT && b != BACKSLASH && b != AMPERSAND) || !isEscape(textAt, i, end)) {
      out = put(to, origins, out, b, i);
      i++;
      continue;
    }
    kinds |= kind;
    if (kind == KIND_PERCENT) out = put(to, origins, out, value, i);
    else out = putUtf8(to, origins, out, i);
    i += size;
  }
  if (origins != 0) store<i32>(origins + ((<usize>out) << 2), end);
  return out;
}

function put(to: usize, origins: usize, out: i32, b: u32, origin: i32): i32 {
  store<u8>(to + out, <u8>b);
  if (origins != 0) store<i32>(origins + ((<usize>out) << 2), origin);
  return out + 1;
}

/** UTF-8 of a code point; always at most as long as its escape. Surrogates become U+FFFD. */
function putUtf8(to: usize, origins: usize, out: i32, origin: i32): i32 {
  const code: u32 = value >= 0xd800 && value <= 0xdfff ? 0xfffd : value;
  if (code < 0x80) return put(to, origins, out, code, origin);
  if (code < 0x800) {
    out = put(to, origins, out, 0xc0 | (code >> 6), origin);
  } else {
    if (code < 0x10000) {
      out = put(to, origins, out, 0xe0 | (code >> 12), origin);
    } else {
      out = put(to, origins, out, 0xf0 | (code >> 18), origin);
      out = put(to, origins, out, 0x80 | ((code >> 12) & 0x3f), origin);
    }
    out = put(to, origins, out, 0x80 | ((code >> 6) & 0x3f), origin);
  }
  return put(to, origins, out, 0x80 | (code & 0x3f), origin);
}
