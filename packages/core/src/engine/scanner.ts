/**
 * The engine: bytes in, hits out. A hit is a pure function of the text and the rules (docs/architecture.md, "What a hit
 * is"); nothing here knows of paths, commits, chunks or workers. One scanner per worker: it keeps scratch memory.
 */
import type { Ruleset } from '../types/index.ts';
import { decodeRegions, DEFAULT_DECODE_DEPTH } from './decoders/index.ts';
import { evaluate, evaluateWhole } from './evaluate.ts';
import { finish } from './finish.ts';
import type { RawHit } from './finish.ts';
import { newOccurrences } from './prefilter.ts';
import type { Occurrences } from './prefilter.ts';
import { buildProgram } from './program.ts';
import type { KeywordRule, Program, RuleProgram } from './program.ts';
import type { DecodedRegion, EngineRecord, TextState } from './state.ts';
import type { Trace } from './trace.ts';

export interface ScannerOptions {
  /** How often a decoded text may be decoded again; 0 turns decoding off. Default 3. */
  readonly maxDecodeDepth?: number;
}

export interface TextResult {
  readonly hits: readonly RawHit[];
  readonly cut: readonly string[];
  readonly capped: readonly string[];
  readonly decodeLimited: boolean;
}

export interface Scanner {
  readonly program: Program;
  scan(bytes: Uint8Array, trace?: Trace): TextResult;
}

const EMPTY: TextState = { records: [], decoded: [], cut: [], decodeLimited: false };

export function createScanner(ruleset: Ruleset, options: ScannerOptions = {}): Scanner {
  const program = buildProgram(ruleset);
  const depth = options.maxDecodeDepth ?? DEFAULT_DECODE_DEPTH;
  const scratch: Occurrences[] = [];
  return {
    program,
    scan(bytes, trace) {
      const state = stateOf(bytes, program, depth, scratch, trace);
      if (state.records.length === 0 && state.decoded.length === 0)
        return { hits: [], cut: state.cut, capped: [], decodeLimited: state.decodeLimited };
      const { hits, capped } = finish(bytes, state, trace);
      return { hits, cut: state.cut, capped, decodeLimited: state.decodeLimited };
    },
  };
}

function stateOf(bytes: Uint8Array, program: Program, depth: number, scratch: Occurrences[], trace: Trace | undefined): TextState {
  const occurrences = (scratch[depth] ??= newOccurrences());
  program.prefilter.scan(bytes, occurrences);
  const records: EngineRecord[] = [];
  const cut = new Set<string>();
  if (occurrences.count > 0) evaluateAll(bytes, program, occurrences, records, cut, trace);
  for (const rule of program.nonlocal) {
    if (rule.keywords.size > 0 && !occurs(occurrences, rule)) continue;
    evaluateWhole(bytes, rule, trace, (record) => records.push(record));
  }
  if (depth === 0) return records.length === 0 && cut.size === 0 ? EMPTY : { records, decoded: [], cut: [...cut], decodeLimited: false };

  const decoded: DecodedRegion[] = [];
  let decodeLimited = false;
  decodeRegions(bytes, {
    region(region) {
      const inner = trace === undefined ? undefined : decodedTrace(trace, region);
      const state = stateOf(region.bytes, program, depth - 1, scratch, inner);
      decodeLimited ||= state.decodeLimited;
      for (const id of state.cut) cut.add(id);
      if (state.records.length > 0 || state.decoded.length > 0) decoded.push({ ...region, state });
    },
    limited() {
      decodeLimited = true;
    },
  });
  if (records.length === 0 && decoded.length === 0 && cut.size === 0 && !decodeLimited) return EMPTY;
  return { records, decoded, cut: [...cut].sort(), decodeLimited };
}

function evaluateAll(
  bytes: Uint8Array,
  program: Program,
  occurrences: Occurrences,
  records: EngineRecord[],
  cut: Set<string>,
  trace: Trace | undefined,
): void {
  const { positions, keywords, count } = occurrences;
  for (let i = 0; i < count; i++) {
    const at = positions[i] as number;
    const keyword = keywords[i] as number;
    const length = program.keywordLengths[keyword] as number;
    for (const entry of program.byKeyword[keyword] as readonly KeywordRule[]) {
      const { program: rule } = entry;
      if (!passesGates(bytes, entry, at, at + length)) {
        trace?.({ rule: rule.rule.id, at: { start: at, end: at + length }, gate: rule.rule.gate ?? 'next bytes', passed: false });
        continue;
      }
      const nextAt = rule.rule.reach.stopAtNext ? nextOccurrence(occurrences, i, rule) : bytes.length;
      const result = evaluate(bytes, rule, at, length, nextAt, trace);
      if (result.cut) cut.add(rule.rule.id);
      if (result.record !== undefined) records.push(result.record);
    }
  }
}

function passesGates(bytes: Uint8Array, entry: KeywordRule, start: number, end: number): boolean {
  const { after, program } = entry;
  if (after !== undefined) {
    const to = end + after.min;
    if (to > bytes.length) return false;
    for (let i = end; i < to; i++) if (after.set[bytes[i] as number] === 0) return false;
  }
  if (program.gate === undefined) return true;
  return program.gate(bytes, start, end, Math.min(bytes.length, start + program.rule.reach.forward));
}

function nextOccurrence(occurrences: Occurrences, index: number, rule: RuleProgram): number {
  const at = occurrences.positions[index] as number;
  for (let i = index + 1; i < occurrences.count; i++) {
    const p = occurrences.positions[i] as number;
    if (p > at + rule.rule.reach.forward) break;
    if (p > at && rule.keywords.has(occurrences.keywords[i] as number)) return p;
  }
  return Number.MAX_SAFE_INTEGER;
}

function occurs(occurrences: Occurrences, rule: RuleProgram): boolean {
  for (let i = 0; i < occurrences.count; i++) if (rule.keywords.has(occurrences.keywords[i] as number)) return true;
  return false;
}

function decodedTrace(trace: Trace, region: { readonly decoder: string; map(span: { start: number; end: number }): { start: number; end: number } }): Trace {
  return (event) => trace({ ...event, at: region.map(event.at), detail: event.detail === undefined ? `in ${region.decoder}` : `${event.detail}, in ${region.decoder}` });
}
