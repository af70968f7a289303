/** Parses entries of trees, and numbers those that matter. */
import type { EntryTable } from './entry-table.ts';
import type { NameTable } from './name-table.ts';
import { createSubtreeBatch, STAND_IN } from './subtree-batch.ts';
import type { TreeStore } from './tree-store.ts';
import type { WantedBlobs } from './wanted-blobs.ts';

export interface EntryParserInput {
  /** Bytes of an object id. */
  readonly width: number;
  readonly store: TreeStore;
  readonly names: NameTable;
  readonly entries: EntryTable;
  readonly wanted: WantedBlobs;
  /** Numbers of the trees with the first `count` ids, as words, whether they exist or not. */
  readonly findTrees: (ids: Int32Array, count: number, numbers: Int32Array) => void;
}

/** What `parse` gives in place of an entry's number: a blob that is not wanted, a submodule's commit, or nothing: the tree is malformed there. */
export const OTHER_BLOB: number = -1;
export const NO_OBJECT: number = -2;
export const MALFORMED: number = -3;
/** In place of a name. */
export const NO_TREE: number = -1;

export interface EntryParser {
  /** The tree that is parsed from now on: `bytes[start, end)`. */
  begin(bytes: Uint8Array, start: number, end: number): void;
  /** The entry at a place of the tree. Numbers of subtrees are stand-ins that the store's records get rid of. @throws ObjectError `limit` */
  parse(place: number): number;
  /** Of the entry that was parsed last: its name if it is a subtree, else NO_TREE; and where it ends. */
  name: number;
  end: number;
  /** The entry of a subtree of which the name is known and the id is at a place of the tree. @throws ObjectError `limit` */
  subtree(name: number, id: number): number;
  /** True for the id of a wanted blob at a place of the tree. */
  isWanted(id: number): boolean;
  /** Numbers the subtrees that have stand-ins in the store. @throws ObjectError `limit` */
  resolve(): void;
}

const DIRECTORY = 0o040000;
const FILE = 0o100000;
const LINK = 0o120000;
const KIND = 0o170000;

export function createEntryParser({ width, store, names, entries, wanted, findTrees }: EntryParserInput): EntryParser {
  const batch = createSubtreeBatch(width, entries, findTrees);
  let bytes: Uint8Array = new Uint8Array(0);
  let start = 0;
  let end = 0;

  function resolve(): void {
    batch.resolve();
    store.replace(STAND_IN, (entry) => batch.entryOf(entry));
  }

  function addTree(name: number, id: number): number {
    if (batch.isFull) resolve();
    return batch.add(name, bytes, id);
  }

  /** `<octal mode> <name>\0<id>` (git's tree format). Modes as git reads them: what is neither directory, file nor link is a submodule's commit. */
  function parse(place: number): number {
    let at = start + place;
    const first = at;
    let mode = 0;
    let byte = at < end ? (bytes[at] ?? 0) : 0;
    while (byte >= 0x30 && byte <= 0x37) {
      mode = ((mode << 3) | (byte - 0x30)) & 0xffff;
      at += 1;
      byte = at < end ? (bytes[at] ?? 0) : 0;
    }
    if (byte !== 0x20 || at === first) return MALFORMED;
    const name = at + 1;
    at = name;
    while (at < end && bytes[at] !== 0) at += 1;
    const id = at + 1;
    if (at === name || id + width > end) return MALFORMED;
    parser.end = id + width - start;
    parser.name = NO_TREE;
    const kind = mode & KIND;
    if (kind === DIRECTORY) {
      parser.name = names.add(bytes, name, at);
      return addTree(parser.name, id);
    }
    if (kind !== FILE && kind !== LINK) return NO_OBJECT;
    const blob = wanted.find(bytes, id);
    return blob < 0 ? OTHER_BLOB : entries.add(names.add(bytes, name, at), ~blob);
  }

  const parser: EntryParser = {
    name: NO_TREE,
    end: 0,
    begin(of, from, to) {
      bytes = of;
      start = from;
      end = to;
    },
    parse,
    subtree: (name, id) => addTree(name, start + id),
    isWanted: (id) => wanted.find(bytes, start + id) >= 0,
    resolve,
  };
  return parser;
}
