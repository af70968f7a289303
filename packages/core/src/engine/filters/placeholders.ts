/**
 * Values that stand where a secret will be, by their bytes alone: masks, templates, sample words, sequences. For all
 * rules, so only what nobody would take for a credential is refused; a password that is merely bad is not a placeholder.
 * No regular expressions: a function of at most a few hundred bytes, called on candidates only.
 */
import { FOLD, isAlnum, isDigit, isLower, isUpper, latin1Text } from '../../bytes/ascii.ts';
import { HOLDS_PLACEHOLDER, SAMPLE_VALUES, SECRET_NOUNS } from './sample-words.ts';

/** Longer secrets are key material; they are only tested as a whole (one byte repeated, elided). */
const MAX_WORDED = 256;

export function isPlaceholder(secret: Uint8Array): boolean {
  const n = secret.length;
  if (n === 0) return true;
  if (isMonotone(secret) || isElided(secret)) return true;
  if (n > MAX_WORDED) return false;
  if (isWrapped(secret) || holdsTemplate(secret) || isSequence(secret)) return true;
  const folded = latin1Text(secret.map((b) => FOLD[b] as number));
  return (
    SAMPLE_VALUES.has(trimmed(folded)) ||
    HOLDS_PLACEHOLDER.some((word) => folded.includes(word)) ||
    endsWithHere(folded) ||
    isNamed(secret)
  );
}

/** At most two different bytes among letters and digits, or one byte for half of the whole. */
function isMonotone(s: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  let kinds = 0;
  let total = 0;
  let longest = 0;
  let run = 0;
  for (let i = 0; i < s.length; i++) {
    const b = s[i] as number;
    run = i > 0 && b === s[i - 1] ? run + 1 : 1;
    if (run > longest) longest = run;
    if (!isAlnum(b) && b < 0x80) continue;
    total++;
    if (counts[b] === 0) kinds++;
    counts[b] = (counts[b] as number) + 1;
  }
  if (longest >= 6 && longest * 2 >= s.length) return true;
  if (total === 0) return s.length < 8;
  return kinds <= 2 && total >= 3;
}

/** Stars, dots, x or bullets where the rest would be. */
function isElided(s: Uint8Array): boolean {
  let run = 0;
  let previous = -1;
  for (let i = 0; i < s.length; i++) {
    const b = FOLD[s[i] as number] as number;
    run = b === previous ? run + 1 : 1;
    previous = b;
    if ((b === 0x2a || b === 0x2e) && run >= 3) return true;
    if (b === 0x23 && run >= 4) return true;
    if (b === 0x78 && (run >= 6 || (run >= 4 && endsPart(s, i + 1) && endsPart(s, i - run)))) return true;
    // "…" and "••" in UTF-8.
    if (b === 0xe2 && s[i + 1] === 0x80 && s[i + 2] === 0xa6) return true;
    if (
      b === 0xe2 &&
      s[i + 1] === 0x80 &&
      s[i + 2] === 0xa2 &&
      s[i + 3] === 0xe2 &&
      s[i + 4] === 0x80 &&
      s[i + 5] === 0xa2
    )
      return true;
  }
  return false;
}

function endsPart(s: Uint8Array, i: number): boolean {
  return i < 0 || i >= s.length || !isAlnum(s[i] as number);
}

const isWordByte = (b: number): boolean => isAlnum(b) || b === 0x5f || b === 0x2e || b === 0x2d || b === 0x20;
const isName = (b: number): boolean => isAlnum(b) || b === 0x5f;

/** The whole value is a marker: `<…>`, `[…]`, `{name}`, `%NAME%`, `__NAME__`, `@NAME@`, `$NAME`, `!Ref …`. */
function isWrapped(s: Uint8Array): boolean {
  const first = s[0] as number;
  const last = s[s.length - 1] as number;
  const inner = (test: (b: number) => boolean, from: number, to: number): boolean => {
    let letters = 0;
    for (let i = from; i < to; i++) {
      const b = s[i] as number;
      if (!test(b)) return false;
      if (!isDigit(b)) letters++;
    }
    return letters > 0;
  };
  const n = s.length;
  if (first === 0x3c && last === 0x3e) return true;
  if (startsWith(s, '&lt;') || startsWith(s, '!Ref') || startsWith(s, '!Sub') || startsWith(s, '!Import')) return true;
  if (first === 0x5b && last === 0x5d) return inner(isWordByte, 1, n - 1) || n === 2;
  if (first === 0x28 && last === 0x29) return inner(isWordByte, 1, n - 1);
  if (first === 0x7b && last === 0x7d) return n <= 42 && (n === 2 || inner(isWordByte, 1, n - 1));
  if (first === 0x25 && last === 0x25 && n > 2)
    return inner((b) => isWordByte(b) || b === 0x28 || b === 0x29, 1, n - 1);
  if (first === 0x40 && last === 0x40 && n > 2) return inner(isWordByte, 1, n - 1);
  if (n > 4 && first === 0x5f && s[1] === 0x5f && last === 0x5f && s[n - 2] === 0x5f) return inner(isName, 2, n - 2);
  if (first !== 0x24) return false;
  // A variable: $NAME, $$NAME, $1, $obj->field, $list['key'].
  let at = 1;
  while (at < n && s[at] === 0x24) at++;
  if (at === n) return true;
  const head = s[at] as number;
  if (isDigit(head)) return n - at <= 2;
  if (!isLower(head) && !isUpper(head) && head !== 0x5f) return false;
  for (let i = at; i < n; i++) {
    const b = s[i] as number;
    if (!isWordByte(b) && !VARIABLE_TAIL.includes(b)) return false;
  }
  return true;
}

const VARIABLE_TAIL: readonly number[] = [...'$>:[]\'"(),'].map((c) => c.charCodeAt(0));

function startsWith(s: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (s[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** An interpolation in any of the common template languages, anywhere in the value. */
function holdsTemplate(s: Uint8Array): boolean {
  for (let i = 0; i + 1 < s.length; i++) {
    const a = s[i] as number;
    const b = s[i + 1] as number;
    if (a === 0x24 && b === 0x7b && closes(s, i + 2, 0x7d)) return true; // ${…}
    if (a === 0x23 && b === 0x7b && closes(s, i + 2, 0x7d)) return true; // #{…}
    if (a === 0x7b && b === 0x7b && closes(s, i + 2, 0x7d, 0x7d)) return true; // {{…}}
    if (a === 0x24 && b === 0x28 && closes(s, i + 2, 0x29)) return true; // $(…)
    if (a === 0x25 && b === 0x28 && closes(s, i + 2, 0x29)) return true; // %(name)s
    if (a === 0x3c && (b === 0x25 || b === 0x3f)) return true; // <% … %>, <?php
    if (a === 0x7b && b === 0x25) return true; // {% … %}
    if (a === 0x25 && (b === 0x73 || b === 0x76 || b === 0x40) && endsPart(s, i + 2) && endsPart(s, i - 1)) return true; // %s
    if (a === 0x7b && s[i - 1] !== 0x7b && closesPlain(s, i + 1)) return true; // {name}, {0}, {}
    if (a === 0x5b && b === 0x5b && endsDouble(s, i + 2)) return true; // [[…]]
  }
  return false;
}

/** Whether the interpolation that starts at `from` is closed, with only what expressions hold in between. */
function closes(s: Uint8Array, from: number, close: number, twice?: number): boolean {
  for (let i = from; i < s.length; i++) {
    const b = s[i] as number;
    if (b === close && (twice === undefined || s[i + 1] === twice)) return true;
    if (!isAlnum(b) && !EXPRESSION.includes(b)) return false;
  }
  return false;
}

const EXPRESSION: readonly number[] = [...'_ .:-?/,|\'"([@!$%*={+\\'].map((c) => c.charCodeAt(0));

function endsDouble(s: Uint8Array, from: number): boolean {
  for (let i = from; i + 1 < s.length; i++) if (s[i] === 0x5d && s[i + 1] === 0x5d) return true;
  return false;
}

function closesPlain(s: Uint8Array, from: number): boolean {
  for (let i = from; i < s.length && i - from <= 40; i++) {
    const b = s[i] as number;
    if (b === 0x7d) return true;
    if (!isWordByte(b)) return false;
  }
  return false;
}

/** Mostly ascending or descending runs such as 1234567890 and abcdef, also two of them interleaved (a1b2c3). */
function isSequence(s: Uint8Array): boolean {
  const plain: number[] = [];
  for (const b of s) if (isAlnum(b)) plain.push(FOLD[b] as number);
  if (plain.length < 6) return false;
  return covered(plain, 1, 6) * 10 >= plain.length * 7 || covered(plain, 2, 10) * 10 >= plain.length * 9;
}

/** Bytes in runs of at least `least` where each byte follows the one `stride` before it. */
function covered(s: readonly number[], stride: number, least: number): number {
  let total = 0;
  let run = stride;
  let direction = 0;
  for (let i = stride; i <= s.length; i++) {
    const step = i < s.length ? follows(s[i - stride] as number, s[i] as number) : 0;
    if (step !== 0 && (direction === 0 || step === direction || stride > 1)) {
      direction = step;
      run++;
      continue;
    }
    if (run >= least) total += run;
    run = step === 0 ? stride : stride + 1;
    direction = step;
  }
  return total;
}

/** 1: b is the next of a, in the alphabet, the digits or from one to the other; -1: the one before; 0: neither. */
function follows(a: number, b: number): number {
  if (b === a + 1 && isDigit(a) === isDigit(b)) return 1;
  if (a === 0x39 && (b === 0x30 || b === 0x61)) return 1;
  if ((a === 0x66 || a === 0x7a) && (b === 0x30 || b === 0x31)) return 1;
  if (a === 0x7a && b === 0x61) return 1;
  if (b === a - 1 && isDigit(a) === isDigit(b)) return -1;
  if (a === 0x30 && b === 0x39) return -1;
  return 0;
}

function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && !isAlnum(text.charCodeAt(start))) start++;
  while (end > start && !isAlnum(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function endsWithHere(folded: string): boolean {
  return folded.endsWith('here') && (folded.length === 4 || !isAlnum(folded.charCodeAt(folded.length - 5)));
}

/**
 * The name of a credential instead of its value: words of one case joined by `_`, `-` or `.`, each with two digits at
 * its end at most, one of them a noun such as password, token, key (`DB_PASSWORD`, `my-api-key2`). A token behind a prefix
 * (`key_…`) has its digits elsewhere.
 */
function isNamed(s: Uint8Array): boolean {
  if (s.length > 64) return false;
  let noun = false;
  let parts = 0;
  let start = 0;
  let digits = 0;
  let lower = false;
  for (let i = 0; i <= s.length; i++) {
    const b = i < s.length ? (s[i] as number) : 0x5f;
    if (b === 0x5f || b === 0x2d || b === 0x2e) {
      if (i - start > 16) return false;
      if (i > start) {
        parts++;
        noun ||= SECRET_NOUNS.has(latin1Text(s.subarray(start, i - digits)).toLowerCase());
      }
      start = i + 1;
      digits = 0;
      lower = false;
    } else if (isDigit(b)) {
      if (i - start < 2 || ++digits > 2) return false;
    } else if (isLower(b) && digits === 0) {
      // `foo`, `Foo`, `FOO`: one case after the first letter.
      if (!lower && i - start > 1) return false;
      lower = true;
    } else if (!isUpper(b) || digits > 0 || lower) {
      return false;
    }
  }
  return noun && parts > 1;
}
