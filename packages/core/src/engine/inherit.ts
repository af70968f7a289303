/**
 * What a text may take over from a base that it was copied from. Exact by construction: an occurrence that lies wholly in
 * one run of copied bytes is the base's; a record whose whole slice, guard bytes included, lies in one run is too; all
 * else is looked at again. The first and last byte of a text have imaginary neighbours, which a run holds only if it
 * maps start to start, or end to end.
 */
import type { Occurrences, Prefilter } from './prefilter.ts';
import { pushOccurrence, sortOccurrences } from './prefilter.ts';
import type { RuleProgram } from './program.ts';
import type { EngineRecord } from './state.ts';

/** One run of equal bytes between a text and its base. */
export interface CopyRun {
  readonly src: number;
  readonly dst: number;
  readonly length: number;
}

/** What is kept of a text for those that derive from it. */
export interface TextMemory {
  readonly length: number;
  readonly positions: Int32Array;
  readonly keywords: Uint16Array;
  /** By `recordKey`. */
  readonly records: ReadonlyMap<number, EngineRecord>;
  readonly cuts: ReadonlySet<number>;
}

export interface Derivation {
  readonly base: TextMemory;
  readonly runs: readonly Run[];
}

/** Copied bytes, merged where source and target both continue. Half-open in the target; `shift` leads to the source. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

export function recordKey(program: RuleProgram, keywordAt: number): number {
  return keywordAt * 65536 + program.index;
}

/** `copies` in any order. Copies outside either text, or overlapping in the target, make the derivation unusable: undefined. */
export function derive(base: TextMemory, copies: readonly CopyRun[], length: number): Derivation | undefined {
  const sorted = [...copies].filter((c) => c.length > 0).sort((a, b) => a.dst - b.dst);
  const runs: Run[] = [];
  let end = 0;
  for (const copy of sorted) {
    if (copy.dst < end || copy.src < 0 || copy.src + copy.length > base.length || copy.dst + copy.length > length)
      return undefined;
    end = copy.dst + copy.length;
    const last = runs.at(-1);
    const shift = copy.src - copy.dst;
    const atEnd = end === length && copy.src + copy.length === base.length;
    if (last !== undefined && last.end === copy.dst && last.shift === shift)
      runs[runs.length - 1] = { ...last, end, atEnd };
    else runs.push({ start: copy.dst, end, shift, atStart: copy.src === 0 && copy.dst === 0, atEnd });
  }
  return { base, runs };
}

/** All occurrences of a derived text: those inside runs from the base, those that touch anything else by looking. */
export function derivedOccurrences(
  bytes: Uint8Array,
  prefilter: Prefilter,
  derivation: Derivation,
  out: Occurrences,
): void {
  const { lengths } = prefilter;
  const { base, runs } = derivation;
  out.count = 0;
  for (const run of runs) {
    for (let i = lowerBound(base.positions, run.start + run.shift); i < base.positions.length; i++) {
      const position = (base.positions[i] as number) - run.shift;
      if (position >= run.end) break;
      const keyword = base.keywords[i] as number;
      if (position + (lengths[keyword] as number) <= run.end) pushOccurrence(out, position, keyword);
    }
  }
  const longest = Math.max(1, ...lengths);
  for (const gap of widenedGaps(runs, bytes.length, longest - 1)) {
    prefilter.scanRange(bytes, gap.start, gap.end, (position, keyword) => {
      const run = runAt(runs, position);
      if (run === undefined || position + (lengths[keyword] as number) > run.end)
        pushOccurrence(out, position, keyword);
    });
  }
  sortOccurrences(out);
}

/** Inserts and seams, widened so that every keyword that touches one lies in the range; disjoint. */
function widenedGaps(runs: readonly Run[], length: number, margin: number): { start: number; end: number }[] {
  const gaps: { start: number; end: number }[] = [];
  const add = (from: number, to: number): void => {
    const start = Math.max(0, from - margin);
    const end = Math.min(length, to + margin);
    const last = gaps.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else gaps.push({ start, end });
  };
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (run.start > at || i > 0) add(at, run.start);
    at = run.end;
  }
  if (at < length || runs.length === 0) add(at, length);
  return gaps;
}

/** The run that holds the byte at `position`. */
export function runAt(runs: readonly Run[], position: number): Run | undefined {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.end ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  const run = runs[low];
  return run !== undefined && run.start <= position ? run : undefined;
}

/** Whether everything that E_r may read around the keyword is the same as in the base. */
export function isClean(run: Run, program: RuleProgram, keywordAt: number, longestKeyword: number): boolean {
  const { reach } = program.rule;
  const from = keywordAt - reach.back - 1;
  const to = keywordAt + reach.forward + 1 + (reach.stopAtNext ? longestKeyword : 0);
  return (from >= run.start || run.atStart) && (to <= run.end || run.atEnd);
}

export function shiftRecord(record: EngineRecord, shift: number): EngineRecord {
  if (shift === 0) return record;
  const moved = (span: { start: number; end: number }): { start: number; end: number } => ({
    start: span.start - shift,
    end: span.end - shift,
  });
  const groups: Record<string, { start: number; end: number }> = {};
  for (const [name, span] of Object.entries(record.groups)) groups[name] = moved(span);
  return {
    ...record,
    keywordAt: record.keywordAt - shift,
    match: moved(record.match),
    secret: moved(record.secret),
    groups,
  };
}

function lowerBound(positions: Int32Array, value: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
