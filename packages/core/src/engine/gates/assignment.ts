/**
 * For generic rules, whose keywords (`key`, `token`, `pass`, …) stand everywhere: whether the bytes after the keyword can
 * be the rest of a name, an operator and a value. Refuses only where the pattern of every rule that names this gate must
 * fail; it accepts more than they do.
 *
 *   rest of the name · closing quotes, brackets, a type, blanks · operator · blanks, opening quote, a wrapper · value
 *
 * After `,` `(` `!` `|` `?` `-` `<` only a quoted value counts: `key, other` is an argument list.
 */
import { isAlnum } from '../../bytes/ascii.ts';

/** Longest rest of a name, and longest way from there to the operator. */
const NAME_MAX = 80;
const BETWEEN_MAX = 96;
/** Longest way from the operator to the value: blanks, line ends, a fall-back expression, a wrapper, quotes. */
const OPENING_MAX = 176;
const LEAST_VALUE = 4;

const NAME = 1;
const BETWEEN = 2;
const OPERATOR = 4;
const QUOTED_OPERATOR = 8;
const QUOTE = 16;
const BLANK = 32;
/** Cannot stand in a value, nor, outside quotes, between an operator and a value. */
const ENDS = 64;

const CLASS: Uint8Array = (() => {
  const t = new Uint8Array(256);
  const mark = (characters: string, bit: number): void => {
    for (const c of characters) t[c.charCodeAt(0)] = (t[c.charCodeAt(0)] ?? 0) | bit;
  };
  for (let b = 0; b < 128; b++) {
    if (isAlnum(b)) t[b] = NAME | BETWEEN;
  }
  mark('_.-', NAME | BETWEEN);
  mark('"\'`\\', QUOTE | BETWEEN);
  mark(' \t', BLANK | BETWEEN);
  mark('[])}&', BETWEEN);
  mark('=:>', OPERATOR);
  mark(',(!|?<-', QUOTED_OPERATOR);
  mark('\r\n\f', BLANK);
  mark(';', ENDS);
  return t;
})();

export function assignmentGate(bytes: Uint8Array, _keywordStart: number, keywordEnd: number, limit: number): boolean {
  let i = keywordEnd;
  const nameEnd = Math.min(limit, keywordEnd + NAME_MAX);
  while (i < nameEnd && ((CLASS[bytes[i] as number] as number) & NAME) !== 0) i++;

  const operatorEnd = Math.min(limit, i + BETWEEN_MAX);
  let blanks = false;
  for (; i < operatorEnd; i++) {
    const b = bytes[i] as number;
    const c = CLASS[b] as number;
    if ((c & OPERATOR) !== 0) return valueFollows(bytes, i + 1, limit, false);
    // A hyphen may be part of a type or the name before it is part of `->`.
    if ((c & QUOTED_OPERATOR) !== 0 && b !== 0x2d && valueFollows(bytes, i + 1, limit, true)) return true;
    if ((c & QUOTE) !== 0 && blanks && b !== 0x5c && valueFollows(bytes, i, limit, true)) return true;
    if ((c & BLANK) !== 0) blanks = true;
    if ((c & (BETWEEN | QUOTED_OPERATOR)) === 0) return false;
  }
  return false;
}

/** Whether a value begins soon after `from`: four bytes in a row that can be one. */
function valueFollows(bytes: Uint8Array, from: number, limit: number, quotedOnly: boolean): boolean {
  const end = Math.min(limit, from + OPENING_MAX);
  let run = 0;
  let quoted = !quotedOnly;
  for (let i = from; i < end; i++) {
    const c = CLASS[bytes[i] as number] as number;
    if ((c & QUOTE) !== 0) {
      quoted = true;
      run = 0;
    } else if ((c & BLANK) !== 0) {
      run = 0;
    } else if ((c & ENDS) !== 0 && !quoted) {
      return false;
    } else if (++run >= LEAST_VALUE && quoted) {
      return true;
    }
  }
  return false;
}
