/** Entries of trees (git's tree format: `<mode> <name>\0<id>`, sorted). */
import type { HashName } from './oid.ts';
import { hashBytes } from './oid.ts';

export interface TreeEntry {
  /** The name's bytes, one character each. */
  readonly name: string;
  readonly isTree: boolean;
  /** Object id in hex, but empty for a submodule's commit, which is no object here. */
  readonly oid: string;
}

const TREE_MODE = 0o040000;
const SUBMODULE_MODE = 0o160000;
/** What is of any other kind is a submodule's commit, as git reads it. */
const OBJECT_KINDS = new Set([0o040000, 0o100000, 0o120000]);

/** Entries in the order of the tree; one that is cut off ends the list. */
export function parseTree(bytes: Uint8Array, hash: HashName): readonly TreeEntry[] {
  const width = hashBytes(hash);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(0x20, at);
    const end = space < 0 ? -1 : buffer.indexOf(0, space);
    if (end < 0 || end + 1 + width > buffer.length) break;
    const mode = Number.parseInt(buffer.toString('latin1', at, space), 8);
    const oid = mode === SUBMODULE_MODE ? '' : buffer.toString('hex', end + 1, end + 1 + width);
    entries.push({ name: buffer.toString('latin1', space + 1, end), isTree: mode === TREE_MODE, oid });
    at = end + 1 + width;
  }
  return entries;
}

/** Calls `visit` with the place of each id in a tree that names an object: of a directory, a file or a link. `width`: bytes of an id. */
export function eachTreeId(bytes: Uint8Array, width: number, visit: (bytes: Uint8Array, at: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    let end = at;
    let mode = 0;
    for (; end < bytes.length && bytes[end] !== 0x20; end += 1)
      mode = ((mode << 3) | ((bytes[end] ?? 0) - 0x30)) & 0xffffff;
    while (end < bytes.length && bytes[end] !== 0) end += 1;
    if (end + 1 + width > bytes.length) return;
    if (OBJECT_KINDS.has(mode & 0o170000)) visit(bytes, end + 1);
    at = end + 1 + width;
  }
}
