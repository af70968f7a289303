/**
 * E_r: the result of one rule at one keyword occurrence, a pure function of a bounded slice of the text.
 *
 * The slice reaches `back` bytes before the keyword and `forward` bytes from its start, with one guard byte on each
 * side for `\b`, `^` and `$`. The search starts at the slice; a match that begins after the keyword ends the search, one
 * that holds the keyword is the result, any other is passed over by one byte, so that an earlier match cannot eat the
 * right one. A match that touches a slice end which is not the text's end is `cut`: an open pattern reached its cap.
 */
import { fromLatin1, isUtf8 } from '../bytes/transcode.ts';
import type { Transcoded } from '../bytes/transcode.ts';
import type { Span } from '../types/index.ts';
import { filterRecord } from './filters/record.ts';
import { judged } from './known-finds.ts';
import type { Slice } from './memo.ts';
import { MAX_ANCHORED_BACK } from './program.ts';
import type { RuleProgram } from './program.ts';
import type { Pattern, PatternMatch } from './regex.ts';
import type { EngineRecord, Found } from './state.ts';
import { spanAt } from './state.ts';
import type { Trace } from './trace.ts';

export interface Evaluation {
  readonly found?: Found;
  readonly cut: boolean;
}

const NOTHING: Evaluation = { cut: false };
const CUT: Evaluation = { cut: true };

/** The slice around a keyword. `nextAt`: the rule's next keyword occurrence, for rules that stop there; else beyond the text. */
export function sliceAround(bytes: Uint8Array, program: RuleProgram, keywordAt: number, nextAt: number): Slice {
  const { back, forward, stopAtNext, lines } = program.rule.reach;
  const wanted = keywordAt + forward + 1;
  let hi = Math.min(bytes.length, wanted);
  let from = keywordAt - back;
  let stops = false;
  if (stopAtNext && nextAt < hi) {
    hi = nextAt;
    stops = true;
  }
  if (lines > 0) {
    const end = endOfLines(bytes, keywordAt, hi, lines);
    if (end >= 0) {
      hi = end;
      stops = true;
    }
    from = Math.max(from, startOfLines(bytes, Math.max(0, from), keywordAt));
  }
  return {
    lo: Math.max(0, from - 1),
    from: Math.max(0, from),
    hi,
    keywordAt,
    atEnd: !stops && wanted > bytes.length,
    atStart: from - 1 < 0,
  };
}

/** Behind the `lines`th line feed in `[from, to)`, -1 if there are fewer. */
function endOfLines(bytes: Uint8Array, from: number, to: number, lines: number): number {
  let left = lines;
  for (let i = from; i < to; i++) if (bytes[i] === LF && --left === 0) return i + 1;
  return -1;
}

/** Behind the second line feed before `keywordAt`, not before `from`. */
function startOfLines(bytes: Uint8Array, from: number, keywordAt: number): number {
  let left = LINES_BEFORE;
  for (let i = keywordAt; i > from; i--) if (bytes[i - 1] === LF && --left === 0) return i;
  return from;
}

const LF = 0x0a;
/** The keyword's line and the one before it. */
const LINES_BEFORE = 2;

export function evaluate(
  bytes: Uint8Array,
  program: RuleProgram,
  slice: Slice,
  keywordLength: number,
  trace: Trace | undefined,
): Evaluation {
  const { lo, hi, keywordAt, atEnd } = slice;
  const window = new Window(bytes, lo, hi);
  const pattern = program.pattern.get();
  const keywordEnd = keywordAt + keywordLength;

  let { from } = slice;
  let cut = false;
  const anchored = program.rule.reach.back <= MAX_ANCHORED_BACK;
  while (from <= keywordAt) {
    const found = anchored ? window.tryEach(pattern, from, keywordAt) : window.search(pattern, from, keywordAt);
    if (found === undefined) break;
    if (found.end >= keywordEnd) {
      if (found.end < hi || atEnd) {
        const record = toRecord(program, keywordAt, found);
        if (record === undefined) return cut ? CUT : NOTHING;
        const verdict = judged(bytes, record);
        const isRefused = typeof verdict === 'string';
        const at = spanAt(record, record.found.secret);
        trace?.({ rule: program.rule.id, at, gate: isRefused ? verdict : 'pattern', passed: !isRefused });
        if (!isRefused) return { found: verdict, cut };
        return cut ? CUT : NOTHING;
      }
      cut = true;
    }
    from = found.start + 1;
  }
  trace?.({
    rule: program.rule.id,
    at: { start: keywordAt, end: keywordEnd },
    gate: cut ? 'reach' : 'pattern',
    passed: false,
  });
  return cut ? CUT : NOTHING;
}

/** Every match of a nonlocal rule in the whole text. */
export function evaluateWhole(
  bytes: Uint8Array,
  program: RuleProgram,
  trace: Trace | undefined,
  onRecord: (record: EngineRecord) => void,
): void {
  const window = new Window(bytes, 0, bytes.length);
  const pattern = program.pattern.get();
  let from = 0;
  while (from <= bytes.length) {
    const found = window.search(pattern, from, bytes.length);
    if (found === undefined) return;
    const record = toRecord(program, found.start, found);
    if (record !== undefined) {
      const refusal = filterRecord(bytes, record);
      const at = spanAt(record, record.found.secret);
      trace?.({ rule: program.rule.id, at, gate: refusal ?? 'pattern', passed: refusal === undefined });
      if (refusal === undefined) onRecord(record);
    }
    from = Math.max(found.end, from + 1, found.start + 1);
  }
}

/** A slice that RE2 can read, with positions of the text. */
export class Window {
  readonly #slice: Uint8Array;
  readonly #lo: number;
  readonly #transcoded: Transcoded | undefined;

  constructor(bytes: Uint8Array, lo: number, hi: number) {
    const slice = bytes.subarray(lo, hi);
    this.#lo = lo;
    this.#transcoded = isUtf8(bytes, lo, hi) ? undefined : fromLatin1(slice);
    this.#slice = this.#transcoded?.bytes ?? slice;
  }

  search(pattern: Pattern, from: number, last: number): PatternMatch | undefined {
    return this.#toText(pattern.search(this.#slice, this.#at(from), this.#at(last)));
  }

  tryEach(pattern: Pattern, from: number, last: number): PatternMatch | undefined {
    return this.#toText(pattern.tryEach(this.#slice, this.#at(from), this.#at(last)));
  }

  #at(position: number): number {
    const t = this.#transcoded;
    return t === undefined ? position - this.#lo : t.fromOriginal(position - this.#lo);
  }

  #toText(found: PatternMatch | undefined): PatternMatch | undefined {
    if (found === undefined) return undefined;
    const t = this.#transcoded;
    const at = (p: number): number => this.#lo + (t === undefined ? p : t.toOriginal(p));
    const span = (s: Span): Span => ({ start: at(s.start), end: at(s.end) });
    const groups: Record<string, Span> = {};
    for (const [name, s] of Object.entries(found.groups)) groups[name] = span(s);
    return {
      start: at(found.start),
      end: at(found.end),
      groups,
      numbered: found.numbered.map((s) => (s === undefined ? undefined : span(s))),
    };
  }
}

function toRecord(program: RuleProgram, keywordAt: number, found: PatternMatch): EngineRecord | undefined {
  const secret = secretOf(program, found);
  if (secret.end <= secret.start) return undefined;
  const from = (span: Span): Span => ({ start: span.start - keywordAt, end: span.end - keywordAt });
  const groups: Record<string, Span> = {};
  for (const [name, span] of Object.entries(found.groups)) groups[name] = from(span);
  return { at: keywordAt, found: { program, match: from(found), secret: from(secret), groups } };
}

function secretOf(program: RuleProgram, found: PatternMatch): Span {
  const named = found.groups['secret'];
  if (named !== undefined) return named;
  const { secretGroup } = program.rule;
  const chosen = secretGroup === undefined || secretGroup === 0 ? undefined : found.numbered[secretGroup - 1];
  if (chosen !== undefined) return chosen;
  const first = secretGroup === undefined ? found.numbered.find((s) => s !== undefined && s.end > s.start) : undefined;
  return first ?? { start: found.start, end: found.end };
}
