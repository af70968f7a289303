/**
 * For generic rules, whose keywords (`key`, `token`, `pass`, …) stand everywhere: whether the keyword can belong to the
 * name of an assignment. Refuses only where no pattern of a rule that names the gate has a match with this occurrence in
 * its name, and accepts somewhat more than they do. A keyword within a value is refused; the name before has its own.
 *
 *   name … [quote, bracket, index] [blanks] operator [blanks, line ends, fall-back ||, wrapper] quote value
 *   name … [quote, bracket, index] [blanks] operator [blanks] value
 *   name … [: or blanks] type [blanks] = …     name" value=…     ("name", …     name "value"
 */

/** No rule that names this gate looks further, on either side. */
const FORWARD: i32 = 1024;
const BACK: i32 = 256;

/** Classes of bytes, a bit each. */
const EQUALS: u32 = 1;
const QUOTE: u32 = 1 << 1;
const CLOSING: u32 = 1 << 2;
const BLANK: u32 = 1 << 3;
const SPACE: u32 = 1 << 4;
const TYPE: u32 = 1 << 5;
/** What a fall-back and a wrapper consist of, before the quote. */
const OPENING: u32 = 1 << 6;
/** What no value between quotes holds. */
const NO_VALUE: u32 = 1 << 7;
const PASSWORD: u32 = 1 << 8;
const TOKEN: u32 = 1 << 9;
const TOKEN_END: u32 = 1 << 10;
/** What may stand in an identifier or dotted key, and `$`. */
const NAME: u32 = 1 << 11;

const classes: usize = memory.data(256 * 2, 16);
let isReady: bool = false;

/** How long a value must be: between quotes, and without them. */
const PASSWORD_LEAST: i32 = 5;
const TOKEN_QUOTED_LEAST: i32 = 10;
const TOKEN_BARE_LEAST: i32 = 16;

function mark(characters: string, bits: u32): void {
  for (let i = 0; i < characters.length; i++) markByte(characters.charCodeAt(i), bits);
}

function markByte(b: u32, bits: u32): void {
  const at = classes + ((<usize>b) << 1);
  store<u16>(at, <u16>(<u32>load<u16>(at) | bits));
}

function prepare(): void {
  for (let b: u32 = 0; b < 128; b++) {
    const isLetter = (b | 0x20) >= 0x61 && (b | 0x20) <= 0x7a;
    const isDigit = b >= 0x30 && b <= 0x39;
    if (isLetter || isDigit) markByte(b, TYPE | OPENING | PASSWORD | TOKEN | NAME);
    if (isDigit) markByte(b, CLOSING);
  }
  mark('=>', EQUALS);
  mark('"\'`', QUOTE);
  mark('"\'`\\[])}', CLOSING);
  mark(' \t', BLANK);
  mark(' \t\r\n\f', SPACE);
  mark('_.<>?[]&', TYPE);
  mark(' \t\r\n\f_.$?[]|(@\\', OPENING);
  mark(' \t\r\n\f"\'`\\', NO_VALUE);
  mark('!"#$%&\'()*+,-./:;=?@[\\]^_`{|}~', PASSWORD);
  mark('_+/.~-', TOKEN);
  mark(' \t\r\n\f"\'`,;)<&|]}\\#?', TOKEN_END);
  mark('_.-$', NAME);
  isReady = true;
}

function has(text: usize, at: i32, bits: u32): bool {
  return (<u32>load<u16>(classes + ((<usize>load<u8>(text + at)) << 1)) & bits) != 0;
}

/** The first place at or behind `from` whose byte is none of these. */
function skip(text: usize, from: i32, limit: i32, bits: u32): i32 {
  let i = from;
  while (i < limit && has(text, i, bits)) i++;
  return i;
}

/** Byte at a place, 0 behind the limit. */
function byteAt(text: usize, at: i32, limit: i32): u32 {
  return at < limit ? <u32>load<u8>(text + at) : 0;
}

/** For passwords: any value of five bytes. */
export function assignment(text: usize, keyword: i32, keywordEnd: i32, limit: i32): bool {
  return follows(text, keyword, keywordEnd, min(limit, keyword + FORWARD), false);
}

/** For keys and tokens: ten bytes between quotes, or sixteen of a token's alphabet without. */
export function token(text: usize, keyword: i32, keywordEnd: i32, limit: i32): bool {
  return follows(text, keyword, keywordEnd, min(limit, keyword + FORWARD), true);
}

function follows(text: usize, keyword: i32, keywordEnd: i32, limit: i32, isToken: bool): bool {
  if (!isReady) prepare();
  const afterClose = skip(text, skip(text, keywordEnd, limit, NAME), limit, CLOSING);
  const at = skip(text, afterClose, limit, BLANK);
  if (at >= limit) return false;
  const next = byteAt(text, at + 1, limit);
  switch (<u32>load<u8>(text + at)) {
    case 0x3d: // = == === =>
      return valueFollows(text, skip(text, at + 1, min(limit, at + 3), EQUALS), limit, isToken);
    case 0x3a: // : := or a type
      return (
        valueFollows(text, next == 0x3d ? at + 2 : at + 1, limit, isToken) || typeFollows(text, at + 1, limit, isToken)
      );
    case 0x3e: // > of an element, or of -> after a hyphen that looked like the name's
      return valueFollows(text, at + 1, limit, isToken);
    case 0x28: // (
      return argumentFollows(text, at + 1, limit, isToken);
    case 0x21: // != !==
      return (
        next == 0x3d && argumentFollows(text, byteAt(text, at + 2, limit) == 0x3d ? at + 3 : at + 2, limit, isToken)
      );
    case 0x2d: // ->
      return next == 0x3e && argumentFollows(text, at + 2, limit, isToken);
    case 0x3c: // <-
      return next == 0x2d && argumentFollows(text, at + 2, limit, isToken);
    case 0x7c: // ||
      return next == 0x7c && argumentFollows(text, at + 2, limit, isToken);
    case 0x3f: // ?? or `name?: type = …`
      if (next == 0x3f) return argumentFollows(text, at + 2, limit, isToken);
      return next == 0x3a && typeFollows(text, at + 2, limit, isToken);
    case 0x2c: // , after the first argument of a call
      return isFirstArgument(text, keyword) && argumentFollows(text, at + 1, limit, isToken);
    default:
      if (at == afterClose) return false;
      return quotedFollows(text, at, limit, isToken) || typeFollows(text, at, limit, isToken);
  }
}

/** Whether the name that holds the keyword is the first argument of a call: `("name`. */
function isFirstArgument(text: usize, keyword: i32): bool {
  const floor = max(0, keyword - BACK);
  let i = keyword;
  while (i > floor && has(text, i - 1, NAME)) i--;
  if (i == floor || !has(text, i - 1, QUOTE)) return false;
  i--;
  while (i > floor && (load<u8>(text + i - 1) == 0x5c || has(text, i - 1, SPACE))) i--;
  return i > floor && load<u8>(text + i - 1) == 0x28;
}

/** `type =` and then a value. */
function typeFollows(text: usize, from: i32, limit: i32, isToken: bool): bool {
  const start = skip(text, from, limit, BLANK);
  let at = skip(text, start, limit, TYPE);
  if (at == start) return false;
  at = skip(text, at, limit, BLANK);
  if (byteAt(text, at, limit) == 0x3a) at++;
  return byteAt(text, at, limit) == 0x3d && argumentFollows(text, at + 1, limit, isToken);
}

/** Where a bare word would be another name: a password must stand between quotes. */
function argumentFollows(text: usize, from: i32, limit: i32, isToken: bool): bool {
  if (isToken) return valueFollows(text, from, limit, isToken);
  return quotedFollows(text, skip(text, from, limit, SPACE), limit, isToken);
}

function valueFollows(text: usize, from: i32, limit: i32, isToken: bool): bool {
  const start = skip(text, from, limit, BLANK);
  if (bareFollows(text, start, limit, isToken)) return true;
  // A UUID may stand on the next line.
  const next = skip(text, start, limit, SPACE);
  if (next > start && isToken && bareFollows(text, next, limit, isToken)) return true;
  return quotedFollows(text, next, limit, isToken);
}

function bareFollows(text: usize, from: i32, limit: i32, isToken: bool): bool {
  if (!isToken) return skip(text, from, min(limit, from + PASSWORD_LEAST), PASSWORD) - from >= PASSWORD_LEAST;
  let end = skip(text, from, limit, TOKEN);
  if (end - from < TOKEN_BARE_LEAST) return false;
  while (end < limit && load<u8>(text + end) == 0x3d) end++;
  return end >= limit || has(text, end, TOKEN_END);
}

/** A fall-back, a wrapper and then a quote with a value behind it. */
function quotedFollows(text: usize, from: i32, limit: i32, isToken: bool): bool {
  const at = skip(text, from, limit, OPENING);
  if (at >= limit || !has(text, at, QUOTE)) return false;
  const least = isToken ? TOKEN_QUOTED_LEAST : PASSWORD_LEAST;
  const end = min(limit, at + 1 + least);
  let i = at + 1;
  while (i < end && !has(text, i, NO_VALUE)) i++;
  return i - at - 1 >= least;
}
