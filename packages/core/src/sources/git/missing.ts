/**
 * Objects that history names and the repository does not have: left out by a partial clone, or lost. All trees and
 * commits are read to find them, in the order in which they derive from each other: so of a tree only what its base had
 * not is looked up. A complete clone of more than 200,000 objects is trusted to be complete, as git itself does.
 */
import { setImmediate } from 'node:timers/promises';
import { linearMemory } from '../../bytes/linear-memory.ts';
import { createCommitLinks } from './commit-parents.ts';
import { hashBytes, type OidTable } from './oid.ts';
import { findEntry, type Forest, objectType } from './pack/forest.ts';
import { findSlots } from './pack/id-slots.ts';
import { packKernel } from './pack/kernel.ts';
import { readLooseCopy } from './pack/other-copies.ts';
import { DEFAULT_WALK_LIMITS, type Visitor, walk } from './pack/walk.ts';
import type { PrivateDir } from './private-dir.ts';
import { eachTreeId } from './tree-entries.ts';

const TRUSTED_ABOVE_OBJECTS = 200_000;

const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;
const LIMITS = { ...DEFAULT_WALK_LIMITS, textBytes: MAX_STRUCTURE_BYTES, baseBytes: MAX_STRUCTURE_BYTES };
const LOOSE_BETWEEN_PAUSES = 256;

export interface Known {
  readonly forest: Forest;
  /** Ids of the loose objects that no pack has. */
  readonly loose: OidTable;
  /** Ids of objects that no copy can be read of: told of elsewhere. */
  readonly unreadable: readonly string[];
  readonly objects: number;
  /** Nothing but what these name. */
  readonly only: OidTable | undefined;
}

/** Ids, sorted. `tips`: commits that refs lead to; what only other commits name as their parents is not missed. */
export async function findMissing(
  known: Known,
  tips: readonly string[],
  repository: Pick<PrivateDir, 'partial' | 'shallow' | 'objectDirs'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { forest, loose, objects } = known;
  if (!repository.partial && objects > TRUSTED_ABOVE_OBJECTS) return [];
  const width = hashBytes(forest.hash);
  const unreadable = new Set(known.unreadable);
  const missing = new Set<string>();
  const commits = createCommitLinks(forest, loose);

  function check(id: Uint8Array, at: number): void {
    if (findEntry(forest, id, at) >= 0 || loose.find(id, at) >= 0) return;
    const oid = Buffer.from(id.buffer, id.byteOffset + at, width).toString('hex');
    if (!unreadable.has(oid)) missing.add(oid);
  }

  const isChosen = (id: Uint8Array, at: number): boolean => known.only === undefined || known.only.find(id, at) >= 0;
  const isChosenEntry = (entry: number): boolean => isChosen(forest.ids, entry * width);
  const trees = createTreeVisitor(forest, isChosenEntry, check);
  try {
    await walkType(forest, 'tree', trees, signal);
  } finally {
    trees.finish();
  }
  const eachCommit = (entry: number, bytes: Uint8Array): void => {
    if (isChosenEntry(entry)) commits.add(entry, bytes, check);
  };
  await walkType(forest, 'commit', { entry: eachCommit, failed: () => undefined }, signal);
  for (let index = 0; index < loose.size; index += 1) {
    if (index % LOOSE_BETWEEN_PAUSES === 0) await setImmediate();
    signal.throwIfAborted();
    if (!isChosen(loose.raw(), index * width)) continue;
    const object = readLooseCopy(repository.objectDirs, loose.hex(index), forest.hash, MAX_STRUCTURE_BYTES);
    if (object?.type === 'tree') eachTreeId(object.bytes, width, check);
    if (object?.type === 'commit') commits.add(forest.count + index, object.bytes, check);
  }
  for (const oid of commits.missingParents(tips, repository.shallow)) if (!unreadable.has(oid)) missing.add(oid);
  return [...missing].sort();
}

async function walkType(forest: Forest, type: 'commit' | 'tree', visitor: Visitor, signal: AbortSignal): Promise<void> {
  const roots: number[] = [];
  for (let entry = 0; entry < forest.count; entry += 1)
    if (forest.root[entry] === entry && objectType(forest.type[entry]) === type) roots.push(entry);
  for (const _step of walk(forest, Int32Array.from(roots), { limits: LIMITS }, visitor)) {
    await setImmediate();
    signal.throwIfAborted();
  }
}

/** Ids that are looked up together. */
const BATCH_BYTES = 1 << 17;

/** Looks up what each tree has that its base had not; calls `miss` with ids that no pack has. */
function createTreeVisitor(
  forest: Forest,
  isChosen: (entry: number) => boolean,
  miss: (id: Uint8Array, at: number) => void,
): Visitor & { finish(): void } {
  const memory = linearMemory();
  const kernel = packKernel();
  const width = hashBytes(forest.hash);
  /** The tree that was looked at last, by depth. */
  const seen: number[] = [];
  let room = BATCH_BYTES;
  let batch = memory.allocate(room);
  let used = 0;
  let found = new Int32Array(room / width);

  function flush(): void {
    const ids = memory.bytes.subarray(batch, batch + used);
    const count = used / width;
    if (count > found.length) found = new Int32Array(count);
    findSlots(forest.slots, ids, count, found);
    for (let each = 0; each < count; each += 1) if ((found[each] ?? -1) < 0) miss(ids, each * width);
    used = 0;
  }

  /** Room for all ids of a tree: the shortest entry has a mode of one digit, a space, an end of name and an id. */
  function reserve(treeBytes: number): void {
    const wanted = Math.ceil(treeBytes / (width + 3)) * width;
    if (used + wanted <= room) return;
    flush();
    if (wanted <= room) return;
    memory.free(batch, room);
    batch = memory.allocate(wanted);
    room = wanted;
  }

  return {
    entry(entry, { byteOffset, length }, depth, copies) {
      if (!isChosen(entry)) return;
      const isDerived = copies !== undefined && depth > 0 && seen[depth - 1] === forest.base[entry];
      const runs = isDerived ? copies.byteOffset : 0;
      const count = isDerived ? copies.length / 3 : 0;
      seen[depth] = entry;
      reserve(length);
      used += width * kernel.newTreeIds(byteOffset, length, width, runs, count, batch + used);
    },
    failed: () => undefined,
    finish() {
      flush();
      memory.free(batch, room);
    },
  };
}
