/**
 * Objects that history names and the repository does not have: left out by a partial clone, or lost. What trees of the
 * packs name was looked up when they were read; here come commits, loose objects, and what has to be told apart.
 */
import { setImmediate } from 'node:timers/promises';
import { createOidTable, fromHex, type OidTable } from '../oid.ts';
import { readLooseCopy } from '../pack/other-copies.ts';
import { eachTreeId } from '../tree-entries.ts';
import { type HistoryCommits, packedCommits } from './history-commits.ts';
import { MAX_STRUCTURE_BYTES } from './large-walk.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import type { PackedObjects } from './packed-objects.ts';

const LOOSE_BETWEEN_PAUSES = 256;
const TRUSTED_ABOVE_OBJECTS = 200_000;

/**
 * A complete clone of many objects is trusted to be complete, as git itself does, unless all its trees are read for the
 * places of what was found.
 */
export function mayMiss(isPartial: boolean, objects: number): boolean {
  return isPartial || objects <= TRUSTED_ABOVE_OBJECTS;
}

/** What is known of a repository's objects. */
export interface KnownObjects {
  /** The object directories, the target's own first. */
  readonly objectDirs: readonly string[];
  /** Ids of the loose objects that no pack has. */
  readonly loose: OidTable;
  /** Ids of objects that no copy can be read of: told of elsewhere. */
  readonly unreadable: readonly string[];
  /** Nothing is missed but what these name. */
  readonly only: OidTable | undefined;
}

export interface MissingInput extends KnownObjects {
  readonly objects: PackedObjects;
  readonly numbers: ObjectNumbers;
  readonly commits: HistoryCommits;
  /** Ids that trees of the packs name and no pack has. */
  readonly suspects: OidTable;
  /** Commits that refs lead to: what only other commits name as their parents is not missed. */
  readonly tips: readonly string[];
  /** Commits at which a shallow clone ends. */
  readonly cut: ReadonlySet<number>;
}

/** Ids, sorted. */
export async function missingObjects(input: MissingInput, signal: AbortSignal): Promise<readonly string[]> {
  const { objects, numbers, commits, loose, only, objectDirs } = input;
  const { forest } = objects;
  const { width } = numbers;
  const missing = createOidTable(forest.hash);
  const isChosen = (id: Uint8Array, at: number): boolean => only === undefined || only.find(id, at) >= 0;
  const isThere = (id: Uint8Array, at: number): boolean =>
    (numbers.find(id, at) >= 0 && numbers.find(id, at) < numbers.packed) || loose.find(id, at) >= 0;
  const check = (id: Uint8Array, at: number): void => {
    if (!isThere(id, at)) missing.add(id, at);
  };

  await commits.readAll(signal);
  const chosen = [...packedCommits(forest, (entry) => isChosen(forest.ids, entry * width))];
  for (let index = 0; index < loose.size; index += 1) {
    if (index % LOOSE_BETWEEN_PAUSES === 0) await setImmediate();
    signal.throwIfAborted();
    if (!isChosen(loose.raw(), index * width)) continue;
    const object = readLooseCopy(objectDirs, loose.hex(index), forest.hash, MAX_STRUCTURE_BYTES);
    if (object?.type === 'tree') eachTreeId(object.bytes, width, check);
    if (object?.type !== 'commit') continue;
    const number = numbers.add(loose.raw(), index * width);
    if (commits.list.row(number) < 0) commits.list.add(number, object.bytes, 0, object.bytes.length);
    chosen.push(number);
  }
  await checkTrees(input, check, isChosen, signal);
  for (const id of namedByCommits(input, chosen)) check(id, 0);
  const unreadable = new Set(input.unreadable);
  return Array.from({ length: missing.size }, (_, index) => missing.hex(index))
    .filter((oid) => !unreadable.has(oid))
    .sort();
}

/** Suspects are told by all trees; where only some are asked about, those are read once more. */
async function checkTrees(
  { objects, numbers, suspects, only }: MissingInput,
  check: (id: Uint8Array, at: number) => void,
  isChosen: (id: Uint8Array, at: number) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { width } = numbers;
  if (only === undefined) {
    for (let index = 0; index < suspects.size; index += 1) check(suspects.raw(), index * width);
    return;
  }
  if (suspects.size === 0) return;
  const { ids } = objects.forest;
  await objects.walkAll('tree', signal, (tree, bytes, start, end) => {
    if (!isChosen(ids, tree * width)) return;
    eachTreeId(bytes.subarray(start, end), width, (id, at) => {
      if (suspects.find(id, at) >= 0) check(id, at);
    });
  });
}

/** Ids that no pack has: trees of these commits, and parents of those of them that tips lead to. */
function* namedByCommits(
  { numbers, commits, tips, cut }: MissingInput,
  chosen: readonly number[],
): Generator<Uint8Array> {
  const { list } = commits;
  const orphans: number[] = [];
  for (const commit of chosen) {
    const row = list.row(commit);
    if (row < 0) continue;
    if (list.tree(row) >= numbers.packed) yield fromHex(numbers.hex(list.tree(row)));
    for (let parent = 0; parent < list.parentCount(row); parent += 1) {
      if (list.parent(row, parent) < numbers.packed) continue;
      orphans.push(commit);
      break;
    }
  }
  if (orphans.length === 0) return;
  const reached = reach(
    list,
    tips.map((tip) => numbers.find(fromHex(tip), 0)),
    cut,
  );
  for (const commit of orphans) {
    const row = list.row(commit);
    if (reached[row] !== 1 || cut.has(commit)) continue;
    for (let parent = 0; parent < list.parentCount(row); parent += 1)
      if (list.parent(row, parent) >= numbers.packed) yield fromHex(numbers.hex(list.parent(row, parent)));
  }
}

/** 1 for the rows of commits that lead to `tips`, as far as they were read. */
function reach(list: HistoryCommits['list'], tips: readonly number[], cut: ReadonlySet<number>): Uint8Array {
  const reached = new Uint8Array(list.size);
  const open: number[] = [];
  const enter = (commit: number): void => {
    const row = commit < 0 ? -1 : list.row(commit);
    if (row < 0 || reached[row] === 1) return;
    reached[row] = 1;
    if (!cut.has(commit)) open.push(row);
  };
  for (const tip of tips) enter(tip);
  for (let row = open.pop(); row !== undefined; row = open.pop())
    for (let parent = 0; parent < list.parentCount(row); parent += 1) enter(list.parent(row, parent));
  return reached;
}
