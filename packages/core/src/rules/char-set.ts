/**
 * A set of characters as the analyses of patterns need it: ASCII exactly, everything above as the number of UTF-8 bytes
 * that its longest member takes.
 */
export interface CharSet {
  /** Bit `c` is set if ASCII character `c` is in the set. */
  readonly ascii: bigint;
  /** 0: no character above ASCII. Else 2, 3 or 4: the most bytes one of them takes. */
  readonly high: 0 | 2 | 3 | 4;
  /** The characters above ASCII are only there because RE2 folds them to an ASCII letter (U+212A to k, U+017F to s). */
  readonly highByFolding: boolean;
}

/** Inclusive range of code points. */
export type Range = readonly [from: number, to: number];

const ASCII_END = 0x7f;
const KELVIN = 0x212a;
const LONG_S = 0x17f;

export const EMPTY_SET: CharSet = { ascii: 0n, high: 0, highByFolding: false };
export const ALL_ASCII: bigint = (1n << 128n) - 1n;

export function charSet(ranges: readonly Range[]): CharSet {
  let ascii = 0n;
  let last = 0;
  for (const [from, to] of ranges) {
    if (from <= ASCII_END) {
      const top = Math.min(to, ASCII_END);
      ascii |= ((1n << BigInt(top - from + 1)) - 1n) << BigInt(from);
    }
    if (to > ASCII_END) last = Math.max(last, to);
  }
  return { ascii, high: utf8High(last), highByFolding: false };
}

function utf8High(codePoint: number): 0 | 2 | 3 | 4 {
  if (codePoint <= ASCII_END) return 0;
  if (codePoint <= 0x7ff) return 2;
  return codePoint <= 0xffff ? 3 : 4;
}

/** RE2's simple case folding of a set. Above ASCII only the upper bound matters, so it becomes 4 bytes. */
export function foldRanges(ranges: readonly Range[]): CharSet {
  const set = charSet(ranges);
  let ascii = set.ascii;
  const upper = (ascii >> 65n) & 0x3ffffffn;
  const lower = (ascii >> 97n) & 0x3ffffffn;
  ascii |= (upper << 97n) | (lower << 65n);
  const holds = (c: number): boolean => ranges.some(([from, to]) => from <= c && c <= to);
  if (holds(KELVIN)) ascii |= bit('k') | bit('K');
  if (holds(LONG_S)) ascii |= bit('s') | bit('S');
  if (set.high > 0) return { ascii, high: 4, highByFolding: false };
  if ((ascii & bit('k')) !== 0n) return { ascii, high: 3, highByFolding: true };
  if ((ascii & bit('s')) !== 0n) return { ascii, high: 2, highByFolding: true };
  return { ascii, high: 0, highByFolding: false };
}

/** Everything else. Above ASCII that is taken to be nearly everything, four bytes wide. */
export function complement(set: CharSet): CharSet {
  return { ascii: ALL_ASCII & ~set.ascii, high: 4, highByFolding: false };
}

export function union(a: CharSet, b: CharSet): CharSet {
  if (a === b) return a;
  return {
    ascii: a.ascii | b.ascii,
    high: a.high > b.high ? a.high : b.high,
    highByFolding: (a.high === 0 || a.highByFolding) && (b.high === 0 || b.highByFolding) && a.high + b.high > 0,
  };
}

export function isEmpty(set: CharSet): boolean {
  return set.ascii === 0n && set.high === 0;
}

/** Most UTF-8 bytes that one character of the set takes; 0 for the empty set. */
export function widest(set: CharSet): number {
  return set.high > 0 ? set.high : set.ascii === 0n ? 0 : 1;
}

/** The ASCII characters of the set, in order. */
export function asciiMembers(set: CharSet): string[] {
  const members: string[] = [];
  for (let c = 0; c <= ASCII_END; c++) if (((set.ascii >> BigInt(c)) & 1n) === 1n) members.push(String.fromCharCode(c));
  return members;
}

/** How many of the 256 bytes can stand for a member (see `byteFlags`). */
export function countBytes(set: CharSet): number {
  let count = set.high > 0 ? 128 : 0;
  for (let shift = 0n; shift < 128n; shift += 32n) {
    let word = Number((set.ascii >> shift) & 0xffffffffn);
    for (; word !== 0; word = (word & (word - 1)) >>> 0) count++;
  }
  return count;
}

/** All members in lower case, or undefined if the set holds characters above ASCII that case folding did not bring in. */
export function lowerMembers(set: CharSet): string[] | undefined {
  if (set.high > 0 && !set.highByFolding) return undefined;
  return [...new Set(asciiMembers(set).map((c) => c.toLowerCase()))];
}

/** Whether the set holds the letter in either case. */
export function takesLetter(set: CharSet, letter: string): boolean {
  return (set.ascii & (bit(letter) | bit(letter.toUpperCase()))) !== 0n;
}

function bit(character: string): bigint {
  return 1n << BigInt(character.charCodeAt(0));
}

/**
 * The bytes that can stand for a member, as 256 flags. A character above ASCII may be any byte from 0x80 on: texts that
 * are not UTF-8 are read as Latin-1.
 */
export function byteFlags(set: CharSet): Uint8Array {
  const flags = new Uint8Array(256);
  for (let c = 0; c <= ASCII_END; c++) flags[c] = Number((set.ascii >> BigInt(c)) & 1n);
  if (set.high > 0) flags.fill(1, 0x80);
  return flags;
}
