/** Commits with what leads on from them: tree, parents, committer date; in arrays, since there may be millions. */
import { parseCommitLinks } from '../commit-text.ts';
import { fromHex, type HashName, hashBytes, nibble } from '../oid.ts';
import type { ObjectNumbers } from './object-numbers.ts';

export interface CommitList {
  readonly size: number;
  /** Reads the commit in `bytes[start, end)`; gives its row. */
  add(object: number, bytes: Uint8Array, start: number, end: number): number;
  /** Row of the commit with this object number, or -1. */
  row(object: number): number;
  /** Object number of its tree, -1 for a commit without one. */
  tree(row: number): number;
  /** Seconds since 1970. */
  date(row: number): number;
  parentCount(row: number): number;
  /** Object number of a parent. */
  parent(row: number, index: number): number;
}

const TREE = Buffer.from('tree ');
const PARENT = Buffer.from('parent ');
const AUTHOR = Buffer.from('author ');
const COMMITTER = Buffer.from('committer ');
const NEWLINE = 0x0a;
/** Ids that are looked up together. */
const BATCH = 4096;
const NO_TREE = -1;
/** Values of hex digits, 0xff for anything else. */
const HEX = Uint8Array.from({ length: 256 }, (_, code) => nibble(code));

export function createCommitList(hash: HashName, numbers: ObjectNumbers): CommitList {
  const width = hashBytes(hash);
  let rows = new Int32Array(numbers.packed).fill(-1);
  let dates = new Float64Array(1024);
  /** Where the links of a row begin: its tree, then its parents. They end where those of the next begin. */
  let starts = new Int32Array(1025);
  let links = new Int32Array(4096);
  let size = 0;
  let linked = 0;
  /** Ids of the last links, which are looked up when they are asked for, or enough. */
  const ids = new Int32Array(BATCH * (width / 4));
  const idBytes = new Uint8Array(ids.buffer);
  const found = new Int32Array(BATCH);
  let waiting = 0;

  function reserve(object: number): void {
    if (object >= rows.length) {
      const larger = new Int32Array(Math.max(object + 1, rows.length + (rows.length >> 2))).fill(-1);
      larger.set(rows);
      rows = larger;
    }
    if (size < dates.length) return;
    dates = enlarge(dates, new Float64Array(size * 2));
    starts = enlarge(starts, new Int32Array(size * 2 + 1));
  }

  function link(object: number): void {
    if (linked === links.length) links = enlarge(links, new Int32Array(linked * 2));
    links[linked] = object;
    linked += 1;
  }

  function lookUp(): void {
    numbers.addAll(ids, waiting, found);
    links.set(found.subarray(0, waiting), linked - waiting);
    waiting = 0;
  }

  /** Links to the object with the id in hex at `bytes[at]`, which a line feed must follow; false if that is not so. */
  function linkHex(bytes: Uint8Array, at: number): boolean {
    if (bytes[at + width * 2] !== NEWLINE) return false;
    if (waiting === BATCH) lookUp();
    const to = waiting * width;
    let all = 0;
    for (let byte = 0, from = at; byte < width; byte += 1, from += 2) {
      const high = HEX[bytes[from] ?? 0] ?? 0xff;
      const low = HEX[bytes[from + 1] ?? 0] ?? 0xff;
      all |= high | low;
      idBytes[to + byte] = (high << 4) | low;
    }
    if (all > 15) return false;
    waiting += 1;
    link(0);
    return true;
  }

  /** Commits as git writes them. False for any other one, of which nothing is kept. */
  function readPlain(bytes: Uint8Array, start: number, end: number): boolean {
    const step = width * 2 + 1;
    const first = start + TREE.length;
    if (first + step > end || !startsWith(bytes, start, TREE) || !linkHex(bytes, first)) return false;
    let at = first + step;
    for (; startsWith(bytes, at, PARENT); at += PARENT.length + step)
      if (at + PARENT.length + step > end || !linkHex(bytes, at + PARENT.length)) break;
    const author = startsWith(bytes, at, AUTHOR) ? lineEnd(bytes, at, end) : -1;
    const date = author < 0 || !startsWith(bytes, author + 1, COMMITTER) ? -1 : plainDate(bytes, author + 1, end);
    dates[size] = date;
    return date >= 0;
  }

  function readAny(bytes: Uint8Array): void {
    const { tree, parents, date } = parseCommitLinks(bytes, hash);
    const id = fromHex(tree);
    link(id.length === width ? numbers.add(id, 0) : NO_TREE);
    for (const parent of parents) link(numbers.add(fromHex(parent), 0));
    dates[size] = date;
  }

  return {
    get size() {
      return size;
    },
    add(object, bytes, start, end) {
      reserve(object);
      const before = linked;
      if (!readPlain(bytes, start, end)) {
        waiting = Math.max(0, waiting - (linked - before));
        linked = before;
        lookUp();
        readAny(bytes.subarray(start, end));
      }
      rows[object] = size;
      size += 1;
      starts[size] = linked;
      return size - 1;
    },
    row: (object) => rows[object] ?? -1,
    tree(row) {
      if (waiting > 0) lookUp();
      return links[starts[row] ?? 0] ?? NO_TREE;
    },
    date: (row) => dates[row] ?? 0,
    parentCount: (row) => (starts[row + 1] ?? 0) - (starts[row] ?? 0) - 1,
    parent(row, index) {
      if (waiting > 0) lookUp();
      return links[(starts[row] ?? 0) + 1 + index] ?? 0;
    },
  };
}

/** The seconds in `… <email> 1600000000 +0100\n`; -1 for what is spelt in any other way. */
function plainDate(bytes: Uint8Array, start: number, end: number): number {
  const stop = lineEnd(bytes, start, end);
  let at = stop - ' +0000'.length;
  if (stop < 0 || at < start || bytes[at] !== 0x20) return -1;
  let date = 0;
  let scale = 1;
  let digits = 0;
  for (at -= 1; digits < 12; at -= 1, digits += 1, scale *= 10) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    date += digit * scale;
  }
  if (digits === 0 || bytes[at] !== 0x20 || bytes[at - 1] !== 0x3e) return -1;
  for (let before = start; before < at - 1; before += 1) if (bytes[before] === 0x3e) return -1;
  return date;
}

/** Where the line feed is; -1 for none before `end`. */
function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (bytes[at] === NEWLINE) return at;
  return -1;
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let byte = 0; byte < text.length; byte += 1) if (bytes[at + byte] !== text[byte]) return false;
  return true;
}

function enlarge<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
