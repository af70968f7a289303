/**
 * Walks many small entries of the packs (commits, trees), base before delta, depth first. Made for what there is most of:
 * chains of short texts, which lie one behind the other in one block of linear memory. What does not fit is left to the
 * general walk, which knows no such bounds.
 */
import { linearMemory } from '../../../bytes/linear-memory.ts';
import type { Forest } from '../pack/forest.ts';
import { DELTA_CORRUPT, packKernel, ROOM } from '../pack/kernel.ts';
import { createFamilyList, LIST_ENTRIES } from './family-list.ts';
import { openStagedEntries } from './staged-entries.ts';

/** Texts of one chain. */
const CHAIN_BYTES = 8 * 1024 * 1024 - ROOM;
const MAX_RUNS = 65_536;
const ENTRIES_BETWEEN_YIELDS = 4096;

/** `bytes[start, end)`: the text, valid during the call only. */
export type SmallVisit = (entry: number, bytes: Uint8Array, start: number, end: number) => void;

/**
 * Visits what can be read below `roots`: of the entries that `needed` marks with 1, or all. Gives the roots of the trees
 * that are not for this walk; some of theirs may have been visited.
 */
export function* walkSmall(
  forest: Forest,
  roots: Int32Array,
  needed: Uint8Array | undefined,
  visit: SmallVisit,
): Generator<void, Int32Array> {
  const memory = linearMemory();
  const kernel = packKernel();
  const staged = openStagedEntries(forest, LIST_ENTRIES);
  const chainAt = memory.allocate(CHAIN_BYTES + ROOM);
  const runsAt = memory.allocate(MAX_RUNS * 12);
  const list = createFamilyList(forest, needed, (entry) => staged.size(entry));
  const left: number[] = [];
  /** Of the chain at hand, by depth: where each text begins and ends, and where there is room for the next. */
  const begins: number[] = [];
  const ends: number[] = [];
  const chainEnds: number[] = [];

  /** Builds the text of a listed entry behind that of its base. False: it cannot be had; undefined: it does not fit. */
  function build(index: number, depth: number): boolean | undefined {
    const from = staged.pointer(index);
    if (from < 0) return false;
    const size = forest.size[list.entries[index] ?? 0] ?? 0;
    if (depth === 0) {
      begins[0] = from;
      ends[0] = from + size;
      chainEnds[0] = chainAt;
      return true;
    }
    const result = kernel.resultSize(from, size);
    if (result < 0) return false;
    const begin = chainEnds[depth - 1] ?? chainAt;
    const end = begin + result;
    if (end > chainAt + CHAIN_BYTES) return undefined;
    const base = begins[depth - 1] ?? 0;
    begins[depth] = begin;
    ends[depth] = end;
    chainEnds[depth] = (end + ROOM + 7) & ~7;
    const runs = kernel.applyDelta(base, (ends[depth - 1] ?? 0) - base, from, size, begin, result, runsAt, MAX_RUNS, 0);
    return runs !== DELTA_CORRUPT;
  }

  try {
    for (let next = 0; next < roots.length;) {
      list.clear();
      while (next < roots.length && list.add(roots[next] ?? 0)) next += 1;
      if (list.count === 0) {
        // Not even alone.
        left.push(roots[next] ?? 0);
        next += 1;
        continue;
      }
      staged.stage(list.entries, list.count);
      /** Entries from this depth on are passed over. */
      let skip = Number.MAX_SAFE_INTEGER;
      let root = -1;
      for (let index = 0; index < list.count; index += 1) {
        if (index % ENTRIES_BETWEEN_YIELDS === 0) yield;
        const depth = list.depths[index] ?? 0;
        const entry = list.entries[index] ?? 0;
        if (depth === 0) root = entry;
        if (depth > skip) continue;
        skip = Number.MAX_SAFE_INTEGER;
        const isBuilt = build(index, depth);
        if (isBuilt === true) {
          visit(entry, memory.bytes, begins[depth] ?? 0, ends[depth] ?? 0);
          continue;
        }
        // What derives from it cannot be had, either.
        skip = isBuilt === undefined ? -1 : depth;
        if (isBuilt === undefined) left.push(root);
        if (skip < 0) {
          while (index + 1 < list.count && (list.depths[index + 1] ?? 0) > 0) index += 1;
          skip = Number.MAX_SAFE_INTEGER;
        }
      }
    }
    return Int32Array.from(left);
  } finally {
    staged.close();
    memory.free(chainAt, CHAIN_BYTES + ROOM);
    memory.free(runsAt, MAX_RUNS * 12);
  }
}
