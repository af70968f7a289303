/**
 * The further parts of a credential, searched around its primary match: nearest first, at equal distance the one after.
 * Bounded: `within` bytes and `lines` lines on both sides, at most 16 candidates a part.
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
const MAX_CANDIDATES = 16;

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
  const candidates: { span: Span; distance: number; after: boolean }[] = [];
  for (let from = area.start; from < area.end && candidates.length < MAX_CANDIDATES;) {
    const match = window.search(pattern, from, area.end);
    if (match === undefined) break;
    const span = match.groups['secret'] ?? { start: match.start, end: match.end };
    from = Math.max(span.end, match.start + 1);
    if (overlaps(span, primary) || span.end <= span.start) continue;
    const secret = bytes.subarray(span.start, span.end);
    if (companion.minEntropy !== undefined && entropy(secret) < companion.minEntropy) continue;
    if (isPlaceholder(secret)) continue;
    const after = span.start >= primary.end;
    candidates.push({ span, after, distance: after ? span.start - primary.end : primary.start - span.end });
  }
  candidates.sort(
    (a, b) => a.distance - b.distance || Number(b.after) - Number(a.after) || a.span.start - b.span.start,
  );
  return candidates[0]?.span;
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
