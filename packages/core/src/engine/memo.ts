/**
 * What came of slices that were asked before: which there are, the kernel knows (assembly/memo.ts), results are here. One
 * per thread, for the rules that ran last.
 */
import { linearMemory } from '../bytes/linear-memory.ts';
import type { Evaluation } from './evaluate.ts';
import { engineKernel, MEMO_BYTES, NO_RESULT } from './kernel.ts';
import type { Placed } from './occurrence-scan.ts';
import type { Program } from './program.ts';

/** All that a result depends on: the slice, where the keyword stands in it, and which of its ends are the text's. */
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

const NOTHING: Evaluation = { cut: false };

export class Memo {
  /** By slot. */
  readonly #results: (Evaluation | undefined)[] = [];

  /** `entry`: number of the keyword of a rule. */
  recall(entry: number, text: Placed, slice: Slice): Evaluation | undefined {
    const { lo, hi, keywordAt } = slice;
    const slot = engineKernel().recall(entry, text.pointer, lo, hi, keywordAt, +slice.atEnd, +slice.atStart);
    return slot === NO_RESULT ? NOTHING : this.#results[slot];
  }

  remember(entry: number, text: Placed, slice: Slice, result: Evaluation): void {
    const { lo, hi, keywordAt } = slice;
    const has = result.found !== undefined || result.cut;
    const { atEnd, atStart } = slice;
    const slot = engineKernel().remember(entry, text.pointer, lo, hi, keywordAt, +atEnd, +atStart, +has);
    if (has && slot >= 0) this.#results[slot] = result;
  }
}

let ofThisThread: { readonly memo: Memo; readonly program: Program } | undefined;

/** The same as long as the program is. */
export function memoOf(program: Program): Memo {
  if (ofThisThread?.program === program) return ofThisThread.memo;
  if (ofThisThread === undefined) engineKernel().beginMemo(linearMemory().allocate(MEMO_BYTES));
  else engineKernel().forgetAll();
  const memo = new Memo();
  ofThisThread = { memo, program };
  return memo;
}
