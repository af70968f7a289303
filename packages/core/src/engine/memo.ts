/**
 * Results of E_r by the bytes that they depend on. In the history of a file the same slice comes back in every version,
 * and looking it up costs a fiftieth of asking RE2. Exact: a slice is compared byte by byte with the one that is kept,
 * the hash only says where to look.
 */
import type { Evaluation } from './evaluate.ts';
import type { RuleProgram } from './program.ts';

/** All that E_r may read, with the keyword's length: the slice, where the keyword stands in it, and whether it ends where the text does. */
export interface Slice {
  readonly lo: number;
  /** Where a match may begin: behind the guard byte, if there is one. */
  readonly from: number;
  readonly hi: number;
  readonly keywordAt: number;
  readonly atEnd: boolean;
  /** The slice begins where the text does, so that `^` holds there. */
  readonly atStart: boolean;
}

interface Entry {
  readonly program: RuleProgram;
  readonly bytes: Uint8Array;
  readonly keyword: number;
  readonly keywordLength: number;
  readonly atEnd: boolean;
  readonly atStart: boolean;
  readonly evaluation: Evaluation;
}

const SLOTS = 1 << 14;
/** Longer slices are not kept: they are rare, and would be most of the memory. */
const MAX_SLICE = 1024;
/** Bytes after the keyword's start that the hash reads. */
const SAMPLE = 48;

export class Memo {
  readonly #entries: (Entry | undefined)[] = Array.from({ length: SLOTS });

  get(bytes: Uint8Array, program: RuleProgram, slice: Slice, keywordLength: number): Evaluation | undefined {
    const entry = this.#entries[slotOf(bytes, program, slice)];
    if (entry === undefined || entry.program !== program || entry.bytes.length !== slice.hi - slice.lo)
      return undefined;
    if (entry.keywordLength !== keywordLength) return undefined;
    if (entry.keyword !== slice.keywordAt - slice.lo || entry.atEnd !== slice.atEnd || entry.atStart !== slice.atStart)
      return undefined;
    return Buffer.compare(entry.bytes, bytes.subarray(slice.lo, slice.hi)) === 0 ? entry.evaluation : undefined;
  }

  set(bytes: Uint8Array, program: RuleProgram, slice: Slice, keywordLength: number, evaluation: Evaluation): void {
    if (slice.hi - slice.lo > MAX_SLICE) return;
    this.#entries[slotOf(bytes, program, slice)] = {
      program,
      bytes: bytes.slice(slice.lo, slice.hi),
      keyword: slice.keywordAt - slice.lo,
      keywordLength,
      atEnd: slice.atEnd,
      atStart: slice.atStart,
      evaluation,
    };
  }
}

function slotOf(bytes: Uint8Array, program: RuleProgram, slice: Slice): number {
  let hash = Math.imul(program.index + 1, 0x9e3779b1) ^ (slice.hi - slice.lo);
  const from = Math.max(slice.lo, slice.keywordAt - 8);
  const to = Math.min(slice.hi, slice.keywordAt + SAMPLE);
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % SLOTS;
}
