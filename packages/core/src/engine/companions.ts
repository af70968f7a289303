/**
 * The further parts of a credential, searched around its primary match: nearest first, at equal distance the one after.
 * Bounded: `within` bytes and `lines` lines on both sides, and in the number of searches; what is near is always seen.
 */
import { entropy } from '../bytes/entropy.ts';
import type { Span } from '../types/index.ts';
import { Window } from './evaluate.ts';
import { isPlaceholder } from './filters/placeholders.ts';
import type { RawPart } from './finish.ts';
import type { CompanionProgram } from './program.ts';
import { spanAt } from './state.ts';
import type { EngineRecord } from './state.ts';

const MAX_WITHIN = 4096;
/** On each side of the primary match; nobody's companion is a few bytes that stand there hundreds of times. */
const MAX_SEARCHES = 512;

/** The parts by name, or undefined if a required one is missing. */
export function findCompanions(bytes: Uint8Array, record: EngineRecord): Readonly<Record<string, RawPart>> | undefined {
  const found: Record<string, RawPart> = {};
  for (const program of record.found.program.companions) {
    const span = nearest(bytes, record, program);
    if (span !== undefined) found[program.companion.name] = { span, bytes: bytes.slice(span.start, span.end) };
    else if (program.companion.required) return undefined;
  }
  return found;
}

function nearest(bytes: Uint8Array, record: EngineRecord, program: CompanionProgram): Span | undefined {
  const { companion } = program;
  const within = Math.min(companion.within, MAX_WITHIN);
  const whole = spanAt(record, record.found.match);
  const primary = spanAt(record, record.found.secret);
  const area = limitLines(bytes, whole, companion.lines, {
    start: Math.max(0, whole.start - within),
    end: Math.min(bytes.length, whole.end + within),
  });
  const window = new Window(bytes, area.start, area.end);
  const pattern = program.pattern.get();
  const isCandidate = (span: Span): boolean => {
    if (overlaps(span, primary) || span.end <= span.start) return false;
    const secret = bytes.subarray(span.start, span.end);
    if (companion.minEntropy !== undefined && entropy(secret) < companion.minEntropy) return false;
    return !isPlaceholder(secret);
  };
  /** From left to right: the last one before is the nearest there, and so is the first one after. */
  let before: Span | undefined;
  let searches = 0;
  for (let from = area.start; from < area.end;) {
    const match = window.search(pattern, from, area.end);
    if (match === undefined) break;
    searches += 1;
    const span = match.groups['secret'] ?? { start: match.start, end: match.end };
    from = Math.max(span.end, match.start + 1);
    if (searches === MAX_SEARCHES) from = Math.max(from, primary.start - MAX_SEARCHES);
    if (searches > 3 * MAX_SEARCHES) break;
    if (!isCandidate(span)) continue;
    if (span.start >= primary.end) return isNearer(before, span, primary) ? before : span;
    if (before === undefined || span.end > before.end) before = span;
  }
  return before;
}

/** At equal distance the one after counts. */
function isNearer(before: Span | undefined, after: Span, primary: Span): boolean {
  return before !== undefined && primary.start - before.end < after.start - primary.end;
}

function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Cuts `area` to at most `lines` line feeds before and after the match. */
function limitLines(bytes: Uint8Array, match: Span, lines: number, area: Span): Span {
  let start = match.start;
  for (let left = lines; start > area.start; start--) {
    if (bytes[start - 1] === 0x0a && left-- === 0) break;
  }
  let end = match.end;
  for (let left = lines; end < area.end; end++) {
    if (bytes[end] === 0x0a && left-- === 0) break;
  }
  return { start, end };
}
