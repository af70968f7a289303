/**
 * Everything that looks further than a record: context allow-lists, companions, deduplication and caps, in this order.
 * A pure function of the text and its state, run afresh for each text that has a record.
 */
import type { Span } from '../types/index.ts';
import { findCompanions } from './companions.ts';
import { dedupe } from './dedupe.ts';
import { allows, isJudgedLater } from './filters/record.ts';
import type { RuleProgram } from './program.ts';
import { spanAt } from './state.ts';
import type { EngineRecord, Found, TextState } from './state.ts';
import type { Trace } from './trace.ts';

export interface RawPart {
  readonly span: Span;
  /** A copy. */
  readonly bytes: Uint8Array;
}

/** A hit with the bytes of its secret, which never leave the worker unless they were asked for. */
export interface RawHit {
  readonly program: RuleProgram;
  /** The same object for the same bytes in other texts. */
  readonly found: Found;
  /** Ids of other rules that found the same secret, sorted. */
  readonly alsoMatched: readonly string[];
  readonly match: Span;
  readonly span: Span;
  /** Copies. For a decoded secret: the decoded bytes. */
  readonly secret: Uint8Array;
  readonly matchBytes: Uint8Array;
  /** The companions: secret as the secret itself. */
  readonly parts: Readonly<Record<string, RawPart>>;
  /** The pattern's other named groups, such as a user or a host: they tell credentials apart, and are no secret. */
  readonly fields: Readonly<Record<string, Uint8Array>>;
  /** The key or variable that holds the secret, as written; from the text in which the match stands. */
  readonly name: Uint8Array;
  readonly decoded: readonly string[];
  /** Marks of allow-lists of which the text part holds. */
  readonly allowed: readonly string[];
}

const MAX_HITS_PER_RULE = 1000;
/** A match longer than this is kept in part. */
const MAX_MATCH_BYTES = 4096;
/** Context of a line: this much on each side of the match. */
const LINE_CLIP = 512;

export function finish(
  bytes: Uint8Array,
  state: TextState,
  trace?: Trace,
): { hits: readonly RawHit[]; capped: readonly string[] } {
  const hits = dedupe(collect(bytes, state, trace), trace);
  return cap(hits);
}

function collect(bytes: Uint8Array, state: TextState, trace: Trace | undefined): RawHit[] {
  const hits: RawHit[] = [];
  for (const record of state.records) {
    if (allowedByLine(bytes, record)) {
      trace?.({
        rule: record.found.program.rule.id,
        at: spanAt(record, record.found.secret),
        gate: 'allow-list',
        passed: false,
        detail: 'the line is allowed',
      });
      continue;
    }
    const companions = findCompanions(bytes, record);
    if (companions === undefined) {
      trace?.({
        rule: record.found.program.rule.id,
        at: spanAt(record, record.found.secret),
        gate: 'companion',
        passed: false,
        detail: 'a required part is not near',
      });
      continue;
    }
    hits.push(toHit(bytes, record, companions));
  }
  for (const region of state.decoded) {
    const { start, part: decoded } = region;
    const inText = (span: Span): Span => {
      const mapped = decoded.map(span);
      return { start: start + mapped.start, end: start + mapped.end };
    };
    for (const hit of collect(decoded.bytes, decoded.state, trace)) {
      const parts: Record<string, RawPart> = {};
      for (const [name, part] of Object.entries(hit.parts)) parts[name] = { ...part, span: inText(part.span) };
      hits.push({
        ...hit,
        span: inText(hit.span),
        match: inText(hit.match),
        parts,
        decoded: [decoded.decoder, ...hit.decoded],
      });
    }
  }
  return hits;
}

function toHit(bytes: Uint8Array, record: EngineRecord, companions: Readonly<Record<string, RawPart>>): RawHit {
  const { found } = record;
  const { program } = found;
  const own = contentOf(bytes, record);
  return {
    program,
    found,
    alsoMatched: [],
    match: spanAt(record, found.match),
    span: spanAt(record, found.secret),
    secret: own.secret,
    matchBytes: own.matchBytes,
    parts: companions,
    fields: own.fields,
    name: program.rule.identity === 'url' ? NO_BYTES : nameBefore(bytes, record),
    decoded: [],
    allowed: allowedLater(bytes, record),
  };
}

const NO_BYTES = new Uint8Array(0);

type OwnContent = Pick<RawHit, 'secret' | 'matchBytes' | 'fields'>;

/** Copies of a find's own bytes, made once for all texts that have them. */
const contents = new WeakMap<Found, OwnContent>();

function contentOf(bytes: Uint8Array, record: EngineRecord): OwnContent {
  const known = contents.get(record.found);
  if (known !== undefined) return known;
  const copy = ({ start, end }: Span): Uint8Array => bytes.slice(record.at + start, record.at + end);
  const { match, secret, groups } = record.found;
  const fields: Record<string, Uint8Array> = {};
  for (const [name, span] of Object.entries(groups))
    if (name !== 'secret' && span.end > span.start) fields[name] = copy(span);
  const matchBytes = copy({ start: match.start, end: Math.min(match.end, match.start + MAX_MATCH_BYTES) });
  const content = { secret: copy(secret), matchBytes, fields };
  contents.set(record.found, content);
  return content;
}

function allowedByLine(bytes: Uint8Array, record: EngineRecord): boolean {
  const { program, match, secret } = record.found;
  for (const list of program.allow) {
    if (list.list.target !== 'line' || isJudgedLater(list)) continue;
    const line = clippedLine(bytes, spanAt(record, match));
    if (allows(list, bytesAt(bytes, spanAt(record, secret)), bytesAt(bytes, line))) return true;
  }
  return false;
}

const NONE: readonly string[] = [];

function allowedLater(bytes: Uint8Array, record: EngineRecord): readonly string[] {
  const { program, match, secret } = record.found;
  let marks: string[] | undefined;
  for (const list of program.allow) {
    if (!isJudgedLater(list)) continue;
    const secretAt = spanAt(record, secret);
    const matchAt = spanAt(record, match);
    const span = { secret: secretAt, match: matchAt, line: undefined }[list.list.target] ?? clippedLine(bytes, matchAt);
    if (allows(list, bytesAt(bytes, secretAt), bytesAt(bytes, span))) (marks ??= []).push(list.mark);
  }
  return marks ?? NONE;
}

function bytesAt(bytes: Uint8Array, span: Span): Uint8Array {
  return bytes.subarray(span.start, span.end);
}

/** From the line feed before the match to the one after it, at most 512 bytes on each side. */
function clippedLine(bytes: Uint8Array, match: Span): Span {
  let start = match.start;
  const floor = Math.max(0, match.start - LINE_CLIP);
  while (start > floor && bytes[start - 1] !== 0x0a) start--;
  let end = match.end;
  const ceiling = Math.min(bytes.length, match.end + LINE_CLIP);
  while (end < ceiling && bytes[end] !== 0x0a) end++;
  return { start, end };
}

const NAME_MAX = 64;
const isName = (b: number): boolean =>
  (b >= 0x61 && b <= 0x7a) ||
  (b >= 0x41 && b <= 0x5a) ||
  (b >= 0x30 && b <= 0x39) ||
  b === 0x5f ||
  b === 0x2d ||
  b === 0x2e;
/** What may stand between a name and its value: quotes, brackets, operators and blanks. */
const BETWEEN = new Set<number>([...'"\'`=:>(,[]{ \t|?~$@\\+'].map((c) => c.charCodeAt(0)));

/** The identifier that the secret is assigned to: the name directly before the operator before the secret, if any. */
function nameBefore(bytes: Uint8Array, record: EngineRecord): Uint8Array {
  let i = record.at + record.found.secret.start;
  const floor = Math.max(0, i - 32);
  let operator = false;
  while (i > floor) {
    const b = bytes[i - 1] as number;
    if (!BETWEEN.has(b)) break;
    if (b === 0x3d || b === 0x3a || b === 0x3e || b === 0x28 || b === 0x2c) operator = true;
    i--;
  }
  if (!operator) return new Uint8Array(0);
  const end = i;
  const start = Math.max(0, end - NAME_MAX);
  while (i > start && isName(bytes[i - 1] as number)) i--;
  return bytes.slice(i, end);
}

function cap(hits: readonly RawHit[]): { hits: readonly RawHit[]; capped: readonly string[] } {
  const counts = new Map<string, number>();
  const capped = new Set<string>();
  const kept = hits.filter((hit) => {
    const { id } = hit.program.rule;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    if (count > MAX_HITS_PER_RULE) capped.add(id);
    return count <= MAX_HITS_PER_RULE;
  });
  return { hits: kept, capped: [...capped].sort() };
}
