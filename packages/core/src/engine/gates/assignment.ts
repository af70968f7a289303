/**
 * For generic rules, whose keywords (`key`, `token`, `pass`, …) stand everywhere: whether the bytes after the keyword can
 * be the rest of a name, an operator and a value. Refuses only where the pattern of every rule that names the gate must
 * fail, and accepts somewhat more than they do.
 *
 *   name … [quote, bracket, index] [blanks] operator [blanks, line ends, fall-back ||, wrapper] quote value
 *   name … [quote, bracket, index] [blanks] operator [blanks] value
 *   name … [: or blanks] type [blanks] = …,   name" value=…,   name" , … within a call,   name "value"
 */
import { NAME_BYTE, isAlnum } from '../../bytes/ascii.ts';

/** How long a value must be for a gate: between quotes, and without them. */
interface Least {
  readonly quoted: number;
  readonly bare: number;
  /** May stand in a bare value. */
  readonly bareByte: Uint8Array;
}

const NAME_MAX = 96;
const CLOSE_MAX = 18;
const BLANKS_MAX = 28;
const TYPE_MAX = 44;
/** Blanks, a fall-back expression, a wrapper and quotes between operator and value. */
const OPENING_MAX = 152;

const QUOTE = bytesOf('"\'`');
const CLOSING = bytesOf('"\'`\\[])}0123456789');
const BLANK = bytesOf(' \t');
const SPACE = bytesOf(' \t\r\n\f');
const TYPE = bytesOf('_.<>?[]&', true);
/** What a fall-back and a wrapper consist of, before the quote. */
const OPENING = bytesOf(' \t\r\n\f_.$?[]|(@\\', true);
/** What no value between quotes holds. */
const NO_VALUE = bytesOf(' \t\r\n\f"\'`\\');
const SECOND = bytesOf('=>-|?:');

const PASSWORD_BYTE: Uint8Array = (() => {
  const t = new Uint8Array(256);
  for (let b = 0x21; b < 0x7f; b++) if (b !== 0x3c && b !== 0x3e) t[b] = 1;
  return t;
})();
const TOKEN_BYTE = bytesOf('_+/.~-', true);

const PASSWORD: Least = { quoted: 5, bare: 5, bareByte: PASSWORD_BYTE };
const TOKEN: Least = { quoted: 10, bare: 16, bareByte: TOKEN_BYTE };

/** For passwords: any value of five bytes. */
export function assignmentGate(bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number): boolean {
  return follows(bytes, keywordStart, keywordEnd, limit, PASSWORD);
}

/** For keys and tokens: ten bytes between quotes, or sixteen of a token's alphabet without. */
export function tokenGate(bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number): boolean {
  return follows(bytes, keywordStart, keywordEnd, limit, TOKEN);
}

function follows(bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number, least: Least): boolean {
  const afterName = skipName(bytes, keywordEnd, limit);
  const afterClose = skip(bytes, afterName, limit, CLOSING, CLOSE_MAX);
  const at = skip(bytes, afterClose, limit, BLANK, BLANKS_MAX);
  if (at >= limit) return false;
  const b = bytes[at] as number;
  switch (b) {
    case 0x3d: // =
    case 0x3a: // :
    case 0x3e: // >
      return valueFollows(bytes, at + 1, limit, least, true) || (b === 0x3a && typeFollows(bytes, at + 1, limit, least));
    case 0x28: // (
      return valueFollows(bytes, at + 1, limit, least, true);
    case 0x21: // !=
    case 0x2d: // ->
    case 0x3c: // <-
    case 0x7c: // ||
      return valueFollows(bytes, at + 1, limit, least, true);
    case 0x3f: // ?? or an optional property: `name?: type = …`
      return valueFollows(bytes, at + 1, limit, least, true) || (bytes[at + 1] === 0x3a && typeFollows(bytes, at + 2, limit, least));
    case 0x2c: // , after the first argument of a call
      return isFirstArgument(bytes, keywordStart) && valueFollows(bytes, at + 1, limit, least, true);
    default:
      if (at === afterClose) return false;
      if (QUOTE[b] === 1) return valueFollows(bytes, at, limit, least, false);
      return typeFollows(bytes, at, limit, least);
  }
}

function skipName(bytes: Uint8Array, from: number, limit: number): number {
  const end = Math.min(limit, from + NAME_MAX);
  let i = from;
  while (i < end && (NAME_BYTE[bytes[i] as number] === 1 || bytes[i] === 0x24)) i++;
  // The pattern's name may end before an index or a hyphen that looks like a part of it (`key->`).
  while (i > from && (bytes[i - 1] === 0x2d || bytes[i - 1] === 0x2e)) i--;
  return i;
}

function skip(bytes: Uint8Array, from: number, limit: number, set: Uint8Array, most: number): number {
  const end = Math.min(limit, from + most);
  let i = from;
  while (i < end && set[bytes[i] as number] === 1) i++;
  return i;
}

/** `type =` and then a value. */
function typeFollows(bytes: Uint8Array, from: number, limit: number, least: Least): boolean {
  const start = skip(bytes, from, limit, BLANK, BLANKS_MAX);
  let at = skip(bytes, start, limit, TYPE, TYPE_MAX);
  if (at === start) return false;
  at = skip(bytes, at, limit, BLANK, BLANKS_MAX);
  if (bytes[at] === 0x3a) at++;
  return at < limit && bytes[at] === 0x3d && valueFollows(bytes, at + 1, limit, least, true);
}

/** Whether the name that holds the keyword is the first argument of a call: `("name`. */
function isFirstArgument(bytes: Uint8Array, keywordStart: number): boolean {
  let i = keywordStart;
  const floor = Math.max(0, keywordStart - NAME_MAX);
  while (i > floor && (NAME_BYTE[bytes[i - 1] as number] === 1 || bytes[i - 1] === 0x24)) i--;
  if (i === 0 || QUOTE[bytes[i - 1] as number] === 0) return false;
  i--;
  while (i > 0 && (bytes[i - 1] === 0x5c || SPACE[bytes[i - 1] as number] === 1)) i--;
  return i > 0 && bytes[i - 1] === 0x28;
}

function valueFollows(bytes: Uint8Array, from: number, limit: number, least: Least, bare: boolean): boolean {
  let at = skip(bytes, from, limit, SECOND, 3);
  if (bare) {
    const start = skip(bytes, at, limit, BLANK, BLANKS_MAX);
    const end = skip(bytes, start, limit, least.bareByte, least.bare);
    if (end - start === least.bare) return true;
    // A UUID of the alphabet may begin on the next line.
    const next = skip(bytes, start, limit, SPACE, BLANKS_MAX);
    if (next > start && skip(bytes, next, limit, least.bareByte, least.bare) - next === least.bare) return true;
  }
  const end = Math.min(limit, at + OPENING_MAX);
  while (at < end && QUOTE[bytes[at] as number] === 0) {
    if (OPENING[bytes[at] as number] === 0) return false;
    at++;
  }
  if (at >= end) return false;
  return quotedLength(bytes, at + 1, limit, least.quoted) >= least.quoted;
}

/** Bytes of the value after an opening quote, as far as `most`. */
function quotedLength(bytes: Uint8Array, from: number, limit: number, most: number): number {
  const end = Math.min(limit, from + most);
  let i = from;
  while (i < end && NO_VALUE[bytes[i] as number] === 0) i++;
  return i - from;
}

function bytesOf(characters: string, alphanumeric = false): Uint8Array {
  const t = new Uint8Array(256);
  for (let b = 0; alphanumeric && b < 128; b++) if (isAlnum(b)) t[b] = 1;
  for (const c of characters) t[c.charCodeAt(0)] = 1;
  return t;
}
