/**
 * Reading trees in this thread's linear memory. Pointers and sizes are bytes of it. Whatever the input is, nothing outside
 * the given ranges and the room behind them is read or written, and every call ends.
 */
import { instantiate } from '../../../bytes/linear-memory.ts';
import { treesModule } from './generated/trees.ts';

/** An item of a list in words: where an entry of a pack lies inflated (-1: nowhere), its size, its depth in its chain, and its number. */
export const ITEM_WORDS: number = 4;
/** What is found in place of an item's pointer afterwards: the tree is malformed; … */
export const IS_MALFORMED: number = -2;
/** … it and what derives from it does not fit into the places that there are. */
export const IS_LEFT: number = -4;

/**
 * A record in words: number of the tree, that of its base (-1: it holds no more than its steps say; or CONTINUED), how many
 * steps follow; then the steps.
 */
export const RECORD_WORDS: number = 3;
/** In place of the base: it goes on with the tree of the record before. */
export const CONTINUED: number = -2;

/**
 * Steps are numbers of literals, or the complement of one that the tree has less than its base. Literals are numbered as
 * they come: each is an entry that stood in a tree.
 */
export interface TreeKernel {
  /** Where texts of a chain are put together, runs of copied bytes, and 16 bytes for each depth. */
  setTexts(chain: number, chainBytes: number, runs: number, mostRuns: number, texts: number, depths: number): void;
  /** Lists of entries of a chain (12 bytes each), changes to them (12 bytes each), and 16 bytes for each depth. */
  setChain(idBytes: number, lists: number, most: number, undo: number, undoBytes: number, frames: number): void;
  /** Bits for the ids of wanted blobs, by their first bytes as a little-endian word; `bits` is a power of two. */
  setEntries(idBytes: number, filter: number, bits: number): void;
  /** `slots` is a power of two; there is room for half as many names, and one more. `counts`: names, their bytes, and bytes wanted. */
  setNames(
    slotsAt: number,
    slots: number,
    hashesAt: number,
    startsAt: number,
    poolAt: number,
    poolBytes: number,
    counts: number,
  ): void;
  /** Where a name is looked for depends on these. */
  seedNames(first: number, second: number): void;
  /**
   * Ids of literals, what they are (`name * 2`, and 1 for a tree), records, and ids of blobs that are not wanted (none
   * are told if there is no room for them); `counts`: literals, bytes of records, ids of blobs.
   */
  setOutput(
    idBytes: number,
    ids: number,
    kinds: number,
    mostLiterals: number,
    records: number,
    recordBytes: number,
    checks: number,
    mostChecks: number,
    counts: number,
  ): void;
  /** Reads whole trees of deltas, each base before what derives from it. What became of an item is written into it. */
  readList(list: number, count: number): void;
  /** Reads the tree in [text, end). Not 0 when it is malformed. */
  readTree(
    tree: number,
    text: number,
    end: number,
    depth: number,
    base: number,
    runs: number,
    runCount: number,
  ): number;
  /** Gives away what was read so far, and forgets the chain. */
  finish(): void;
}

export interface TreeKernelCalls {
  /** Literals and records must be taken. */
  drain(): void;
  /** More room for names is wanted: to be set, with what there was. */
  growNames(): void;
}

export function createTreeKernel(calls: TreeKernelCalls): TreeKernel {
  return instantiate(treesModule, {
    'tree-output': { drain: () => calls.drain() },
    'tree-names': { growNames: () => calls.growNames() },
  }) as TreeKernel;
}
