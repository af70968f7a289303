/**
 * The module of the tree walk: puts trees together from their deltas and reads what is in them. It holds nothing but
 * places that the caller names; sources/git/trees/kernel.ts is the door to it.
 */
import { applyDelta, resultSize } from './delta';
import { readTree } from './tree-chain';

export { finish, readTree, setChain } from './tree-chain';
export { setEntries } from './tree-entries';
export { seedNames, setNames } from './tree-names';
export { setOutput } from './tree-output';

/** An item of a list: where its bytes are (-1: they cannot be had) and how many, its depth, the tree's number. */
const ITEM: usize = 16;
/** In place of the bytes' place: the tree is malformed; it cannot be put together; it and all after it in its chain do not fit. */
const IS_MALFORMED: i32 = -2;
const IS_CORRUPT: i32 = -3;
const IS_LEFT: i32 = -4;

let chain: usize = 0;
let chainEnd: usize = 0;
let runs: usize = 0;
let mostRuns: u32 = 0;
/** By depth: where the text begins and ends, where there is room for the next, and the tree. */
let texts: usize = 0;
let mostDepth: i32 = 0;

export function setTexts(
  chainAt: usize,
  chainBytes: u32,
  runsAt: usize,
  runCapacity: u32,
  textsAt: usize,
  depths: i32,
): void {
  chain = chainAt;
  chainEnd = chainAt + chainBytes;
  runs = runsAt;
  mostRuns = runCapacity;
  texts = textsAt;
  mostDepth = depths;
}

/** Reads a list of whole trees of deltas, each base before what derives from it. What became of an item is written into it. */
export function readList(list: usize, count: u32): void {
  /** Items from this depth on are passed over. */
  let skip: i32 = i32.MAX_VALUE;
  for (let index: u32 = 0; index < count; index++) {
    const item = list + <usize>index * ITEM;
    const depth = load<i32>(item, 8);
    if (depth > skip) continue;
    skip = i32.MAX_VALUE;
    const state = load<i32>(item) < 0 ? IS_CORRUPT : readItem(item, depth);
    if (state == 0) continue;
    store<i32>(item, state);
    // What derives from it cannot be had, either; of what does not fit, nothing more is read.
    if (state == IS_CORRUPT) skip = depth;
    else if (state == IS_LEFT) {
      while (index + 1 < count && load<i32>(list + <usize>(index + 1) * ITEM, 8) > 0) index++;
    }
  }
}

function readItem(item: usize, depth: i32): i32 {
  const from = <usize>load<u32>(item);
  const size = load<u32>(item, 4);
  const tree = load<i32>(item, 12);
  if (depth >= mostDepth) return IS_LEFT;
  const text = texts + <usize>depth * ITEM;
  if (depth == 0) {
    store<u32>(text, from);
    store<u32>(text, from + size, 4);
    store<u32>(text, chain, 8);
    store<i32>(text, tree, 12);
    return readTree(tree, from, from + size, 0, -1, 0, 0) != 0 ? IS_MALFORMED : 0;
  }
  const base = text - ITEM;
  const length = resultSize(from, size);
  if (length < 0) return IS_CORRUPT;
  const begin = <usize>load<u32>(base, 8);
  const end = begin + length;
  if (end > chainEnd) return IS_LEFT;
  const count = applyDelta(
    load<u32>(base),
    load<u32>(base, 4) - load<u32>(base),
    from,
    size,
    begin,
    length,
    runs,
    mostRuns,
    0,
  );
  if (count == -1) return IS_CORRUPT;
  store<u32>(text, begin);
  store<u32>(text, end, 4);
  store<u32>(text, (end + 71) & ~7, 8);
  store<i32>(text, tree, 12);
  const isKnown = count >= 0;
  const result = readTree(tree, begin, end, depth, isKnown ? load<i32>(base, 12) : -1, runs, isKnown ? count : 0);
  return result != 0 ? IS_MALFORMED : 0;
}
