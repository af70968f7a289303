/**
 * Everything that looks further than a record: context allow-lists, companions, deduplication and caps, in this order.
 * A pure function of the text and its state, run afresh for each text that has a record.
 */
import type { Span } from '../types/index.ts';
import { findCompanions } from './companions.ts';
import { dedupe } from './dedupe.ts';
import { allows, isJudgedLater } from './filters/record.ts';
import type { RuleProgram } from './program.ts';
import type { EngineRecord, TextState } from './state.ts';
import type { Trace } from './trace.ts';

export interface RawPart {
  readonly span: Span;
  /** A copy. */
  readonly bytes: Uint8Array;
}

/** A hit with the bytes of its secret, which never leave the worker unless they were asked for. */
export interface RawHit {
  readonly program: RuleProgram;
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
        rule: record.program.rule.id,
        at: record.secret,
        gate: 'allow-list',
        passed: false,
        detail: 'the line is allowed',
      });
      continue;
    }
    const companions = findCompanions(bytes, record);
    if (companions === undefined) {
      trace?.({
        rule: record.program.rule.id,
        at: record.secret,
        gate: 'companion',
        passed: false,
        detail: 'a required part is not near',
      });
      continue;
    }
    hits.push(toHit(bytes, record, companions));
  }
  for (const region of state.decoded) {
    for (const hit of collect(region.bytes, region.state, trace)) {
      const parts: Record<string, RawPart> = {};
      for (const [name, part] of Object.entries(hit.parts)) parts[name] = { ...part, span: region.map(part.span) };
      hits.push({
        ...hit,
        span: region.map(hit.span),
        match: region.map(hit.match),
        parts,
        decoded: [region.decoder, ...hit.decoded],
      });
    }
  }
  return hits;
}

function toHit(bytes: Uint8Array, record: EngineRecord, companions: Readonly<Record<string, RawPart>>): RawHit {
  const fields: Record<string, Uint8Array> = {};
  for (const [name, span] of Object.entries(record.groups)) {
    if (name !== 'secret' && span.end > span.start) fields[name] = bytes.slice(span.start, span.end);
  }
  return {
    program: record.program,
    alsoMatched: [],
    match: record.match,
    span: record.secret,
    secret: bytes.slice(record.secret.start, record.secret.end),
    matchBytes: bytes.slice(record.match.start, Math.min(record.match.end, record.match.start + MAX_MATCH_BYTES)),
    parts: companions,
    fields,
    name: record.program.rule.identity === 'url' ? new Uint8Array(0) : nameBefore(bytes, record),
    decoded: [],
    allowed: allowedLater(bytes, record),
  };
}

function allowedByLine(bytes: Uint8Array, record: EngineRecord): boolean {
  for (const list of record.program.allow) {
    if (list.list.target !== 'line' || isJudgedLater(list)) continue;
    const line = clippedLine(bytes, record.match);
    const secret = bytes.subarray(record.secret.start, record.secret.end);
    if (allows(list, secret, bytes.subarray(line.start, line.end))) return true;
  }
  return false;
}

function allowedLater(bytes: Uint8Array, record: EngineRecord): readonly string[] {
  const marks: string[] = [];
  for (const list of record.program.allow) {
    if (!isJudgedLater(list)) continue;
    const span =
      { secret: record.secret, match: record.match, line: undefined }[list.list.target] ??
      clippedLine(bytes, record.match);
    if (allows(list, bytes.subarray(record.secret.start, record.secret.end), bytes.subarray(span.start, span.end)))
      marks.push(list.mark);
  }
  return marks;
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
  let i = record.secret.start;
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
