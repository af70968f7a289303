/**
 * The engine: bytes in, hits out. A hit is a pure function of the text and the rules (docs/architecture.md, "What a hit
 * is"); nothing here knows of paths, commits, chunks or workers. One scanner per worker: it keeps scratch memory.
 */
import { linearMemory } from '../bytes/linear-memory.ts';
import type { Ruleset } from '../types/index.ts';
import { finish } from './finish.ts';
import type { RawHit } from './finish.ts';
import { engineKernel, ROOM } from './kernel.ts';
import type { Base, Placed } from './occurrence-scan.ts';
import { memoOf } from './memo.ts';
import { createWorkspace, Pass } from './pass.ts';
import { buildProgram } from './program.ts';
import type { Program } from './program.ts';
import { rulesIn } from './rules-in.ts';
import { DEFAULT_DECODE_DEPTH } from './regions.ts';
import type { TextState } from './state.ts';
import type { TextMemory } from './text-memory.ts';
import type { Trace } from './trace.ts';

export interface ScannerOptions {
  /** How often a decoded text may be decoded again; 0 turns decoding off. Default 3. */
  readonly maxDecodeDepth?: number;
  /** Whether time is over: asked now and then within a text, which then ends with OutOfTime. */
  readonly isOver?: (() => boolean) | undefined;
}

export interface TextResult {
  readonly hits: readonly RawHit[];
  readonly cut: readonly string[];
  readonly capped: readonly string[];
  readonly decodeLimited: boolean;
  /** Rules that have a say in it, whether or not a hit came of it: ids, sorted. */
  readonly rules: readonly string[];
  /** The text, for those who look at what stands around a hit; valid until the next scan. */
  readonly bytes: Uint8Array;
}

export interface ScanRequest {
  /** How the text derives from one whose memory is given (runs as in Inherit.copies); hits are the same without. */
  readonly inherit?: { readonly base: TextMemory; readonly copies: Int32Array } | undefined;
  /** Return what texts that derive from this one need; the caller forgets it in the end. */
  readonly remember?: boolean;
  readonly trace?: Trace | undefined;
}

export interface Scanner {
  readonly program: Program;
  /** What is in one text. This and the others throw OutOfTime where `isOver` was given. */
  scan(bytes: Uint8Array, trace?: Trace): TextResult;
  /** The same for one of many, which may derive from one another. */
  scanText(bytes: Uint8Array, request: ScanRequest): ScanOutcome;
  /** Whether any of the rules has a say in the text (`rulesIn`), without making hits of it. */
  probe(bytes: Uint8Array, request: ScanRequest): ProbeOutcome;
}

export interface ProbeOutcome {
  readonly isConcerned: boolean;
  readonly memory: TextMemory | undefined;
}

export interface ScanOutcome {
  /** `undefined`: nothing was found, and there is nothing to say of the text. */
  readonly result: TextResult | undefined;
  readonly memory: TextMemory | undefined;
}

const NOTHING: ScanOutcome = { result: undefined, memory: undefined };

/** @throws RangeError for a ruleset that cannot be run (see buildProgram) */
export function createScanner(ruleset: Ruleset, options: ScannerOptions = {}): Scanner {
  const program = buildProgram(ruleset);
  const depth = options.maxDecodeDepth ?? DEFAULT_DECODE_DEPTH;
  const workspace = createWorkspace(program, options.isOver);
  // Now, since memory may grow for it, and texts that lie there already would move.
  memoOf(program);
  const place = createPlace();
  const pass = new Pass(workspace);

  function run(text: Placed, { inherit, trace }: ScanRequest): TextState | undefined {
    engineKernel().configure(program.tables.at);
    memoOf(program);
    const base = inherit === undefined ? undefined : place.base(inherit.base, inherit.copies);
    return pass.run(text, depth, trace, base, inherit?.base);
  }

  function scanText(bytes: Uint8Array, request: ScanRequest): ScanOutcome {
    const text = place.text(bytes);
    const state = run(text, request);
    const memory = request.remember === true ? pass.memory() : undefined;
    if (state === undefined) return memory === undefined ? NOTHING : { result: undefined, memory };
    const view = linearMemory().bytes.subarray(text.pointer, text.pointer + text.length);
    const { hits, capped } = finish(view, state, request.trace);
    const { cut, decodeLimited } = state;
    return { result: { hits, cut, capped, decodeLimited, rules: rulesIn(state), bytes: view }, memory };
  }

  return {
    program,
    scanText,
    probe(bytes, request) {
      const state = run(place.text(bytes), request);
      const memory = request.remember === true ? pass.memory() : undefined;
      return { isConcerned: state !== undefined && rulesIn(state).length > 0, memory };
    },
    scan(bytes, trace) {
      const { result } = scanText(bytes, { trace });
      return result ?? { hits: [], cut: [], capped: [], decodeLimited: false, rules: [], bytes };
    },
  };
}

/** Sees to it that texts and runs lie in linear memory; what does not is copied there. What is given is valid until the next. */
function createPlace(): {
  text(bytes: Uint8Array): Placed;
  base(memory: TextMemory, copies: Int32Array): Base;
} {
  const texts = createBlock();
  const copied = createBlock();
  const text = { pointer: 0, length: 0 };
  const base = { occurrences: 0, count: 0, length: 0, runs: 0, runCount: 0 };
  return {
    text(bytes) {
      const memory = linearMemory();
      text.length = bytes.length;
      text.pointer = bytes.byteOffset;
      if (bytes.buffer !== memory.bytes.buffer) {
        text.pointer = texts(bytes.length + ROOM);
        memory.bytes.set(bytes, text.pointer);
      }
      return text;
    },
    base({ occurrences, count, length }, copies) {
      const memory = linearMemory();
      base.occurrences = occurrences;
      base.count = count;
      base.length = length;
      base.runs = copies.byteOffset;
      base.runCount = Math.floor(copies.length / 3);
      if (copies.buffer !== memory.bytes.buffer) {
        base.runs = copied(copies.byteLength);
        memory.words.set(copies, base.runs >> 2);
      }
      return base;
    },
  };
}

/** A block that is used again while it is large enough; large ones are given back. */
function createBlock(): (size: number) => number {
  let pointer = 0;
  let room = -1;
  return (size) => {
    if (size > room) {
      const memory = linearMemory();
      if (room >= 0) memory.free(pointer, room);
      room = -1;
      pointer = memory.allocate(size);
      room = size;
    }
    return pointer;
  };
}
