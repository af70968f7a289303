/** Entries of trees (git's tree format: `<octal mode> <name>\0<id>`), read as git and the kernel (assembly/tree-entries.ts) read them. */

const KIND = 0o170000;
const DIRECTORY = 0o040000;
const FILE = 0o100000;
const LINK = 0o120000;
const SPACE = 0x20;

/** The name is `bytes[name, nameEnd)` of the tree; its id begins at `id`. */
export type EntryVisit = (mode: number, name: number, nameEnd: number, id: number) => void;

/**
 * Visits the entries in the order of the tree. False when it is malformed; what comes before that place has been visited.
 * @param width bytes of an id
 */
export function eachEntry(bytes: Uint8Array, width: number, visit: EntryVisit): boolean {
  for (let at = 0; at < bytes.length;) {
    const first = at;
    let mode = 0;
    for (; isOctal(bytes[at]); at += 1) mode = ((mode << 3) | ((bytes[at] ?? 0) - 0x30)) & 0xffff;
    if (bytes[at] !== SPACE || at === first) return false;
    const name = at + 1;
    at = name;
    while (at < bytes.length && bytes[at] !== 0) at += 1;
    const id = at + 1;
    if (at === name || id + width > bytes.length) return false;
    visit(mode, name, at, id);
    at = id + width;
  }
  return true;
}

/** Only the bits of its kind count: git enters a directory of mode 40755. */
export function isDirectory(mode: number): boolean {
  return (mode & KIND) === DIRECTORY;
}

/** A file or a link. What is of any other kind is a submodule's commit, which is no object here. */
export function isBlob(mode: number): boolean {
  const kind = mode & KIND;
  return kind === FILE || kind === LINK;
}

/** Calls `visit` with the place of each id in a tree that names an object: of a directory, a file or a link. */
export function eachTreeId(bytes: Uint8Array, width: number, visit: (bytes: Uint8Array, at: number) => void): void {
  eachEntry(bytes, width, (mode, _name, _nameEnd, id) => {
    if (isDirectory(mode) || isBlob(mode)) visit(bytes, id);
  });
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}
