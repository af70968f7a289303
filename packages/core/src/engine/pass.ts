/** One text on its way through prefilter, rules and decoders. */
import { linearMemory } from '../bytes/linear-memory.ts';
import { OutOfTime } from '../bytes/out-of-time.ts';
import { evaluate, evaluateWhole, sliceAround } from './evaluate.ts';
import type { Evaluation } from './evaluate.ts';
import { ASK, INHERIT, REFUSED } from './kernel.ts';
import { memoOf } from './memo.ts';
import type { Slice } from './memo.ts';
import { OccurrenceScan } from './occurrence-scan.ts';
import type { Base, Placed } from './occurrence-scan.ts';
import type { Program, RuleProgram } from './program.ts';
import { decode, mapOf, RegionScan } from './regions.ts';
import type { Region } from './regions.ts';
import type { DecodedPart, DecodedRegion, EngineRecord, TextState } from './state.ts';
import { entryOf, keepRegions, recordKey, regionKey } from './text-memory.ts';
import type { TextMemory } from './text-memory.ts';
import type { Trace } from './trace.ts';

/** Kept between texts. */
export interface Workspace {
  readonly program: Program;
  /** By depth of decoding. */
  readonly scans: OccurrenceScan[];
  readonly regions: RegionScan;
  readonly isOver: (() => boolean) | undefined;
}

export function createWorkspace(program: Program, isOver?: () => boolean): Workspace {
  return { program, scans: [], regions: new RegionScan(), isOver };
}

/** At most some milliseconds of RE2. */
const ASKED_BETWEEN_LOOKS = 64;

const NO_RECORDS: ReadonlyMap<number, EngineRecord> = new Map();
const NO_CUTS: ReadonlySet<number> = new Set();
const NO_PARTS: ReadonlyMap<number, DecodedPart> = new Map();

export class Pass {
  readonly #workspace: Workspace;
  #text: Placed = NOWHERE;
  #trace: Trace | undefined;
  #scan: OccurrenceScan = NEVER_RUN;
  #bytes: Uint8Array = NO_BYTES;
  #records: Map<number, EngineRecord> | undefined;
  #cuts: Set<number> | undefined;
  #regions: Map<number, DecodedPart> | undefined;
  #hasNul = false;
  #dependsOnWhole = false;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Forgets the text before: there are so many texts that one pass serves them all. */
  #begin(text: Placed, trace: Trace | undefined): void {
    this.#text = text;
    this.#trace = trace;
    this.#bytes = NO_BYTES;
    this.#records = undefined;
    this.#cuts = undefined;
    this.#regions = undefined;
    this.#hasNul = false;
    this.#dependsOnWhole = false;
  }

  /**
   * `base` and `from` go together. Gives `undefined` for a text without any result. The text stays in linear memory; what
   * the state holds of it does not.
   */
  run(text: Placed, depth: number, trace?: Trace, base?: Base, from?: TextMemory): TextState | undefined {
    this.#begin(text, trace);
    const { scans, program, isOver } = this.#workspace;
    const scan = (scans[depth] ??= new OccurrenceScan());
    this.#scan = scan;
    let usable = base;
    if (!scan.scan(this.#text, base, this.#trace !== undefined)) {
      usable = undefined;
      scan.scan(this.#text, undefined, this.#trace !== undefined);
    }
    const known = usable === undefined ? undefined : from;
    let whole: Set<RuleProgram> | undefined;
    if (scan.candidates > 0) {
      this.#bytes = this.#view();
      for (let i = 0; i < scan.candidates; i++) {
        if (i % ASKED_BETWEEN_LOOKS === 0 && isOver?.() === true) throw new OutOfTime();
        const what = scan.candidate(i, 2);
        const entry = program.tables.entries[what >>> 3];
        const rule = entry === undefined ? undefined : program.rule(entry.rule);
        if (entry === undefined || rule === undefined) continue;
        if (rule.rule.reach.class === 'nonlocal') (whole ??= new Set()).add(rule);
        else this.#handle(i, what, rule, entry.keyword.length, known);
      }
    }
    const decoded = depth === 0 ? NO_REGIONS : this.#decode(depth, usable, known);
    const isPlain = this.#records === undefined && this.#cuts === undefined && decoded.length === 0;
    // Most texts end here.
    if (isPlain && program.nonlocal.length === 0) return undefined;
    const records = this.#sortedRecords();
    for (const rule of program.nonlocal) {
      if (rule.rule.keywords.length > 0 && whole?.has(rule) !== true) continue;
      this.#bytes = this.#view();
      evaluateWhole(this.#bytes, rule, this.#trace, (record) => records.push(record));
    }
    const cut = this.#cutIds();
    let decodeLimited = false;
    for (const { part } of decoded) {
      decodeLimited ||= part.limited || part.state.decodeLimited;
      for (const id of part.state.cut) if (!cut.includes(id)) cut.push(id);
    }
    if (records.length + decoded.length + cut.length === 0) return undefined;
    return { records, decoded, cut: cut.sort(), decodeLimited };
  }

  /** Valid after `run`, once. */
  memory(): TextMemory {
    const occurrences = this.#scan.keep();
    const regions = this.#regions ?? NO_PARTS;
    const { hot, hotCount } = keepRegions(regions);
    return {
      length: this.#text.length,
      occurrences,
      count: this.#scan.count,
      records: this.#records ?? NO_RECORDS,
      cuts: this.#cuts ?? NO_CUTS,
      regions,
      hot,
      hotCount,
      hasNul: this.#hasNul,
      dependsOnWhole: this.#dependsOnWhole,
    };
  }

  /** The text as it lies in memory now: growth makes all older views empty. */
  #view(): Uint8Array {
    const { pointer, length } = this.#text;
    return linearMemory().bytes.subarray(pointer, pointer + length);
  }

  #handle(index: number, what: number, rule: RuleProgram, keywordLength: number, base: TextMemory | undefined): void {
    const scan = this.#scan;
    const at = scan.candidate(index, 1);
    const entry = what >>> 3;
    const todo = what & 7;
    const key = recordKey(at, entry);
    if (todo === INHERIT) {
      const from = recordKey(at + scan.candidate(index, 3), entry);
      const record = base?.records.get(from);
      if (record !== undefined) (this.#records ??= new Map()).set(key, { at, found: record.found });
      if (base?.cuts.has(from) === true) (this.#cuts ??= new Set()).add(key);
      return;
    }
    if (todo !== ASK) {
      const gate = REFUSED[todo - 2] ?? 'gate';
      const span = { start: at, end: at + keywordLength };
      this.#trace?.({
        rule: rule.rule.id,
        at: span,
        gate: gate === 'gate' ? (rule.rule.gate ?? gate) : gate,
        passed: false,
      });
      return;
    }
    const occurrence = scan.candidate(index, 0);
    const nextAt = rule.rule.reach.stopAtNext ? this.#nextOccurrence(occurrence, at, rule) : this.#text.length;
    const result = this.#ask(rule, entry, sliceAround(this.#bytes, rule, at, nextAt), keywordLength);
    if (result.found === undefined && !result.cut) return;
    scan.markHot(occurrence);
    if (result.cut) (this.#cuts ??= new Set()).add(key);
    if (result.found !== undefined) (this.#records ??= new Map()).set(key, { at, found: result.found });
  }

  #ask(rule: RuleProgram, entry: number, slice: Slice, keywordLength: number): Evaluation {
    // Someone who traces wants every gate to speak.
    if (this.#trace !== undefined) return evaluate(this.#bytes, rule, slice, keywordLength, this.#trace);
    const memo = memoOf(this.#workspace.program);
    // The kernel told this one before it knew what came of the ones before it.
    const known = memo.recall(entry, this.#text, slice);
    if (known !== undefined) return known;
    const result = evaluate(this.#bytes, rule, slice, keywordLength, undefined);
    memo.remember(entry, this.#text, slice, result);
    return result;
  }

  /** Where the rule's next keyword stands; beyond the text if not within its reach. */
  #nextOccurrence(index: number, at: number, rule: RuleProgram): number {
    const scan = this.#scan;
    const keywords = this.#workspace.program.stopKeywords(rule);
    for (let i = index + 1; i < scan.count; i++) {
      const position = scan.position(i);
      if (position > at + rule.rule.reach.forward) break;
      if (position <= at) continue;
      const keyword = keywords.get(scan.anchor(i));
      if (keyword?.some((bytes) => startsWith(this.#bytes, position, bytes)) === true) return position;
    }
    return Number.MAX_SAFE_INTEGER;
  }

  #sortedRecords(): EngineRecord[] {
    if (this.#records === undefined) return [];
    const entries = [...this.#records];
    if (entries.length > 1) entries.sort((a, b) => a[0] - b[0]);
    return entries.map(([, record]) => record);
  }

  #cutIds(): string[] {
    if (this.#cuts === undefined) return [];
    const ids = new Set<string>();
    const { program } = this.#workspace;
    for (const key of this.#cuts) {
      const entry = program.tables.entries[entryOf(key)];
      const rule = entry === undefined ? undefined : program.rule(entry.rule);
      ids.add(rule?.rule.id ?? '');
    }
    return [...ids];
  }

  #decode(depth: number, base: Base | undefined, from: TextMemory | undefined): readonly DecodedRegion[] {
    const { regions } = this.#workspace;
    const found = regions.find(this.#text, base, from);
    this.#hasNul = regions.hasNul;
    this.#dependsOnWhole = regions.dependsOnWhole;
    if (found.length === 0) return NO_REGIONS;
    const decoded: DecodedRegion[] = [];
    for (const region of found) {
      const part =
        region.shift === undefined
          ? this.#decodeRegion(region, depth)
          : from?.regions.get(regionKey(region.kind, region.start + region.shift));
      if (part === undefined) continue;
      (this.#regions ??= new Map()).set(regionKey(region.kind, region.start), part);
      decoded.push({ start: region.start, part });
    }
    return decoded;
  }

  #decodeRegion(region: Region, depth: number): DecodedPart | undefined {
    const content = decode(this.#text, region);
    const memory = linearMemory();
    const trace =
      this.#trace === undefined ? undefined : decodedTrace(this.#trace, this.#text, region, content.decoder);
    const state = new Pass(this.#workspace).run(content, depth - 1, trace);
    let part: DecodedPart | undefined;
    if (state !== undefined || content.limited) {
      const map = mapOf(this.#text, region);
      part = {
        decoder: content.decoder,
        kind: region.kind,
        extent: { start: region.extent.start - region.start, end: region.extent.end - region.start },
        bytes: memory.bytes.slice(content.pointer, content.pointer + content.length),
        map,
        state: state ?? EMPTY_STATE,
        limited: content.limited,
      };
    }
    memory.free(content.pointer, content.size);
    return part;
  }
}

const NO_REGIONS: readonly DecodedRegion[] = [];
const EMPTY_STATE: TextState = { records: [], decoded: [], cut: [], decodeLimited: false };
const NEVER_RUN = new OccurrenceScan();
const NOWHERE: Placed = { pointer: 0, length: 0 };
const NO_BYTES = new Uint8Array(0);

function startsWith(bytes: Uint8Array, at: number, folded: Uint8Array): boolean {
  for (let k = 0; k < folded.length; k++) {
    const b = bytes[at + k] ?? 0;
    if ((b >= 0x41 && b <= 0x5a ? b + 32 : b) !== folded[k]) return false;
  }
  return true;
}

function decodedTrace(trace: Trace, text: Placed, region: Region, decoder: string): Trace {
  let map: ReturnType<typeof mapOf> | undefined;
  return (event) => {
    const at = (map ??= mapOf(text, region))(event.at);
    trace({
      ...event,
      at: { start: region.start + at.start, end: region.start + at.end },
      detail: event.detail === undefined ? `in ${decoder}` : `${event.detail}, in ${decoder}`,
    });
  };
}
