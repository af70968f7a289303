/**
 * What trees hold of the wanted blobs: all trees of the packs are read in one go, others when they are asked for.
 */
import type { AccessContext } from '../history-access.ts';
import type { OidTable } from '../oid.ts';
import { ObjectError } from '../pack/object-error.ts';
import { createEntryTable, type EntryTable } from './entry-table.ts';
import { createNameTable, type NameTable } from './name-table.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import type { PackedObjects } from './packed-objects.ts';
import { parseTree } from './parse-tree.ts';
import { runTreeJobs } from './run-tree-jobs.ts';
import { shareTrees } from './tree-job.ts';
import { createTreeStore, type TreeStore } from './tree-store.ts';
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
}

/**
 * `treeOf`: where a commit or tag leads to, the number itself for anything else. `all`: read every tree of the packs
 * beforehand, which pays unless few are asked for. @throws ObjectError `limit`
 */
export async function readTrees(
  objects: PackedObjects,
  numbers: ObjectNumbers,
  wanted: OidTable,
  all: boolean,
  treeOf: (object: number) => number,
  ctx: AccessContext,
): Promise<WantedTrees> {
  const names = createNameTable();
  const entries = createEntryTable(wanted.size, numbers.packed);
  const store = createTreeStore(numbers.packed);
  const tables: TreeTables = { store, names, entries, numbers };
  const malformed = new Set<number>();
  if (all) {
    for (const share of await runTreeJobs(shareTrees(objects.forest, wanted), ctx)) {
      if (share.limit !== undefined) throw new ObjectError('limit', share.limit);
      takeShare(tables, share);
      for (const tree of share.malformed) malformed.add(tree);
    }
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
