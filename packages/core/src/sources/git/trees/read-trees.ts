/**
 * What trees hold of the wanted blobs: all trees of the packs are read in one walk, others when they are asked for.
 */
import type { AccessContext } from '../history-access.ts';
import type { OidTable } from '../oid.ts';
import { createEntryTable, type EntryTable } from './entry-table.ts';
import { createNameTable, type NameTable } from './name-table.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import type { PackedObjects } from './packed-objects.ts';
import { createTreePass } from './tree-pass.ts';
import { createTreeStore, type TreeStore } from './tree-store.ts';
import { createWantedBlobs } from './wanted-blobs.ts';

const EMPTY = new Uint8Array(0);
const NO_RUNS = new Int32Array(0);

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

/** `treeOf`: where a commit or tag leads to, the number itself for anything else. `all`: read every tree of the packs beforehand, which pays unless few are asked for. @throws ObjectError `limit` */
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
  const pass = createTreePass({
    width: numbers.width,
    store,
    names,
    entries,
    wanted: createWantedBlobs(wanted),
    findTrees: (ids, count, found) => numbers.addAll(ids, count, found),
  });
  const malformed = new Set<number>();
  if (all) {
    const { base } = objects.forest;
    await objects.walkAll('tree', ctx.signal, (tree, bytes, start, end, depth, runs, from, count) => {
      if (!pass.read(tree, bytes, start, end, depth, base[tree] ?? -1, runs, from, count)) malformed.add(tree);
    });
    pass.finish();
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
      const bytes = isTree ? found.bytes : EMPTY;
      const isSound = pass.read(tree, bytes, 0, bytes.length, 0, -1, NO_RUNS, 0, -1);
      pass.finish();
      store.seal(entries.size);
      if (!isTree || !isSound) report(tree);
      return tree;
    },
  };
}
