/**
 * What trees hold of the wanted blobs: all trees of the packs are read in one go, others when they are asked for.
 */
import type { AccessContext } from '../history-access.ts';
import { createOidTable, type OidTable } from '../oid.ts';
import type { Forest } from '../pack/forest.ts';
import { createEntryTable, type EntryTable } from './entry-table.ts';
import { createNameTable, type NameTable } from './name-table.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import type { PackedObjects } from './packed-objects.ts';
import { parseTree } from './parse-tree.ts';
import { runTreeJobs } from './run-tree-jobs.ts';
import { shareTrees } from './tree-job.ts';
import { createTreeStore, type TreeStore } from './tree-store.ts';
import type { TreeShare } from './tree-share.ts';
import { takeShare, type TreeTables } from './tree-taker.ts';

const EMPTY = new Uint8Array(0);

export interface WantedTrees {
  readonly store: TreeStore;
  readonly names: NameTable;
  readonly entries: EntryTable;
  /**
   * Sees to it that a tree is in the store; one that cannot be read is reported, and empty. Gives its number: what stands
   * for a tree may be a commit or a tag, as it may for git. @throws ObjectError `limit`
   */
  readonly ensure: (tree: number) => number;
  /** Ids that trees of the packs name and no pack has: some are submodules of no tree, or loose. */
  readonly suspects: OidTable;
}

export interface TreeReading {
  /** Every tree of the packs is read beforehand, which pays unless few are asked for. */
  readonly all: boolean;
  /** Blobs that no pack has are told, too. */
  readonly checks: boolean;
}

/** `treeOf`: where a commit or tag leads to, the number itself for anything else. @throws ObjectError `limit` */
export async function readTrees(
  objects: PackedObjects,
  numbers: ObjectNumbers,
  wanted: OidTable,
  { all, checks }: TreeReading,
  treeOf: (object: number) => number,
  ctx: AccessContext,
): Promise<WantedTrees> {
  const names = createNameTable();
  const entries = createEntryTable(wanted.size, numbers.packed);
  const store = createTreeStore(numbers.packed);
  const tables: TreeTables = { store, names, entries, numbers };
  const suspects = createOidTable(objects.forest.hash);
  const malformed = new Set<number>();
  if (all) {
    await runTreeJobs(shareTrees(objects.forest, wanted, checks), ctx, (share) => {
      addSuspects(suspects, share);
      takeShare(tables, share);
      for (const tree of share.malformed) malformed.add(tree);
    });
  }
  store.seal(entries.size);

  function report(tree: number): void {
    ctx.notScanned({
      state: 'failed',
      reason: 'corrupt',
      where: `git:${numbers.hex(tree)}`,
      detail: 'what is in this directory cannot be told',
    });
  }

  return {
    store,
    names,
    entries,
    suspects,
    ensure(object) {
      const tree = store.has(object) ? object : treeOf(object);
      if (store.has(tree)) {
        if (malformed.size > 0 && malformed.delete(tree)) report(tree);
        return tree;
      }
      const found = objects.read(numbers.hex(tree));
      const isTree = found?.type === 'tree';
      const isSound = parseTree(tables, wanted, tree, isTree ? found.bytes : EMPTY);
      store.seal(entries.size);
      if (!isTree || !isSound) report(tree);
      return tree;
    },
  };
}

/** Ids that trees of the packs name and no pack has. @throws ObjectError `limit` */
export async function findSuspects(forest: Forest, ctx: AccessContext): Promise<OidTable> {
  const suspects = createOidTable(forest.hash);
  const jobs = shareTrees(forest, createOidTable(forest.hash), true);
  await runTreeJobs(jobs, ctx, (share) => addSuspects(suspects, share));
  return suspects;
}

function addSuspects(suspects: OidTable, { others, missed }: TreeShare): void {
  for (const ids of [others, missed]) for (let at = 0; at < ids.length; at += suspects.width) suspects.add(ids, at);
}
