/** Reads one tree by itself, as the kernel reads many (assembly/tree-entries.ts). */
import type { OidTable } from '../oid.ts';
import type { TreeTables } from './tree-taker.ts';

const DIRECTORY = 0o040000;
const FILE = 0o100000;
const LINK = 0o120000;
const KIND = 0o170000;

/**
 * Puts a tree into the store: `<octal mode> <name>\0<id>`, one entry after the other (git's tree format). Modes as git
 * reads them: what is neither directory, file nor link is a submodule's commit. False when it is malformed; what comes
 * before that place is kept. @throws ObjectError `limit`
 */
export function parseTree(
  { store, names, entries, numbers }: TreeTables,
  wanted: OidTable,
  tree: number,
  bytes: Uint8Array,
): boolean {
  store.begin(tree, -1);
  for (let at = 0; at < bytes.length;) {
    const first = at;
    let mode = 0;
    for (; isOctal(bytes[at]); at += 1) mode = ((mode << 3) | ((bytes[at] ?? 0) - 0x30)) & 0xffff;
    if (bytes[at] !== 0x20 || at === first) return false;
    const name = at + 1;
    at = name;
    while (at < bytes.length && bytes[at] !== 0) at += 1;
    const id = at + 1;
    if (at === name || id + numbers.width > bytes.length) return false;
    const kind = mode & KIND;
    if (kind === DIRECTORY) store.add(entries.add(names.add(bytes, name, at), numbers.add(bytes, id)));
    else if (kind === FILE || kind === LINK) {
      const blob = wanted.find(bytes, id);
      if (blob >= 0) store.add(entries.add(names.add(bytes, name, at), ~blob));
    }
    at = id + numbers.width;
  }
  return true;
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}
