/**
 * For generic rules, whose keywords (`key`, `token`, `pass`, …) stand everywhere: whether the keyword can belong to the
 * name of an assignment. Refuses only where no pattern of a rule that names the gate has a match with this occurrence in
 * its name, and accepts somewhat more than they do. A keyword within a value is refused; the name before has its own.
 *
 *   name … [quote, bracket, index] [blanks] operator [blanks, line ends, fall-back ||, wrapper] quote value
 *   name … [quote, bracket, index] [blanks] operator [blanks] value
 *   name … [: or blanks] type [blanks] = …     name" value=…     ("name", …     name "value"
 */
import { NAME_BYTE, isAlnum } from '../../bytes/ascii.ts';

/** How long a value must be: between quotes, and without them. */
interface Least {
  readonly quoted: number;
  readonly bare: number;
  /** What may stand in a bare value. */
  readonly bareByte: Uint8Array;
  /** A bare value is a run of `bareByte` and `=`, ended by one of these. */
  readonly bareEnd?: Uint8Array;
}

/** No rule that names this gate looks further, on either side. */
const FORWARD = 1024;
const BACK = 256;

const EQUALS = bytesOf('=>');
const QUOTE = bytesOf('"\'`');
const CLOSING = bytesOf('"\'`\\[])}0123456789');
const BLANK = bytesOf(' \t');
const SPACE = bytesOf(' \t\r\n\f');
const TYPE = bytesOf('_.<>?[]&', true);
/** What a fall-back and a wrapper consist of, before the quote. */
const OPENING = bytesOf(' \t\r\n\f_.$?[]|(@\\', true);
/** What no value between quotes holds. */
const NO_VALUE = bytesOf(' \t\r\n\f"\'`\\');
const PASSWORD_BYTE = bytesOf('!"#$%&\'()*+,-./:;=?@[\\]^_`{|}~', true);
const TOKEN_BYTE = bytesOf('_+/.~-', true);
const TOKEN_END = bytesOf(' \t\r\n\f"\'`,;)<&|]}\\#?');

const PASSWORD: Least = { quoted: 5, bare: 5, bareByte: PASSWORD_BYTE };
const TOKEN: Least = { quoted: 10, bare: 16, bareByte: TOKEN_BYTE, bareEnd: TOKEN_END };

/** For passwords: any value of five bytes. */
export function assignmentGate(bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number): boolean {
  return follows(bytes, keywordStart, keywordEnd, Math.min(limit, keywordStart + FORWARD), PASSWORD);
}

/** For keys and tokens: ten bytes between quotes, or sixteen of a token's alphabet without. */
export function tokenGate(bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number): boolean {
  return follows(bytes, keywordStart, keywordEnd, Math.min(limit, keywordStart + FORWARD), TOKEN);
}

function follows(bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number, least: Least): boolean {
  const afterClose = skip(bytes, skipName(bytes, keywordEnd, limit), limit, CLOSING);
  const at = skip(bytes, afterClose, limit, BLANK);
  if (at >= limit) return false;
  const next = bytes[at + 1];
  switch (bytes[at]) {
    case 0x3d: // = == === =>
      return valueFollows(bytes, skip(bytes, at + 1, Math.min(limit, at + 3), EQUALS), limit, least);
    case 0x3a: // : := or a type
      return (
        valueFollows(bytes, next === 0x3d ? at + 2 : at + 1, limit, least) || typeFollows(bytes, at + 1, limit, least)
      );
    case 0x3e: // > of an element, or of -> after a hyphen that looked like the name's
      return valueFollows(bytes, at + 1, limit, least);
    case 0x28: // (
      return argumentFollows(bytes, at + 1, limit, least);
    case 0x21: // != !==
      return next === 0x3d && argumentFollows(bytes, bytes[at + 2] === 0x3d ? at + 3 : at + 2, limit, least);
    case 0x2d: // ->
      return next === 0x3e && argumentFollows(bytes, at + 2, limit, least);
    case 0x3c: // <-
      return next === 0x2d && argumentFollows(bytes, at + 2, limit, least);
    case 0x7c: // ||
      return next === 0x7c && argumentFollows(bytes, at + 2, limit, least);
    case 0x3f: // ?? or `name?: type = …`
      if (next === 0x3f) return argumentFollows(bytes, at + 2, limit, least);
      return next === 0x3a && typeFollows(bytes, at + 2, limit, least);
    case 0x2c: // , after the first argument of a call
      return isFirstArgument(bytes, keywordStart) && argumentFollows(bytes, at + 1, limit, least);
    default:
      if (at === afterClose) return false;
      return quotedFollows(bytes, at, limit, least) || typeFollows(bytes, at, limit, least);
  }
}

function skip(bytes: Uint8Array, from: number, limit: number, set: Uint8Array): number {
  let i = from;
  while (i < limit && set[bytes[i] as number] === 1) i++;
  return i;
}

function skipName(bytes: Uint8Array, from: number, limit: number): number {
  let i = from;
  while (i < limit && (NAME_BYTE[bytes[i] as number] === 1 || bytes[i] === 0x24)) i++;
  return i;
}

/** Whether the name that holds the keyword is the first argument of a call: `("name`. */
function isFirstArgument(bytes: Uint8Array, keywordStart: number): boolean {
  const floor = Math.max(0, keywordStart - BACK);
  let i = keywordStart;
  while (i > floor && (NAME_BYTE[bytes[i - 1] as number] === 1 || bytes[i - 1] === 0x24)) i--;
  if (i === floor || QUOTE[bytes[i - 1] as number] === 0) return false;
  i--;
  while (i > floor && (bytes[i - 1] === 0x5c || SPACE[bytes[i - 1] as number] === 1)) i--;
  return i > floor && bytes[i - 1] === 0x28;
}

/** `type =` and then a value. */
function typeFollows(bytes: Uint8Array, from: number, limit: number, least: Least): boolean {
  const start = skip(bytes, from, limit, BLANK);
  let at = skip(bytes, start, limit, TYPE);
  if (at === start) return false;
  at = skip(bytes, at, limit, BLANK);
  if (bytes[at] === 0x3a) at++;
  return at < limit && bytes[at] === 0x3d && argumentFollows(bytes, at + 1, limit, least);
}

/** Where a bare word would be another name: a password must stand between quotes. */
function argumentFollows(bytes: Uint8Array, from: number, limit: number, least: Least): boolean {
  if (least.bareEnd !== undefined) return valueFollows(bytes, from, limit, least);
  return quotedFollows(bytes, skip(bytes, from, limit, SPACE), limit, least);
}

function valueFollows(bytes: Uint8Array, from: number, limit: number, least: Least): boolean {
  const start = skip(bytes, from, limit, BLANK);
  if (bareFollows(bytes, start, limit, least)) return true;
  // A UUID may stand on the next line.
  const next = skip(bytes, start, limit, SPACE);
  if (next > start && least.bareEnd !== undefined && bareFollows(bytes, next, limit, least)) return true;
  return quotedFollows(bytes, next, limit, least);
}

function bareFollows(bytes: Uint8Array, from: number, limit: number, least: Least): boolean {
  if (least.bareEnd === undefined)
    return skip(bytes, from, Math.min(limit, from + least.bare), least.bareByte) - from >= least.bare;
  let end = skip(bytes, from, limit, least.bareByte);
  if (end - from < least.bare) return false;
  while (end < limit && bytes[end] === 0x3d) end++;
  return end >= limit || least.bareEnd[bytes[end] as number] === 1;
}

/** A fall-back, a wrapper and then a quote with a value behind it. */
function quotedFollows(bytes: Uint8Array, from: number, limit: number, least: Least): boolean {
  const at = skip(bytes, from, limit, OPENING);
  if (at >= limit || QUOTE[bytes[at] as number] === 0) return false;
  const end = Math.min(limit, at + 1 + least.quoted);
  let i = at + 1;
  while (i < end && NO_VALUE[bytes[i] as number] === 0) i++;
  return i - at - 1 >= least.quoted;
}

function bytesOf(characters: string, alphanumeric = false): Uint8Array {
  const t = new Uint8Array(256);
  if (alphanumeric) for (let b = 0; b < 128; b++) if (isAlnum(b)) t[b] = 1;
  for (const c of characters) t[c.charCodeAt(0)] = 1;
  return t;
}
