import { isAlnum, isHex } from './ascii.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const PLUS = 0x2b;
const QUOTES: readonly number[] = [0x22, 0x27, 0x60];

/** Less than this is no key, whatever it is wrapped in. */
const LEAST_BYTES = 16;

/**
 * What the base64 between BEGIN and END holds (RFC 7468, RFC 1421 headers, RFC 4880 armour, PuTTY key files); without
 * BEGIN the whole input is taken for the body. The same bytes whatever the lines look like: CRLF, indented, quoted or
 * commented line by line, joined by blanks, or one line with escapes (`\n`, `\\n`, `\u002b`, `\/`).
 * `undefined` if that is no key.
 */
export function pemBytes(secret: Uint8Array): Uint8Array | undefined {
  const lines = toLines(dropOutsideStrings(unescape(body(secret))));
  const coded = withoutCommonPrefix(
    lines.filter((line) => line.length > 0 && !line.includes(0x3a) && line[0] !== 0x3d),
  );
  const chosen = coded.length > 0 ? coded : lines;
  const text = chosen.map(base64Text).join('');
  const bytes = Buffer.from(text, 'base64');
  return bytes.length < LEAST_BYTES ? undefined : Uint8Array.from(bytes);
}

/** RFC 7468 and OpenPGP; RFC 4716 (SSH2). */
const ARMOURS = [
  { begin: '-----BEGIN', close: '-----', end: '-----END' },
  { begin: '---- BEGIN', close: '----', end: '---- END' },
] as const;

function body(secret: Uint8Array): Uint8Array {
  const bytes = Buffer.from(secret.buffer, secret.byteOffset, secret.length);
  for (const armour of ARMOURS) {
    const begin = bytes.indexOf(armour.begin);
    const label = begin < 0 ? -1 : bytes.indexOf(armour.close, begin + armour.begin.length);
    if (label < 0) continue;
    const start = label + armour.close.length;
    const end = bytes.indexOf(armour.end, start);
    return secret.subarray(start, end < 0 ? secret.length : end);
  }
  return secret;
}

/** Undoes string escapes, however often they were applied: of a run of backslashes only the last one escapes. */
function unescape(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(BACKSLASH)) return bytes;
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i] ?? 0;
    if (b !== BACKSLASH) {
      out.push(b);
      continue;
    }
    const next = bytes[i + 1];
    const digits = next === 0x75 ? 4 : next === 0x78 ? 2 : 0;
    const code = digits === 0 ? undefined : hexValue(bytes, i + 2, digits);
    if (next === 0x6e || next === 0x72) out.push(NEWLINE);
    else if (next === 0x74) out.push(SPACE);
    else if (code !== undefined) out.push(code < 0x80 ? code : SPACE);
    else continue;
    i += 1 + digits;
  }
  return Uint8Array.from(out);
}

function hexValue(bytes: Uint8Array, from: number, digits: number): number | undefined {
  const found = bytes.subarray(from, from + digits);
  if (found.length < digits || !found.every(isHex)) return undefined;
  return Number.parseInt(Buffer.from(found).toString('latin1'), 16);
}

/**
 * A body that is written as several string literals keeps what is inside them; operators and commas between go. The
 * body begins inside the literal that BEGIN stands in.
 */
function dropOutsideStrings(bytes: Uint8Array): Uint8Array {
  const quotes = bytes.filter((b) => QUOTES.includes(b)).length;
  // One that has no partner is an apostrophe in a header.
  if (quotes === 0 || quotes % 2 === 1) return bytes;
  let inside = true;
  return bytes.map((b) => {
    if (QUOTES.includes(b)) inside = !inside;
    else if (inside) return b;
    // The end of a literal ends a line too: lists of lines have no line feeds in them.
    return NEWLINE;
  });
}

function toLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    const b = bytes[i];
    if (i < bytes.length && b !== NEWLINE && b !== RETURN) continue;
    let from = start;
    while (from < i && (bytes[from] ?? 0) <= SPACE) from++;
    lines.push(bytes.subarray(from, i));
    start = i + 1;
  }
  return lines;
}

/** `//` of comments and `+` of patches are base64 too: they go if every line begins so. No key does: DER begins with `M`. */
function withoutCommonPrefix(lines: Uint8Array[]): Uint8Array[] {
  if (lines.length < 2) return lines;
  if (lines.every((line) => line[0] === SLASH && line[1] === SLASH)) return lines.map((line) => line.subarray(2));
  if (lines.every((line) => line[0] === PLUS)) return lines.map((line) => line.subarray(1));
  return lines;
}

function base64Text(line: Uint8Array): string {
  return Buffer.from(line.filter((b) => isAlnum(b) || b === PLUS || b === SLASH)).toString('latin1');
}
