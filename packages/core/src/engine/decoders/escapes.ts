/**
 * Escapes inside text: percent (RFC 3986), `\uXXXX`, `\u{X}` and `\xXX`, and HTML character references. A region is a
 * maximal run of printable bytes without spaces, quotes and angle brackets that holds at least one escape; all kinds in
 * it are undone in one pass.
 */
import { isHex } from '../../bytes/ascii.ts';
import { MAX_REGION, extentOf } from './region.ts';
import type { RegionSink } from './region.ts';

const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const AMPERSAND = 0x26;

const IN_RUN: Uint8Array = (() => {
  const t = new Uint8Array(256);
  for (let b = 0x21; b < 0x100; b++) t[b] = 1;
  for (const c of '"\'`<>\x7f') t[c.charCodeAt(0)] = 0;
  return t;
})();

const NAMED: readonly (readonly [string, number])[] = [
  ['amp;', 0x26],
  ['lt;', 0x3c],
  ['gt;', 0x3e],
  ['quot;', 0x22],
  ['apos;', 0x27],
  ['sol;', 0x2f],
  ['equals;', 0x3d],
  ['plus;', 0x2b],
  ['colon;', 0x3a],
  ['lowbar;', 0x5f],
];

export interface Escape {
  readonly kind: 'percent' | 'unicode' | 'html';
  /** Code point; for percent the byte. */
  readonly value: number;
  readonly length: number;
}

export function decodeEscapes(bytes: Uint8Array, sink: RegionSink): void {
  const n = bytes.length;
  const next = [PERCENT, BACKSLASH, AMPERSAND].map((b) => ({ b, at: bytes.indexOf(b) }));
  let floor = 0;
  for (;;) {
    let found: { b: number; at: number } | undefined;
    for (const candidate of next) {
      if (candidate.at >= 0 && candidate.at < floor) candidate.at = bytes.indexOf(candidate.b, floor);
      if (candidate.at >= 0 && (found === undefined || candidate.at < found.at)) found = candidate;
    }
    if (found === undefined) return;
    const { at } = found;
    if (escapeAt(bytes, at, n) === undefined) {
      found.at = bytes.indexOf(found.b, at + 1);
      continue;
    }
    let start = at;
    while (start > floor && at - start < MAX_REGION && IN_RUN[bytes[start - 1] as number] === 1) start--;
    let end = at + 1;
    while (end < n && end - start < MAX_REGION && IN_RUN[bytes[end] as number] === 1) end++;
    if (end - start >= MAX_REGION) sink.limited();
    decodeRun(bytes, start, end, sink);
    floor = end;
    found.at = bytes.indexOf(found.b, end);
  }
}

function decodeRun(bytes: Uint8Array, start: number, end: number, sink: RegionSink): void {
  const out = new Uint8Array(end - start);
  const origin = new Int32Array(end - start + 1);
  const kinds = new Set<Escape['kind']>();
  let o = 0;
  for (let i = start; i < end;) {
    const escape = escapeAt(bytes, i, end);
    if (escape === undefined) {
      origin[o] = i;
      out[o++] = bytes[i++] as number;
      continue;
    }
    kinds.add(escape.kind);
    for (const b of escape.kind === 'percent' ? [escape.value] : utf8(escape.value)) {
      origin[o] = i;
      out[o++] = b;
    }
    i += escape.length;
  }
  origin[o] = end;
  const [only] = kinds;
  sink.region({
    decoder: kinds.size === 1 && only !== undefined ? only : 'escapes',
    extent: extentOf(start, end, bytes.length),
    region: { start, end },
    bytes: out.subarray(0, o),
    map: (span) => ({ start: origin[span.start] ?? end, end: origin[span.end] ?? end }),
  });
}

/** The escape that begins at `at`, wholly before `end`. */
function escapeAt(bytes: Uint8Array, at: number, end: number): Escape | undefined {
  switch (bytes[at]) {
    case PERCENT: {
      const value = hexValue(bytes, at + 1, 2, end);
      return value === undefined ? undefined : { kind: 'percent', value, length: 3 };
    }
    case BACKSLASH:
      return backslash(bytes, at, end);
    case AMPERSAND:
      return reference(bytes, at, end);
    default:
      return undefined;
  }
}

function backslash(bytes: Uint8Array, at: number, end: number): Escape | undefined {
  const letter = bytes[at + 1];
  if (letter === 0x78) {
    const value = hexValue(bytes, at + 2, 2, end);
    return value === undefined ? undefined : { kind: 'unicode', value, length: 4 };
  }
  if (letter !== 0x75) return undefined;
  if (bytes[at + 2] === 0x7b) {
    let i = at + 3;
    while (i < end && i < at + 9 && isHex(bytes[i] as number)) i++;
    if (i === at + 3 || bytes[i] !== 0x7d || i >= end) return undefined;
    const value = hexValue(bytes, at + 3, i - at - 3, end);
    return value === undefined || value > 0x10ffff ? undefined : { kind: 'unicode', value, length: i + 1 - at };
  }
  const value = hexValue(bytes, at + 2, 4, end);
  return value === undefined ? undefined : { kind: 'unicode', value, length: 6 };
}

function reference(bytes: Uint8Array, at: number, end: number): Escape | undefined {
  if (bytes[at + 1] !== 0x23) {
    for (const [name, value] of NAMED) {
      if (at + 1 + name.length > end) continue;
      let k = 0;
      while (k < name.length && bytes[at + 1 + k] === name.charCodeAt(k)) k++;
      if (k === name.length) return { kind: 'html', value, length: 1 + name.length };
    }
    return undefined;
  }
  const hex = bytes[at + 2] === 0x78 || bytes[at + 2] === 0x58;
  const from = at + (hex ? 3 : 2);
  let value = 0;
  let i = from;
  for (; i < end && i < from + 7; i++) {
    const b = bytes[i] as number;
    if (hex ? !isHex(b) : b < 0x30 || b > 0x39) break;
    value = value * (hex ? 16 : 10) + (b <= 0x39 ? b - 0x30 : (b & 0x1f) + 9);
  }
  if (i === from || i >= end || bytes[i] !== 0x3b || value > 0x10ffff) return undefined;
  return { kind: 'html', value, length: i + 1 - at };
}

function hexValue(bytes: Uint8Array, from: number, digits: number, end: number): number | undefined {
  if (from + digits > end) return undefined;
  let value = 0;
  for (let i = from; i < from + digits; i++) {
    const b = bytes[i] as number;
    if (!isHex(b)) return undefined;
    value = value * 16 + (b <= 0x39 ? b - 0x30 : (b & 0x1f) + 9);
  }
  return value;
}

/** UTF-8 of a code point; always at most as long as its escape. Surrogates become U+FFFD. */
function utf8(value: number): readonly number[] {
  if (value < 0x80) return [value];
  if (value < 0x800) return [0xc0 | (value >> 6), 0x80 | (value & 0x3f)];
  if (value >= 0xd800 && value <= 0xdfff) return [0xef, 0xbf, 0xbd];
  if (value < 0x10000) return [0xe0 | (value >> 12), 0x80 | ((value >> 6) & 0x3f), 0x80 | (value & 0x3f)];
  return [0xf0 | (value >> 18), 0x80 | ((value >> 12) & 0x3f), 0x80 | ((value >> 6) & 0x3f), 0x80 | (value & 0x3f)];
}
