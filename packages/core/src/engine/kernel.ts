/**
 * The engine's loops over bytes, in WebAssembly (packages/core/assembly) on this thread's linear memory. All places are
 * addresses in it unless they are said to be places in a text.
 */
import { instantiate, linearMemory } from '../bytes/linear-memory.ts';
import { engineModule } from './generated/engine.ts';

/** Room that must be there behind every text. */
export const ROOM: number = 64;

/** A capacity did not suffice: all has to be done again with more. */
export const NO_ROOM: number = -1;
/** The runs cannot be those of this text and base. */
export const BAD_RUNS: number = -2;
/** Regions depend on more than what is near them: nothing of the base's can be taken over. */
export const NOT_LOCAL: number = -2;

export const OCCURRENCE_BYTES = 8;
/** The bit of an occurrence's second word that says that there is a result at it. */
export const HOT: number = 0x80000000 | 0;
/** The bits of it that are the anchor's number. */
export const ANCHOR = 0x007fffff;

export const CANDIDATE_WORDS = 4;
/** What a candidate's third word says besides its entry: `entry << 3 | one of these`. */
export const ASK = 0;
export const INHERIT = 1;
/** For traces: refused by the bytes that follow, by a gate, for want of a run, or by all that stands around the keyword. */
export const REFUSED: readonly string[] = ['next bytes', 'gate', 'run', 'surroundings'];

export const HEX = 0;
export const BASE64 = 1;
export const ESCAPES = 2;
export const UTF16 = 3;

/** Longer runs are decoded up to here, and flagged. */
export const MAX_REGION: number = 1 << 20;

export interface EngineKernel {
  /** Makes the tables at this address those that `scan` uses. */
  configure(tables: number): void;
  /** assembly/occurrences.ts */
  scan(
    text: number,
    length: number,
    base: number,
    baseCount: number,
    baseLength: number,
    runs: number,
    runCount: number,
    out: number,
    spare: number,
    capacity: number,
    candidates: number,
    candidateCapacity: number,
    isTraced: number,
  ): number;
  /** After `scan`, also where a capacity did not suffice: how many there are. */
  occurrenceCount(): number;
  candidateCount(): number;
  /** Whether a gate (by number) holds for a keyword at `[keyword, keywordEnd)` of the text; reads nothing from `limit` on. */
  holds(gate: number, text: number, keyword: number, keywordEnd: number, limit: number): number;
  /** assembly/regions.ts */
  findRegions(
    text: number,
    length: number,
    baseLength: number,
    runs: number,
    runCount: number,
    hot: number,
    hotCount: number,
    baseHasNul: number,
    out: number,
    capacity: number,
  ): number;
  /** Of the text whose regions were found last: whether it has a NUL. */
  sawNul(): number;
  /** Likewise: whether a text that derives from it has to be searched whole. */
  dependsOnWhole(): number;
  decodeBase64(text: number, lines: number, count: number, to: number): number;
  decodeHex(from: number, end: number, to: number): number;
  decodeUtf16(from: number, end: number, to: number): number;
  decodeEscapes(text: number, start: number, end: number, to: number, origins: number): number;
  /** Kinds that the last `decodeEscapes` undid: 1 percent, 2 unicode, 4 html. */
  escapeKinds(): number;
  countLines(from: number, to: number): number;
  /** Where results are remembered from now on: MEMO_BYTES of memory. */
  beginMemo(block: number): void;
  forgetAll(): void;
  /** assembly/memo.ts: NO_RESULT, the number of the slot that has one, or -1. */
  recall(entry: number, text: number, lo: number, hi: number, keyword: number, atEnd: number, atStart: number): number;
  /** The number of the slot that has it now, -1 for a slice too long to be kept. */
  remember(
    entry: number,
    text: number,
    lo: number,
    hi: number,
    keyword: number,
    atEnd: number,
    atStart: number,
    hasResult: number,
  ): number;
}

/** What `recall` gives for a slice that was asked before, when nothing came of it. */
export const NO_RESULT: number = -2;
export const MEMO_BYTES: number = 8 << 20;

const LF = 0x0a;

let ofThisThread: EngineKernel | undefined;

/** How many line feeds there are in `bytes[from, to)`, wherever they lie. */
export function countLines(bytes: Uint8Array, from: number, to: number): number {
  const memory = linearMemory();
  if (bytes.buffer === memory.bytes.buffer)
    return engineKernel().countLines(bytes.byteOffset + from, bytes.byteOffset + to);
  let lines = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === LF) lines += 1;
  return lines;
}

export function engineKernel(): EngineKernel {
  return (ofThisThread ??= instantiate(engineModule) as EngineKernel);
}
