/**
 * Base64 (RFC 4648, standard and URL alphabets) and hexadecimal: maximal runs of the joint alphabet. A run of 24 bytes or
 * more cannot hide between two probes that lie 24 bytes apart, so most of a text is never looked at.
 */
import { BASE64_BYTE, HEX_BYTE, isDigit, isLower, isUpper } from '../../bytes/ascii.ts';
import type { Span } from '../../types/index.ts';
import { MAX_REGION, extentOf, startsLikeText } from './region.ts';
import type { RegionSink } from './region.ts';

const MIN_BASE64 = 24;
const MIN_HEX = 32;
/** Lines of wrapped base64 are at least this long, and equally long but for the last. */
const MIN_WRAPPED_LINE = 60;

export function decodeBase64AndHex(bytes: Uint8Array, sink: RegionSink): void {
  const n = bytes.length;
  let floor = 0;
  for (let probe = MIN_BASE64 - 1; probe < n;) {
    if (BASE64_BYTE[bytes[probe] as number] === 0) {
      probe += MIN_BASE64;
      continue;
    }
    let start = probe;
    while (start > floor && BASE64_BYTE[bytes[start - 1] as number] === 1) start--;
    let end = probe + 1;
    while (end < n && BASE64_BYTE[bytes[end] as number] === 1) end++;
    if (end - start >= MIN_BASE64) end = run(bytes, start, end, sink);
    floor = end;
    probe = end + MIN_BASE64 - 1;
  }
}

/** Handles one run; returns where the text that it used ends. */
function run(bytes: Uint8Array, start: number, end: number, sink: RegionSink): number {
  const seen = classes(bytes, start, end);
  if (seen.hexOnly) {
    if (end - start >= MIN_HEX && (end - start) % 2 === 0) hex(bytes, start, end, sink);
  }
  // Encoded text of this length has all three; long identifiers seldom do.
  if (!seen.upper || !seen.lower || !seen.digit) return end;
  const lines = wrapped(bytes, start, end);
  if (lines.length === 1 && seen.standard && seen.url) {
    split(bytes, start, end, sink);
    return end;
  }
  base64(bytes, lines, sink);
  return lines.at(-1)?.end ?? end;
}

interface Classes {
  readonly upper: boolean;
  readonly lower: boolean;
  readonly digit: boolean;
  readonly standard: boolean;
  readonly url: boolean;
  readonly hexOnly: boolean;
}

function classes(bytes: Uint8Array, start: number, end: number): Classes {
  let upper = false;
  let lower = false;
  let digit = false;
  let standard = false;
  let url = false;
  let hexOnly = true;
  for (let i = start; i < end; i++) {
    const b = bytes[i] as number;
    if (isUpper(b)) upper = true;
    else if (isLower(b)) lower = true;
    else if (isDigit(b)) digit = true;
    else if (b === 0x2b || b === 0x2f) standard = true;
    else url = true;
    if (HEX_BYTE[b] === 0) hexOnly = false;
  }
  return { upper, lower, digit, standard, url, hexOnly };
}

/** A run with both alphabets' own bytes is two or more runs, each of one alphabet. */
function split(bytes: Uint8Array, start: number, end: number, sink: RegionSink): void {
  for (const foreign of [(b: number) => b === 0x2d || b === 0x5f, (b: number) => b === 0x2b || b === 0x2f]) {
    let from = start;
    for (let i = start; i <= end; i++) {
      if (i < end && !foreign(bytes[i] as number)) continue;
      if (i - from >= MIN_BASE64) {
        const seen = classes(bytes, from, i);
        if (seen.upper && seen.lower && seen.digit && (seen.standard || seen.url))
          base64(bytes, [{ start: from, end: i }], sink);
      }
      from = i + 1;
    }
  }
}

/** The run and the lines that continue it: equal length, indentation allowed, the last may be shorter. */
function wrapped(bytes: Uint8Array, start: number, end: number): Span[] {
  const lines: Span[] = [{ start, end }];
  const width = end - start;
  if (width < MIN_WRAPPED_LINE) return lines;
  let total = width;
  let at = end;
  while (total < MAX_REGION) {
    let i = at;
    if (bytes[i] === 0x0d) i++;
    if (bytes[i] !== 0x0a) return lines;
    i++;
    while (bytes[i] === 0x20 || bytes[i] === 0x09) i++;
    let to = i;
    while (to < bytes.length && to - i <= width && BASE64_BYTE[bytes[to] as number] === 1) to++;
    if (to === i || to - i > width) return lines;
    lines.push({ start: i, end: to });
    total += to - i;
    at = to;
    if (to - i < width) return lines;
  }
  return lines;
}

const VALUE: Int8Array = (() => {
  const t = new Int8Array(256).fill(-1);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < 64; i++) t[alphabet.charCodeAt(i)] = i;
  t[0x2d] = 62;
  t[0x5f] = 63;
  return t;
})();

function base64(bytes: Uint8Array, lines: readonly Span[], sink: RegionSink): void {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return;
  const head = decodeLines(bytes, lines, 64);
  if (head.length < 12 || !startsLikeText(head)) return;
  const length = lines.reduce((sum, line) => sum + line.end - line.start, 0);
  if (length > MAX_REGION) sink.limited();
  const decoded = decodeLines(bytes, lines, MAX_REGION);
  const width = first.end - first.start;
  const at = (digit: number): number => {
    const line = lines[Math.min(Math.floor(digit / width), lines.length - 1)] ?? first;
    return Math.min(line.start + (digit - Math.min(Math.floor(digit / width), lines.length - 1) * width), line.end);
  };
  sink.region({
    decoder: 'base64',
    extent: extentOf(first.start, last.end, bytes.length),
    region: { start: first.start, end: last.end },
    bytes: decoded,
    map: (span) => ({
      start: at(Math.floor(span.start / 3) * 4),
      end: at(Math.ceil((span.end * 4) / 3) - 1) + 1,
    }),
  });
}

function decodeLines(bytes: Uint8Array, lines: readonly Span[], maxDigits: number): Uint8Array {
  const digits = Math.min(
    maxDigits,
    lines.reduce((sum, line) => sum + line.end - line.start, 0),
  );
  const out = new Uint8Array(Math.floor((digits * 3) / 4));
  let o = 0;
  let bits = 0;
  let held = 0;
  let used = 0;
  for (const line of lines) {
    for (let i = line.start; i < line.end && used < digits; i++, used++) {
      held = ((held << 6) | (VALUE[bytes[i] as number] as number)) & 0xffffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        out[o++] = (held >> bits) & 0xff;
      }
    }
  }
  return o === out.length ? out : out.subarray(0, o);
}

function hex(bytes: Uint8Array, start: number, end: number, sink: RegionSink): void {
  const limit = Math.min(end, start + MAX_REGION);
  const nibble = (b: number): number => (b <= 0x39 ? b - 0x30 : (b & 0x1f) + 9);
  const out = new Uint8Array((limit - start) >> 1);
  for (let i = 0; i < out.length; i++) {
    const b = (nibble(bytes[start + 2 * i] as number) << 4) | nibble(bytes[start + 2 * i + 1] as number);
    if (i < 48 && (b > 0x7e || (b < 0x20 && b !== 9 && b !== 10 && b !== 13))) return;
    out[i] = b;
  }
  if (limit < end) sink.limited();
  sink.region({
    decoder: 'hex',
    extent: extentOf(start, end, bytes.length),
    region: { start, end },
    bytes: out,
    map: (span) => ({ start: start + span.start * 2, end: start + span.end * 2 }),
  });
}
