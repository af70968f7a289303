/**
 * The literal that holds a credential, if it is one that a variable can take the place of and the file still means
 * something: a whole quoted string, or a whole value. A file is handled as one character per byte, so that what is not
 * replaced stays as it is in any encoding.
 */
import { surroundingsProblem } from './surroundings.ts';
import { syntaxOf, type Syntax } from './syntax.ts';

export interface Literal {
  /** What is replaced, in bytes of the file. */
  readonly start: number;
  readonly end: number;
  /** What the variable will hold. */
  readonly value: string;
  /** What stands there instead. */
  readonly replacement: (variable: string) => string;
  /** The name that the literal has in the file. */
  readonly assigned: string | undefined;
}

export interface Refused {
  /** Why not; goes on behind "it stays as it is: ". */
  readonly refused: string;
}

/** Nobody wrote a longer one, and expressions that look at it need not be fast. */
const MAX_LINE = 2000;

export interface LiteralPlace {
  /** As reports give it. */
  readonly path: string;
  /** The file, one character per byte. */
  readonly text: string;
  /** The credential in it. */
  readonly start: number;
  readonly end: number;
  /** The credential is a part of an address, which goes with it. */
  readonly isInUrl: boolean;
}

export function findLiteral(place: LiteralPlace): Literal | Refused {
  const syntax = syntaxOf(place.path);
  if (typeof syntax === 'string') return { refused: syntax };
  const { text } = place;
  if (lineLength(text, place.start) > MAX_LINE) return { refused: 'its line is too long to be changed without a look' };
  const value = text.slice(place.start, place.end);
  if (/[\r\n]/.test(value)) return { refused: 'it goes over several lines' };
  if (/[^\x20-\x7e]/.test(value)) return { refused: 'it holds characters that a .env file cannot be trusted with' };
  return syntax.kind === 'code' ? quotedLiteral(place, syntax) : wholeValue(place, syntax);
}

function quotedLiteral(place: LiteralPlace, syntax: Extract<Syntax, { kind: 'code' }>): Literal | Refused {
  const { text } = place;
  const inner = quotesAround(place, syntax.quotes);
  if (inner === undefined) {
    if (syntax.bareValues && isBareValue(place)) return bareLiteral(place, syntax);
    return { refused: 'it is not the whole of a quoted text, so a variable cannot take its place' };
  }
  const value = text.slice(inner.start, inner.end);
  if (value.includes('\\')) return { refused: 'it is written with escapes' };
  const quote = text.charAt(inner.end);
  if (syntax.interpolates.test(value) && quote !== "'") return { refused: 'the quoted text has variables in it' };
  const literal = { start: inner.start - 1, end: inner.end + 1 };
  const problem = surroundingsProblem(text, literal, syntax);
  if (problem !== undefined) return { refused: problem };
  return { ...literal, value, replacement: syntax.read, assigned: assignedName(text, literal.start) };
}

/** The text between the nearest quotes around the credential: the credential, or the address that it is in. */
function quotesAround(
  { text, start, end, isInUrl }: LiteralPlace,
  quotes: string,
): { readonly start: number; readonly end: number } | undefined {
  let from = start;
  let to = end;
  if (isInUrl) {
    while (from > 0 && isUrlCharacter(text.charAt(from - 1))) from -= 1;
    while (to < text.length && isUrlCharacter(text.charAt(to))) to += 1;
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text.slice(from, to))) return undefined;
  }
  const quote = text.charAt(from - 1);
  return quote !== '' && quotes.includes(quote) && text.charAt(to) === quote ? { start: from, end: to } : undefined;
}

function isUrlCharacter(character: string): boolean {
  return /[\x21-\x7e]/.test(character) && !'"\'`<>\\'.includes(character);
}

/** `NAME=value` of a shell, with nothing around it. */
function isBareValue({ text, start, end }: LiteralPlace): boolean {
  const before = lineBefore(text, start);
  return (
    /^\s*(?:export\s+|readonly\s+|local\s+)?[A-Za-z_][A-Za-z0-9_]*=$/.test(before) &&
    /^[ \t]*(?:\r?\n|;|$)/.test(text.slice(end, end + 80))
  );
}

function bareLiteral(place: LiteralPlace, syntax: Extract<Syntax, { kind: 'code' }>): Literal | Refused {
  const { text, start, end } = place;
  const value = text.slice(start, end);
  if (/[\\$`"'*?[\]{}~&|<>()!#\s]/.test(value))
    return { refused: 'it is written with characters that the shell changes' };
  return { start, end, value, replacement: syntax.read, assigned: assignedName(text, start) };
}

/** A value of a file that is no program: behind `:` or `=`, alone or in quotes, to the end of the line. */
function wholeValue(place: LiteralPlace, syntax: Extract<Syntax, { kind: 'values' }>): Literal | Refused {
  const { text, isInUrl } = place;
  let { start, end } = place;
  if (isInUrl) {
    while (start > 0 && isUrlCharacter(text.charAt(start - 1)) && text.charAt(start - 1) !== '=') start -= 1;
    while (end < text.length && isUrlCharacter(text.charAt(end))) end += 1;
  }
  const value = text.slice(start, end);
  const quote = text.charAt(start - 1) === text.charAt(end) && /["']/.test(text.charAt(end)) ? text.charAt(end) : '';
  const before = lineBefore(text, start - quote.length);
  const after = /^[^\r\n]*/.exec(text.slice(end + quote.length, end + 4096))?.[0] ?? '';
  if (
    !/(?:^|[\s"'-])[A-Za-z_][\w.-]*["']?\s*[:=]\s*$/.test(before) ||
    !/^["']?\s*(?:\s#.*)?$/.test(after) ||
    before.trimStart().startsWith('#')
  )
    return { refused: 'it is not the whole of a value, so a variable cannot take its place' };
  if (/[\\$]/.test(value)) return { refused: 'it is written with escapes or variables' };
  return { start, end, value, replacement: syntax.read, assigned: assignedName(text, start) };
}

/** How far before a literal its name is looked for: the expression takes long on many spaces. */
const NAME_BEFORE = 200;

/** `name =`, `name:`, `"name":`, `name: Type =` and the like before the literal, on its line. */
function assignedName(text: string, at: number): string | undefined {
  const before = lineBefore(text, at).slice(-NAME_BEFORE);
  return /([A-Za-z_$][\w$.-]*)["'\]]*\s*(?::\s*[&\w<>[\]?.| ]+?)?\s*(?::=|=>|=|:)\s*["'`]?$/
    .exec(before)?.[1]
    ?.split('.')
    .at(-1);
}

function lineLength(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return (end < 0 ? text.length : end) - text.lastIndexOf('\n', at - 1);
}

function lineBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
}
