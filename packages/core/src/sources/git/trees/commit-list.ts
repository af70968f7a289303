/** Commits with what leads on from them: tree, parents, committer date; in arrays, since there may be millions. */
import { parseCommitLinks } from '../commit-text.ts';
import { fromHex, type HashName, hashBytes, nibble } from '../oid.ts';
import type { ObjectNumbers } from './object-numbers.ts';

export interface CommitList {
  readonly size: number;
  /** Reads a commit; gives its row. */
  add(object: number, bytes: Uint8Array): number;
  /** Row of the commit with this object number, or -1. */
  row(object: number): number;
  /** Object number of its tree, -1 for a commit without one. */
  tree(row: number): number;
  /** Seconds since 1970. */
  date(row: number): number;
  /** Object numbers; valid until the next `add`. */
  parents(row: number): Int32Array;
}

const TREE = Buffer.from('tree ');
const PARENT = Buffer.from('parent ');
const AUTHOR = Buffer.from('author ');
const COMMITTER = Buffer.from('committer ');
const NEWLINE = 0x0a;

export function createCommitList(hash: HashName, numbers: ObjectNumbers): CommitList {
  const width = hashBytes(hash);
  let rows = new Int32Array(numbers.packed).fill(-1);
  let trees = new Int32Array(1024);
  let dates = new Float64Array(1024);
  /** Where the parents of a row begin; they end where those of the next begin. */
  let starts = new Int32Array(1025);
  let links = new Int32Array(1024);
  let size = 0;
  let linked = 0;
  const id = new Uint8Array(width);

  function reserve(object: number): void {
    if (object >= rows.length) {
      const larger = new Int32Array(Math.max(object + 1, rows.length + (rows.length >> 2))).fill(-1);
      larger.set(rows);
      rows = larger;
    }
    if (size < trees.length) return;
    trees = enlarge(trees, new Int32Array(size * 2));
    dates = enlarge(dates, new Float64Array(size * 2));
    starts = enlarge(starts, new Int32Array(size * 2 + 1));
  }

  function link(parent: number): void {
    if (linked === links.length) links = enlarge(links, new Int32Array(linked * 2));
    links[linked] = parent;
    linked += 1;
  }

  /** Number of the object with the id in hex at `bytes[at]`, which a line feed must follow; -1 if that is not so. */
  function numberAt(bytes: Uint8Array, at: number): number {
    if (bytes[at + width * 2] !== NEWLINE) return -1;
    for (let byte = 0; byte < width; byte += 1) {
      const value = (nibble(bytes[at + byte * 2] ?? 0) << 4) | nibble(bytes[at + byte * 2 + 1] ?? 0);
      if (value < 0) return -1;
      id[byte] = value;
    }
    return numbers.add(id, 0);
  }

  /** Commits as git writes them. False for any other one, of which nothing is kept. */
  function readPlain(bytes: Uint8Array): boolean {
    const step = width * 2 + 1;
    if (!startsWith(bytes, 0, TREE)) return false;
    const tree = numberAt(bytes, TREE.length);
    if (tree < 0) return false;
    const before = linked;
    let at = TREE.length + step;
    for (; startsWith(bytes, at, PARENT); at += PARENT.length + step) {
      const parent = numberAt(bytes, at + PARENT.length);
      if (parent < 0) break;
      link(parent);
    }
    const author = startsWith(bytes, at, AUTHOR) ? bytes.indexOf(NEWLINE, at) : -1;
    const date = author < 0 || !startsWith(bytes, author + 1, COMMITTER) ? -1 : plainDate(bytes, author + 1);
    if (date < 0) {
      linked = before;
      return false;
    }
    trees[size] = tree;
    dates[size] = date;
    return true;
  }

  return {
    get size() {
      return size;
    },
    add(object, bytes) {
      reserve(object);
      if (!readPlain(bytes)) {
        const { tree, parents, date } = parseCommitLinks(bytes, hash);
        const treeId = fromHex(tree);
        trees[size] = treeId.length === width ? numbers.add(treeId, 0) : -1;
        dates[size] = date;
        for (const parent of parents) link(numbers.add(fromHex(parent), 0));
      }
      rows[object] = size;
      size += 1;
      starts[size] = linked;
      return size - 1;
    },
    row: (object) => rows[object] ?? -1,
    tree: (row) => trees[row] ?? -1,
    date: (row) => dates[row] ?? 0,
    parents: (row) => links.subarray(starts[row] ?? 0, starts[row + 1] ?? 0),
  };
}

/** The seconds in `… <email> 1600000000 +0100\n`; -1 for what is spelt in any other way. */
function plainDate(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(NEWLINE, start);
  let at = end - ' +0000'.length;
  if (end < 0 || at < start || bytes[at] !== 0x20) return -1;
  let date = 0;
  let scale = 1;
  let digits = 0;
  for (at -= 1; digits < 12; at -= 1, digits += 1, scale *= 10) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    date += digit * scale;
  }
  const isPlain = digits > 0 && bytes[at] === 0x20 && bytes[at - 1] === 0x3e && bytes.indexOf(0x3e, start) === at - 1;
  return isPlain ? date : -1;
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let byte = 0; byte < text.length; byte += 1) if (bytes[at + byte] !== text[byte]) return false;
  return true;
}

function enlarge<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
