/**
 * Values of generic assignments that read like code or prose rather than like a credential: identifiers, dotted names,
 * paths, URLs, words joined by marks or capitals, UUIDs, dates, versions, numbers, calls. A value is cut into runs of
 * letters and of digits, runs of letters at capitals (`fooBar`, `HTTPServer`); what is left when words and free-standing
 * numbers are taken away must be long enough, and a large enough part of the whole, to be random.
 */
import { FOLD, ascii, isAlnum, isDigit, isHex, isLower, isUpper, latin1Text } from '../../bytes/ascii.ts';
import { COMMON_WORDS, TERMS_WITH_DIGITS } from './common-words.ts';
import { wordScore } from './letter-pairs.ts';

/** So many bytes must be neither words nor numbers. */
const LEAST_RANDOM = 8;
/** … and so many of them between two marks: `2024-01-02T03:04:05Z`, `org.slf4j`. */
const LEAST_DENSE = 6;
/** Wordy values are short; the head of a long one decides. */
const MAX_READ = 256;

export function looksLikeIdentifierOrWord(secret: Uint8Array): boolean {
  const s = secret.length > MAX_READ ? secret.subarray(0, MAX_READ) : secret;
  if (isUuid(s) || isExpression(s)) return true;
  let random = 0;
  let wordy = 0;
  let densest = 0;
  for (let i = 0; i < s.length;) {
    if (!isAlnum(s[i] as number)) {
      i++;
      continue;
    }
    const end = segmentEnd(s, i);
    const letters = lettersIn(s, i, end);
    // A number between marks is a date, a version, a port, an index.
    if (letters > 0) {
      const words = wordLetters(s, i, end);
      wordy += words;
      random += end - i - words;
      densest = Math.max(densest, end - i - words);
    } else if (end - i > 16) {
      random += end - i;
      densest = Math.max(densest, end - i);
    }
    i = end;
  }
  return random < LEAST_RANDOM || densest < LEAST_DENSE || random * 10 < (random + wordy) * 4;
}

function segmentEnd(s: Uint8Array, start: number): number {
  let end = start;
  while (end < s.length && isAlnum(s[end] as number)) end++;
  return end;
}

function lettersIn(s: Uint8Array, start: number, end: number): number {
  let n = 0;
  for (let i = start; i < end; i++) if (!isDigit(s[i] as number)) n++;
  return n;
}

/** How many bytes of `[start, end)` belong to words and terms. */
function wordLetters(s: Uint8Array, start: number, end: number): number {
  let n = 0;
  let from = start;
  while (from < end) {
    const term = termAt(s, from, end);
    if (term > 0) {
      n += term;
      from += term;
      continue;
    }
    if (isDigit(s[from] as number)) {
      from++;
      continue;
    }
    const to = humpEnd(s, from, end);
    if (isWord(s.subarray(from, to))) n += to - from;
    from = to;
  }
  return n;
}

/** End of the word that begins at `from`: `Foo`, `foo`, `HTTP` before `Server`. */
function humpEnd(s: Uint8Array, from: number, end: number): number {
  let i = from + 1;
  if (i < end && isUpper(s[from] as number) && isUpper(s[i] as number)) {
    while (i < end && isUpper(s[i] as number)) i++;
    return i < end && isLower(s[i] as number) && i - from > 1 ? i - 1 : i;
  }
  while (i < end && isLower(s[i] as number)) i++;
  return i;
}

const LONGEST_LISTED = Math.max(...Array.from(COMMON_WORDS, (word) => word.length));
const TERMS: readonly Uint8Array[] = TERMS_WITH_DIGITS.map((term) => ascii(term));

/** Length of the term that stands at `from`, or 0. */
function termAt(s: Uint8Array, from: number, end: number): number {
  for (const term of TERMS) {
    if (from + term.length > end) continue;
    let k = 0;
    while (k < term.length && FOLD[s[from + k] as number] === term[k]) k++;
    if (k === term.length) return k;
  }
  return 0;
}

/** The score that letters of chance seldom reach, by length; measured: under 7 % of random letters, over 85 % of words. */
function isWord(letters: Uint8Array): boolean {
  const n = letters.length;
  if (n < 3) return false;
  const folded = letters.map((b) => FOLD[b] as number);
  if (n <= LONGEST_LISTED && COMMON_WORDS.has(latin1Text(folded))) return true;
  if (n < 4) return false;
  return wordScore(folded) >= (n === 4 ? 2 : 1);
}

function isUuid(s: Uint8Array): boolean {
  const at = s[0] === 0x7b ? 1 : 0;
  if (s.length !== 36 + at * 2) return false;
  for (let i = 0; i < 36; i++) {
    const b = s[at + i] as number;
    if (i === 8 || i === 13 || i === 18 || i === 23 ? b !== 0x2d : !isHex(b)) return false;
  }
  return true;
}

/** URLs, calls, member access, format strings, selectors, phrases. */
function isExpression(s: Uint8Array): boolean {
  let letters = 0;
  for (let i = 0; i < s.length; i++) {
    const b = s[i] as number;
    const next = s[i + 1];
    if (!isDigit(b) && (isAlnum(b) || b >= 0x80)) letters++;
    if (b === 0x20 || b === 0x09) return true;
    if (b === 0x3a && next === 0x2f && s[i + 2] === 0x2f) return true; // ://
    if (b === 0x3a && next === 0x3a) return true; // ::
    if ((b === 0x2d || b === 0x3d) && next === 0x3e) return true; // -> =>
    if (b === 0x28 && (next === 0x29 || s[s.length - 1] === 0x29) && i > 0 && isAlnum(s[i - 1] as number)) return true; // f(…)
    if (b === 0x5b && s[s.length - 1] === 0x5d && i > 0 && isAlnum(s[i - 1] as number)) return true; // list[…]
    if (b === 0x25 && (next === 0x73 || next === 0x64) && !isHex(s[i + 2] ?? 0)) return true; // %s %d
  }
  return letters === 0;
}
