/**
 * Comments in scanned text that ask for a hit to be ignored: our own and those of other scanners. A pure function of
 * the text around a hit; what it finds is judged per place, after attribution.
 *
 *     unleak:allow                                   same line; alone in a comment line: the next line
 *     unleak:allow[rule-id, other-id] reason="…" until=2027-01-31
 */
import { isAlnum, isDigit, latin1Text } from '../bytes/ascii.ts';
import type { InlineIgnore, Span } from '../types/index.ts';
import { secretlintRules } from './secretlint-rules.ts';
import { splitWords } from './split-words.ts';

/** Whose comments there are; each can be switched off on its own. */
export const INLINE_MARKERS = [
  'unleak',
  'gitleaks',
  'betterleaks',
  'trufflehog',
  'kingfisher',
  'ggshield',
  'detect-secrets',
  'secretlint',
] as const;
export type InlineMarker = (typeof INLINE_MARKERS)[number];

export interface InlineOptions {
  /** Names from INLINE_MARKERS; others mean nothing. */
  readonly markers: readonly string[];
  /** Names of the hit's rules (`ruleNames`): comments for other rules alone are passed over. Default: no comment is. */
  readonly rules?: readonly string[];
}

/** On each side of the span, and of the line before. */
const LINE_BYTES = 4096;
const BLOCK_BYTES = 65536;

/**
 * The comment that covers `span`: on one of its lines, on the line before where the comment is for the next one, or a
 * block that is open there. Of several the one that lasts longest.
 */
export function findInline(bytes: Uint8Array, span: Span, options: InlineOptions): InlineIgnore | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const anchors = ANCHORS.filter(({ marker }) => options.markers.includes(marker));
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  const found = directives(text, start, end, anchors).filter(({ reach }) => reach === 'line' || reach === 'alone');
  if (start > 0 && text[start - 1] === NEWLINE) {
    const previous = lineStart(text, start - 1);
    found.push(
      ...directives(text, previous, start - 1, anchors).filter(({ reach }) => reach === 'next' || reach === 'alone'),
    );
  }
  if (options.markers.includes('secretlint')) found.push(...openBlock(text, span.start));
  const { rules } = options;
  const fitting = found.map(({ ignore }) => ignore).filter((ignore) => rules === undefined || covers(ignore, rules));
  return fitting.toSorted(byWorth)[0];
}

/** Whether a comment is for a rule that has one of these names. */
export function covers(ignore: Pick<InlineIgnore, 'rules'>, names: readonly string[]): boolean {
  return ignore.rules.length === 0 || ignore.rules.some((rule) => names.includes(rule));
}

function byWorth(a: InlineIgnore, b: InlineIgnore): number {
  if (a.until !== b.until) {
    if (a.until === undefined || b.until === undefined) return a.until === undefined ? -1 : 1;
    return a.until > b.until ? -1 : 1;
  }
  return Math.sign(a.rules.length) - Math.sign(b.rules.length);
}

const NEWLINE = 0x0a;

function lineStart(text: Buffer, at: number): number {
  const floor = Math.max(0, at - LINE_BYTES);
  const newline = text.subarray(floor, at).lastIndexOf(NEWLINE);
  return newline < 0 ? floor : floor + newline + 1;
}

function lineEnd(text: Buffer, at: number): number {
  const ceiling = Math.min(text.length, at + LINE_BYTES);
  const newline = text.subarray(at, ceiling).indexOf(NEWLINE);
  return newline < 0 ? ceiling : at + newline;
}

/** `alone`: this line, and the next one too. `off` and `on` open and close a block. */
type Reach = 'line' | 'next' | 'alone' | 'off' | 'on';

interface Directive {
  readonly reach: Reach;
  readonly ignore: InlineIgnore;
}

interface Anchor {
  readonly marker: InlineMarker;
  readonly text: string;
  /** `at` is where the anchor begins, `after` where it ends; nothing past `end` belongs to its line. */
  readonly read: (text: Buffer, at: number, after: number, end: number) => Directive | undefined;
}

const ANCHORS: readonly Anchor[] = [
  { marker: 'unleak', text: 'unleak:allow', read: readOwn },
  ...wholeLine('gitleaks', 'gitleaks:allow'),
  ...wholeLine('betterleaks', 'betterleaks:allow'),
  ...wholeLine('trufflehog', 'trufflehog:ignore'),
  ...wholeLine('kingfisher', 'kingfisher:ignore'),
  ...wholeLine('kingfisher', 'kingfisher:allow'),
  ...wholeLine('ggshield', 'ggignore'),
  { marker: 'detect-secrets', text: 'pragma:', read: readPragma },
  { marker: 'secretlint', text: 'secretlint-disable', read: readSecretlint },
];

const ENABLE: Anchor = {
  marker: 'secretlint',
  text: 'secretlint-enable',
  read: (text, _at, after, end) => block('on', text, after, end),
};

function wholeLine(marker: InlineMarker, text: string): readonly Anchor[] {
  return [{ marker, text, read: () => ({ reach: 'line', ignore: { marker: text, rules: [] } }) }];
}

/** In the order of the text. */
function directives(text: Buffer, from: number, to: number, anchors: readonly Anchor[]): Directive[] {
  // Looked through once for each anchor, which a string is better at.
  const region = text.toString('latin1', from, to);
  const found: { at: number; directive: Directive }[] = [];
  for (const anchor of anchors) {
    for (let i = region.indexOf(anchor.text); i >= 0; i = region.indexOf(anchor.text, i + 1)) {
      const at = from + i;
      const after = at + anchor.text.length;
      if (goesOn(text, at - 1, -1) || (isWhole(anchor) && goesOn(text, after, 1))) continue;
      const directive = anchor.read(text, at, after, Math.min(to, lineEnd(text, after)));
      if (directive !== undefined) found.push({ at, directive });
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ directive }) => directive);
}

/** The others have more to come, and look at it themselves. */
function isWhole(anchor: Anchor): boolean {
  return anchor.read !== readSecretlint && anchor.read !== readPragma;
}

/** Whether a word goes on at `at`: a hyphen belongs to it only if it goes on behind that, so not in `-->` or `--`. */
function goesOn(text: Uint8Array, at: number, step: 1 | -1): boolean {
  const byte = text[at];
  return byte === HYPHEN ? isWordByte(text[at + step]) : isWordByte(byte);
}

const HYPHEN = 0x2d;

function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && (isAlnum(byte) || byte === 0x5f);
}

const COMMENT_BYTES: readonly string[] = ['#', '/', '*', '-', ';', '<', '%', "'"];

/** Nothing but the beginning of a comment stands before it: then it is about the next line as well. */
function isAlone(text: Buffer, at: number): boolean {
  const before = text.subarray(lineStart(text, at), at);
  if (before.some((b) => isAlnum(b) || b >= 0x80)) return false;
  return COMMENT_BYTES.some((c) => before.includes(c));
}

function readOwn(text: Buffer, at: number, after: number, end: number): Directive | undefined {
  const line = latin1Text(text.subarray(after, end));
  let rest = line;
  let rules: readonly string[] = [];
  if (line.startsWith('[')) {
    const close = line.indexOf(']');
    rules = line
      .slice(1, Math.max(1, close))
      .split(',')
      .map((id) => id.trim());
    // A list that is not closed, or holds what is no rule id, must not become "all rules".
    if (close < 0 || !rules.every(isRuleName)) return undefined;
    rest = line.slice(close + 1);
  }
  return {
    reach: isAlone(text, at) ? 'alone' : 'line',
    ignore: { marker: 'unleak:allow', rules, ...readFields(rest) },
  };
}

function isRuleName(name: string): boolean {
  return (
    name.length > 0 && name.length <= 100 && [...name].every((c) => isWordByte(c.charCodeAt(0)) || '-:.'.includes(c))
  );
}

const MAX_REASON = 256;

/** `reason="…" until=2027-01-31`, in either order; anything else ends it. */
function readFields(line: string): { reason?: string; until?: string } {
  const fields: { reason?: string; until?: string } = {};
  for (let at = skipBlanks(line, 0); ; at = skipBlanks(line, at)) {
    const key = (['reason', 'until'] as const).find(
      (name) => fields[name] === undefined && line.startsWith(`${name}=`, at),
    );
    if (key === undefined) return fields;
    at += key.length + 1;
    const value = key === 'until' ? dateAt(line, at) : valueAt(line, at);
    fields[key] = Buffer.from(value.text.slice(0, MAX_REASON), 'latin1').toString('utf8');
    at = value.end;
  }
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}

function valueAt(line: string, from: number): { text: string; end: number } {
  // Within a string literal the quotes of the reason are escaped.
  const at = line[from] === '\\' ? from + 1 : from;
  const quote = line.charAt(at);
  if (quote !== '"' && quote !== "'") return upTo(line, from, ' ');
  const closed = upTo(line, at + 1, quote);
  const text = closed.text.endsWith('\\') ? closed.text.slice(0, -1) : closed.text;
  return { text, end: Math.min(line.length, closed.end + 1) };
}

function upTo(line: string, from: number, stop: string): { text: string; end: number } {
  const found = line.indexOf(stop, from);
  const end = found < 0 ? line.length : found;
  return { text: line.slice(from, end).trim(), end };
}

const DATE_LENGTH = 10;

/** A date may be followed by the comment's end without a blank; what is no date is kept, and counts as expired. */
function dateAt(line: string, from: number): { text: string; end: number } {
  const text = line.slice(from, from + DATE_LENGTH);
  const shaped = [...text].every((c, i) => (i === 4 || i === 7 ? c === '-' : isDigit(c.charCodeAt(0))));
  const next = line.charCodeAt(from + DATE_LENGTH);
  if (shaped && text.length === DATE_LENGTH && !isAlnum(next)) return { text, end: from + DATE_LENGTH };
  return valueAt(line, from);
}

/** `pragma: allowlist secret`, `pragma: allowlist nextline secret`, and the older `whitelist`. */
function readPragma(text: Buffer, _at: number, after: number, end: number): Directive | undefined {
  const words = splitWords(latin1Text(text.subarray(after, Math.min(end, after + 64))), ' \t-');
  if (words[0] !== 'allowlist' && words[0] !== 'whitelist') return undefined;
  const next = words[1] === 'nextline';
  const last = words[next ? 2 : 1] ?? '';
  if (!last.startsWith('secret') || isWordByte(last.charCodeAt(6))) return undefined;
  return {
    reach: next ? 'next' : 'line',
    ignore: { marker: `pragma: ${words[0]} ${next ? 'nextline ' : ''}secret`, rules: [] },
  };
}

function readSecretlint(text: Buffer, _at: number, after: number, end: number): Directive | undefined {
  for (const [suffix, reach] of [
    ['-next-line', 'next'],
    ['-line', 'line'],
  ] as const) {
    if (text.toString('latin1', after, after + suffix.length) !== suffix) continue;
    const from = after + suffix.length;
    return goesOn(text, from, 1)
      ? undefined
      : { reach, ignore: { marker: `secretlint-disable${suffix}`, rules: secretlintRules(text, from, end) } };
  }
  return goesOn(text, after, 1) ? undefined : block('off', text, after, end);
}

function block(reach: 'off' | 'on', text: Buffer, after: number, end: number): Directive {
  return { reach, ignore: { marker: 'secretlint-disable', rules: secretlintRules(text, after, end) } };
}

/** What `secretlint-disable` without a later `secretlint-enable` covers `at`; comments further back than 64 KiB are not seen. */
function openBlock(text: Buffer, at: number): Directive[] {
  const from = Math.max(0, at - BLOCK_BYTES);
  if (text.subarray(from, at).indexOf('secretlint-disable') < 0) return [];
  const anchors = [...ANCHORS.filter(({ marker }) => marker === 'secretlint'), ENABLE];
  let all: Directive | undefined;
  const some = new Map<string, Directive>();
  for (const directive of directives(text, from, at, anchors)) {
    const { rules, marker } = directive.ignore;
    if (directive.reach === 'off') {
      if (rules.length === 0) all = directive;
      for (const rule of rules) some.set(rule, { reach: 'off', ignore: { marker, rules: [rule] } });
    } else if (directive.reach === 'on') {
      // One rule that is back ends a block for all of them: what that leaves open cannot be said here.
      all = undefined;
      if (rules.length === 0) some.clear();
      for (const rule of rules) some.delete(rule);
    }
  }
  return [...(all === undefined ? [] : [all]), ...some.values()];
}
