/** Characters as RE2's syntax writes them: escapes, and classes in brackets. */
import { ALL_ASCII, EMPTY_SET, complement, union } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { PERL_CLASSES, POSIX_CLASSES, unicodeClass } from './re2-classes.ts';
import type { Re2Cursor } from './re2-cursor.ts';
import type { AssertKind, CharNode, Re2Node } from './re2-node.ts';

const LAST_CODE_POINT = 0x10ffff;

/** What begins with a backslash here. @throws Re2SyntaxError */
export function escapeSequence(cursor: Re2Cursor): Re2Node {
  const start = cursor.at;
  const next = cursor.peek(1);
  const assert: Readonly<Record<string, AssertKind>> = { A: 'text-start', z: 'text-end', b: 'word', B: 'not-word' };
  const kind = next === undefined ? undefined : assert[next];
  if (kind !== undefined) {
    cursor.at += 2;
    return { type: 'assert', kind, start, end: cursor.at };
  }
  if (next === 'C') {
    cursor.at += 2;
    // One byte of any value: never longer than a byte, and it may be any.
    return { type: 'char', set: { ascii: ALL_ASCII, high: 2, highByFolding: false }, start, end: cursor.at };
  }
  const set = classEscape(cursor);
  if (set !== undefined) return { type: 'char', set, start, end: cursor.at };
  const code = escapedCharacter(cursor);
  return cursor.char([[code, code]], start);
}

/** `\d`, `\W`, `\pL`, `\P{Greek}` here, or undefined. Folding comes before negation, as in RE2. */
function classEscape(cursor: Re2Cursor): CharSet | undefined {
  const letter = cursor.peek(1) ?? '';
  const perl = PERL_CLASSES[letter.toLowerCase()];
  if (perl !== undefined) {
    cursor.at += 2;
    return letter === letter.toLowerCase() ? cursor.set(perl) : complement(cursor.set(perl));
  }
  if (letter !== 'p' && letter !== 'P') return undefined;
  const found = /^\\[pP](?:([A-Za-z])|\{(\^?)([A-Za-z_]{1,40})\})/.exec(cursor.rest(48));
  const name = found?.[1] ?? found?.[3];
  if (found === null || name === undefined) cursor.fail('syntax', 'a malformed \\p class');
  cursor.at += found[0].length;
  const negated = (letter === 'P') !== (found[2] === '^');
  return negated ? complement(cursor.set(unicodeClass(name))) : cursor.set(unicodeClass(name));
}

function escapedCharacter(cursor: Re2Cursor): number {
  const c = cursor.peek(1);
  if (c === undefined) cursor.fail('syntax', 'a backslash at the end');
  const simple: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
  const known = simple[c];
  if (known !== undefined) {
    cursor.at += 2;
    return known;
  }
  const rest = cursor.rest(14);
  const octal = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  if (octal !== null) {
    cursor.at += octal[0].length;
    return Number.parseInt(octal[0].slice(1), 8);
  }
  if (/[1-9k]/.test(c)) cursor.fail('back-reference', `RE2 has no back-references: rewrite the pattern without \\${c}`);
  if (c === 'x') {
    const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/.exec(rest);
    const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? '', 16);
    if (hex === null || !(code <= LAST_CODE_POINT)) cursor.fail('syntax', 'a malformed \\x escape');
    cursor.at += hex[0].length;
    return code;
  }
  if (/[0-9A-Za-z]/.test(c) || c.charCodeAt(0) > 0x7f) cursor.fail('syntax', `RE2 knows no escape \\${c}`);
  cursor.at += 2;
  return c.charCodeAt(0);
}

/** `[…]` here. @throws Re2SyntaxError */
export function bracketClass(cursor: Re2Cursor): CharNode {
  const start = cursor.at;
  cursor.at++;
  const negated = cursor.peek() === '^';
  if (negated) cursor.at++;
  let set = EMPTY_SET;
  let first = true;
  while (first || cursor.peek() !== ']') {
    if (cursor.isAtEnd) cursor.fail('syntax', 'a [ without its ]', start);
    first = false;
    set = union(set, bracketItem(cursor));
  }
  cursor.at++;
  return { type: 'char', set: negated ? complement(set) : set, start, end: cursor.at };
}

function bracketItem(cursor: Re2Cursor): CharSet {
  const close = cursor.startsWith('[:') ? cursor.pattern.indexOf(':]', cursor.at + 2) : -1;
  if (close >= 0) {
    const name = cursor.pattern.slice(cursor.at + 2, close);
    const ranges = POSIX_CLASSES[name.replace(/^\^/, '')];
    if (ranges === undefined) cursor.fail('syntax', `RE2 knows no class [:${name}:]`);
    cursor.at = close + 2;
    return name.startsWith('^') ? complement(cursor.set(ranges)) : cursor.set(ranges);
  }
  if (cursor.peek() === '\\') {
    const set = classEscape(cursor);
    if (set !== undefined) return set;
  }
  const at = cursor.at;
  const from = bracketCharacter(cursor);
  if (cursor.peek() !== '-' || cursor.peek(1) === ']' || cursor.peek(1) === undefined)
    return cursor.set([[from, from]]);
  cursor.at++;
  const to = bracketCharacter(cursor);
  if (to < from) cursor.fail('syntax', 'a range whose bounds are backwards', at);
  return cursor.set([[from, to]]);
}

function bracketCharacter(cursor: Re2Cursor): number {
  return cursor.peek() === '\\' ? escapedCharacter(cursor) : cursor.codePoint();
}
