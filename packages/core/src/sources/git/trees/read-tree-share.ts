/** Reads all trees below some roots: those of ordinary size many at a time, the others one by one. */
import { setImmediate } from 'node:timers/promises';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import type { OidTable } from '../oid.ts';
import type { Forest } from '../pack/forest.ts';
import { createFamilyList, type FamilyList, LIST_ENTRIES } from './family-list.ts';
import { IS_LEFT, IS_MALFORMED, ITEM_WORDS } from './kernel.ts';
import { walkLarge } from './large-walk.ts';
import { openStagedEntries, type StagedEntries } from './staged-entries.ts';
import { createTreeReader, type TreeReader } from './tree-reader.ts';
import type { TreeShare } from './tree-share.ts';

const ITEMS_BETWEEN_PAUSES = 16_384;

/** `checks`: tell blobs that no pack has. @throws ObjectError `limit` */
export async function readTreeShare(
  forest: Forest,
  roots: Int32Array,
  wanted: OidTable,
  checks: boolean,
  signal: AbortSignal,
): Promise<TreeShare> {
  const reader = createTreeReader(forest, wanted, checks);
  const malformed = new Set<number>();
  try {
    const left = await readSmall(forest, roots, reader, malformed, signal);
    await walkLarge(forest, left, undefined, signal, (tree, bytes) => {
      if (!reader.read(tree, bytes)) malformed.add(tree);
    });
    return { ...reader.finish(), malformed: Int32Array.from(malformed) };
  } finally {
    reader.close();
  }
}

/** Gives the roots of what does not fit. */
async function readSmall(
  forest: Forest,
  roots: Int32Array,
  reader: TreeReader,
  malformed: Set<number>,
  signal: AbortSignal,
): Promise<Int32Array> {
  const left: number[] = [];
  const staged = openStagedEntries(forest, LIST_ENTRIES);
  try {
    const list = createFamilyList(forest, undefined, (entry) => staged.size(entry));
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
      for (let first = 0; first < list.count;) {
        await setImmediate();
        signal.throwIfAborted();
        const end = endOfFamily(list, first + ITEMS_BETWEEN_PAUSES);
        putItems(forest, list, staged, reader.items, first, end);
        reader.readItems(end - first);
        takeStates(list, reader.items, first, end, malformed, left);
        first = end;
      }
    }
  } finally {
    staged.close();
  }
  return Int32Array.from(left);
}

/** Where the family ends that goes on at `index`. */
function endOfFamily(list: FamilyList, index: number): number {
  let end = Math.min(list.count, index);
  while (end < list.count && (list.depths[end] ?? 0) > 0) end += 1;
  return end;
}

function putItems(
  forest: Forest,
  { entries, depths }: FamilyList,
  staged: StagedEntries,
  items: number,
  first: number,
  end: number,
): void {
  const { words } = linearMemory();
  let to = items >> 2;
  for (let index = first; index < end; index += 1, to += ITEM_WORDS) {
    const entry = entries[index] ?? 0;
    words[to] = staged.pointer(index);
    words[to + 1] = forest.size[entry] ?? 0;
    words[to + 2] = depths[index] ?? 0;
    words[to + 3] = entry;
  }
}

function takeStates(
  { entries, depths }: FamilyList,
  items: number,
  first: number,
  end: number,
  malformed: Set<number>,
  left: number[],
): void {
  const { words } = linearMemory();
  let from = items >> 2;
  for (let index = first; index < end; index += 1, from += ITEM_WORDS) {
    const state = words[from] ?? 0;
    if (state === IS_MALFORMED) malformed.add(entries[index] ?? 0);
    if (state !== IS_LEFT) continue;
    let root = index;
    while ((depths[root] ?? 0) > 0) root -= 1;
    left.push(entries[root] ?? 0);
  }
}
