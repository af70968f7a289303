/**
 * The engine: bytes in, hits out. A hit is a pure function of the text and the rules (docs/architecture.md, "What a hit
 * is"); nothing here knows of paths, commits, chunks or workers. One scanner per worker: it keeps scratch memory.
 */
import type { Ruleset } from '../types/index.ts';
import { decodeRegions, DEFAULT_DECODE_DEPTH } from './decoders/index.ts';
import { evaluate, evaluateWhole, sliceAround } from './evaluate.ts';
import type { Evaluation } from './evaluate.ts';
import { finish } from './finish.ts';
import type { RawHit } from './finish.ts';
import { derive, derivedOccurrences, isClean, recordKey, runAt, shiftRecord } from './inherit.ts';
import type { CopyRun, Derivation, TextMemory } from './inherit.ts';
import { Memo } from './memo.ts';
import type { Slice } from './memo.ts';
import { newOccurrences } from './prefilter.ts';
import type { Occurrences } from './prefilter.ts';
import { buildProgram } from './program.ts';
import type { ByteCondition, KeywordRule, Program, RuleProgram } from './program.ts';
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

export interface ScanRequest {
  /** How the text derives from one whose memory is given; hits are the same without. */
  readonly inherit?: { readonly base: TextMemory; readonly copies: readonly CopyRun[] };
  /** Return what texts that derive from this one need. */
  readonly remember?: boolean;
  readonly trace?: Trace;
}

export interface Scanner {
  readonly program: Program;
  scan(bytes: Uint8Array, request?: ScanRequest): TextResult & { readonly memory?: TextMemory };
}

export function createScanner(ruleset: Ruleset, options: ScannerOptions = {}): Scanner {
  const program = buildProgram(ruleset);
  const depth = options.maxDecodeDepth ?? DEFAULT_DECODE_DEPTH;
  const scratch: Scratch = { occurrences: [], memo: new Memo() };
  return {
    program,
    scan(bytes, request = {}) {
      const { inherit, trace } = request;
      const derivation = inherit === undefined ? undefined : derive(inherit.base, inherit.copies, bytes.length);
      const pass = new Pass(bytes, program, scratch, trace);
      const state = pass.run(depth, derivation);
      const memory = request.remember === true ? { memory: pass.memory() } : {};
      if (state.records.length === 0 && state.decoded.length === 0)
        return { hits: [], cut: state.cut, capped: [], decodeLimited: state.decodeLimited, ...memory };
      const { hits, capped } = finish(bytes, state, trace);
      return { hits, cut: state.cut, capped, decodeLimited: state.decodeLimited, ...memory };
    },
  };
}

/** Kept between texts. */
interface Scratch {
  /** By decoding depth. */
  readonly occurrences: Occurrences[];
  readonly memo: Memo;
}

/** One text on its way through prefilter, rules and decoders. */
class Pass {
  readonly #bytes: Uint8Array;
  readonly #program: Program;
  readonly #scratch: Scratch;
  readonly #memo: Memo;
  readonly #trace: Trace | undefined;
  readonly #records = new Map<number, EngineRecord>();
  readonly #cuts = new Set<number>();
  #occurrences: Occurrences = newOccurrences(0);

  constructor(bytes: Uint8Array, program: Program, scratch: Scratch, trace: Trace | undefined) {
    this.#bytes = bytes;
    this.#program = program;
    this.#scratch = scratch;
    this.#memo = scratch.memo;
    this.#trace = trace;
  }

  run(depth: number, derivation?: Derivation): TextState {
    const occurrences = (this.#scratch.occurrences[depth] ??= newOccurrences());
    this.#occurrences = occurrences;
    if (derivation === undefined) this.#program.prefilter.scan(this.#bytes, occurrences);
    else derivedOccurrences(this.#bytes, this.#program.prefilter, derivation, occurrences);
    for (let i = 0; i < occurrences.count; i++) this.#evaluate(i, derivation);

    const records = [...this.#records.values()];
    for (const rule of this.#program.nonlocal) {
      if (rule.keywords.size > 0 && !this.#occurs(rule)) continue;
      evaluateWhole(this.#bytes, rule, this.#trace, (record) => records.push(record));
    }
    const cut = new Set([...this.#cuts].map((key) => this.#program.rules[key % 65536]?.rule.id ?? ''));
    const { decoded, decodeLimited } = depth === 0 ? { decoded: [], decodeLimited: false } : this.#decode(depth, cut);
    return { records, decoded, cut: [...cut].sort(), decodeLimited };
  }

  /** Valid after `run`; copies. */
  memory(): TextMemory {
    const { positions, keywords, count } = this.#occurrences;
    return {
      length: this.#bytes.length,
      positions: positions.slice(0, count),
      keywords: keywords.slice(0, count),
      records: this.#records,
      cuts: this.#cuts,
    };
  }

  #evaluate(index: number, derivation: Derivation | undefined): void {
    const at = this.#occurrences.positions[index] as number;
    const keyword = this.#occurrences.keywords[index] as number;
    const end = at + (this.#program.keywordLengths[keyword] as number);
    const run = derivation === undefined ? undefined : runAt(derivation.runs, at);
    for (const entry of this.#program.byKeyword[keyword] as readonly KeywordRule[]) {
      const { program: rule } = entry;
      const key = recordKey(rule, at);
      if (derivation !== undefined && run !== undefined && isClean(run, rule, at, this.#program.longestKeyword)) {
        this.#inherit(derivation.base, recordKey(rule, at + run.shift), key, run.shift);
        continue;
      }
      if (!passesGates(this.#bytes, entry, at, end)) {
        this.#trace?.({
          rule: rule.rule.id,
          at: { start: at, end },
          gate: rule.rule.gate ?? 'next bytes',
          passed: false,
        });
        continue;
      }
      const nextAt = rule.rule.reach.stopAtNext ? nextOccurrence(this.#occurrences, index, rule) : this.#bytes.length;
      const result = this.#ask(rule, sliceAround(this.#bytes, rule, at, nextAt), end - at);
      if (result.cut) this.#cuts.add(key);
      if (result.record !== undefined) this.#records.set(key, result.record);
    }
  }

  #ask(rule: RuleProgram, slice: Slice, keywordLength: number): Evaluation {
    // Someone who traces wants every gate to speak.
    if (this.#trace !== undefined) return evaluate(this.#bytes, rule, slice, keywordLength, this.#trace);
    const known = this.#memo.get(this.#bytes, rule, slice);
    if (known !== undefined) return known;
    const result = evaluate(this.#bytes, rule, slice, keywordLength, undefined);
    this.#memo.set(this.#bytes, rule, slice, result);
    return result;
  }

  #inherit(base: TextMemory, from: number, to: number, shift: number): void {
    const record = base.records.get(from);
    if (record !== undefined) this.#records.set(to, shiftRecord(record, shift));
    if (base.cuts.has(from)) this.#cuts.add(to);
  }

  #occurs(rule: RuleProgram): boolean {
    const { keywords, count } = this.#occurrences;
    for (let i = 0; i < count; i++) if (rule.keywords.has(keywords[i] as number)) return true;
    return false;
  }

  #decode(depth: number, cut: Set<string>): { decoded: DecodedRegion[]; decodeLimited: boolean } {
    const decoded: DecodedRegion[] = [];
    let decodeLimited = false;
    decodeRegions(this.#bytes, {
      region: (region) => {
        const trace = this.#trace === undefined ? undefined : decodedTrace(this.#trace, region);
        const state = new Pass(region.bytes, this.#program, this.#scratch, trace).run(depth - 1);
        decodeLimited ||= state.decodeLimited;
        for (const id of state.cut) cut.add(id);
        if (state.records.length > 0 || state.decoded.length > 0) decoded.push({ ...region, state });
      },
      limited: () => {
        decodeLimited = true;
      },
    });
    return { decoded, decodeLimited };
  }
}

function passesGates(bytes: Uint8Array, entry: KeywordRule, start: number, end: number): boolean {
  const { after, program } = entry;
  if (after !== undefined) {
    const to = end + after.min;
    if (to > bytes.length) return false;
    for (let i = end; i < to; i++) if (after.set[bytes[i] as number] === 0) return false;
  }
  const { back, forward } = program.rule.reach;
  const limit = Math.min(bytes.length, start + forward);
  if (program.gate !== undefined && !program.gate(bytes, start, end, limit)) return false;
  return program.run === undefined || hasRun(bytes, program.run, Math.max(0, start - back), limit);
}

/** Looks at every `min`th byte first: a run of `min` cannot lie between two of them. */
function hasRun(bytes: Uint8Array, run: ByteCondition, from: number, to: number): boolean {
  const { set, min } = run;
  for (let probe = from + min - 1; probe < to;) {
    if (set[bytes[probe] as number] === 0) {
      probe += min;
      continue;
    }
    let start = probe;
    while (start > from && probe - start < min && set[bytes[start - 1] as number] === 1) start--;
    let end = probe + 1;
    while (end < to && end - start < min && set[bytes[end] as number] === 1) end++;
    if (end - start >= min) return true;
    probe = end + min;
  }
  return false;
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

function decodedTrace(
  trace: Trace,
  region: { readonly decoder: string; map(span: { start: number; end: number }): { start: number; end: number } },
): Trace {
  return (event) =>
    trace({
      ...event,
      at: region.map(event.at),
      detail: event.detail === undefined ? `in ${region.decoder}` : `${event.detail}, in ${region.decoder}`,
    });
}
