/** Parses entries of trees (git's tree format: `<octal mode> <name>\0<id>`) as git reads them. */
import { check, literal } from './tree-output';
import { nameOf } from './tree-names';

/** In place of an entry's number: a blob that is not wanted, a submodule's commit, or none: the tree is malformed. */
export const OTHER_BLOB: i32 = -1;
export const NO_OBJECT: i32 = -2;
export const MALFORMED: i32 = -3;
/** In place of a name: the entry is no tree. */
export const NO_TREE: i32 = -1;

const DIRECTORY: u32 = 0o040000;
const FILE: u32 = 0o100000;
const LINK: u32 = 0o120000;
const KIND: u32 = 0o170000;

let width: u32 = 0;
/** Bits for the first bytes of ids that are wanted. */
let filter: usize = 0;
let filterMask: u32 = 0;

/** Of the entry that was parsed last: its name, and where it ends. */
export let parsedName: i32 = NO_TREE;
export let parsedEnd: usize = 0;

export function setEntries(idBytes: u32, filterAt: usize, filterBits: u32): void {
  width = idBytes;
  filter = filterAt;
  filterMask = filterBits - 1;
}

export function parse(from: usize, end: usize): i32 {
  let at = from;
  let mode: u32 = 0;
  let byte: u32 = at < end ? load<u8>(at) : 0;
  while (byte - 0x30 < 8) {
    mode = (mode << 3) | (byte - 0x30);
    at++;
    byte = at < end ? load<u8>(at) : 0;
  }
  if (byte != 0x20 || at == from) return MALFORMED;
  const name = at + 1;
  at = name;
  while (at < end && load<u8>(at) != 0) at++;
  const id = at + 1;
  if (at == name || id + width > end) return MALFORMED;
  parsedEnd = id + width;
  parsedName = NO_TREE;
  const kind = mode & KIND;
  if (kind == DIRECTORY) {
    parsedName = nameOf(name, at);
    return literal(parsedName, 1, id);
  }
  if (kind != FILE && kind != LINK) return NO_OBJECT;
  if (mayBeWanted(id)) return literal(nameOf(name, at), 0, id);
  check(id);
  return OTHER_BLOB;
}

export function mayBeWanted(id: usize): bool {
  const bit = load<u32>(id) & filterMask;
  return (load<u8>(filter + <usize>(bit >> 3)) & (1 << (bit & 7))) != 0;
}
