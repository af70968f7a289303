/** Reads one tree by itself, as the kernel reads many (assembly/tree-entries.ts). */
import type { OidTable } from '../oid.ts';
import { eachEntry, isBlob, isDirectory } from '../tree-entries.ts';
import type { TreeTables } from './tree-taker.ts';

/**
 * Puts a tree into the store: its directories, and those of its files and links that are wanted. False when it is
 * malformed; what comes before that place is kept. @throws ObjectError `limit`
 */
export function parseTree(
  { store, names, entries, numbers }: TreeTables,
  wanted: OidTable,
  tree: number,
  bytes: Uint8Array,
): boolean {
  store.begin(tree, -1);
  return eachEntry(bytes, numbers.width, (mode, name, nameEnd, id) => {
    if (isDirectory(mode)) store.add(entries.add(names.add(bytes, name, nameEnd), numbers.add(bytes, id)));
    else if (isBlob(mode)) {
      const blob = wanted.find(bytes, id);
      if (blob >= 0) store.add(entries.add(names.add(bytes, name, nameEnd), ~blob));
    }
  });
}
