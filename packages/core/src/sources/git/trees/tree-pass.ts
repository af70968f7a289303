/**
 * Reads trees into a TreeStore, along the chains in which their pack derives one from another. A tree takes over the
 * entries that lie whole in what was copied, and only the rest is parsed: an entry is where parsing the whole tree from
 * its beginning would find one. Most trees differ from their base in a few ids and in no length; those change the base's
 * list of entries in place, and it is changed back when the walk leaves them.
 */
import type { EntryTable } from './entry-table.ts';
import type { NameTable } from './name-table.ts';
import { createSubtreeBatch, STAND_IN } from './subtree-batch.ts';
import type { TreeStore } from './tree-store.ts';
import type { WantedBlobs } from './wanted-blobs.ts';

/** Entries of one chain of trees whose places are kept. Beyond, trees are parsed whole: right, but slower. */
const MAX_CHAIN_ENTRIES = 1 << 22;

export interface TreePassInput {
  /** Bytes of an object id. */
  readonly width: number;
  readonly store: TreeStore;
  readonly names: NameTable;
  readonly entries: EntryTable;
  readonly wanted: WantedBlobs;
  /** Numbers of the trees with the first `count` ids, as words, whether they exist or not. */
  readonly findTrees: (ids: Int32Array, count: number, numbers: Int32Array) => void;
}

export interface TreePass {
  /**
   * Reads the tree in `bytes[start, end)`. `depth`: in the chain of deltas that is being walked; `base`: the tree that it
   * is derived from, -1 for one that is stored whole. `runs`: what it has from it, `count` triples from `from` on: source,
   * target, length; sorted by target, not overlapping there; -1: not known. False when the tree is malformed; what comes
   * before that place is kept. @throws ObjectError `limit`
   */
  read(
    tree: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    depth: number,
    base: number,
    runs: Int32Array,
    from: number,
    count: number,
  ): boolean;
  /** To be called once after the last tree. */
  finish(): void;
}

const DIRECTORY = 0o040000;
const FILE = 0o100000;
const LINK = 0o120000;
const KIND = 0o170000;
/** A blob that is not wanted. */
const OTHER_BLOB = -1;
/** A submodule's commit. */
const NO_OBJECT = -2;
/** The tree is malformed here. */
const MALFORMED = -3;
/** Instead of a name. */
const NO_TREE = -1;

export function createTreePass({ width, store, names, entries, wanted, findTrees }: TreePassInput): TreePass {
  const batch = createSubtreeBatch(width, entries, findTrees);
  /** Lists of entries, one after the other: where each begins, which it is, its name if it is a tree. A list ends with its tree's length. */
  let starts = new Int32Array(1 << 12);
  let held = new Int32Array(1 << 12);
  let called = new Int32Array(1 << 12);
  /** By depth: the list's first place and that of its end, the tree (-1: its list is not kept), and what `undone` held before it. */
  let firsts = new Int32Array(64);
  let lasts = new Int32Array(64);
  let trees = new Int32Array(64);
  let marks = new Int32Array(64);
  let top = -1;
  /** Changes in place: of each the place, the entry and the name before. */
  let undo = new Int32Array(1 << 10);
  let undos = 0;
  let textStart = 0;
  let textEnd = 0;
  /** Of the entry parsed last: its name if it is a tree, and where it ends in the text. */
  let parsedName = 0;
  let parsedEnd = 0;
  /** Last place of the list built last; -1: it is not kept. */
  let built = 0;

  /** Undoes changes in place, down to `mark`. */
  function takeBack(mark: number): void {
    while (undos > mark) {
      undos -= 3;
      const place = undo[undos] ?? 0;
      held[place] = undo[undos + 1] ?? 0;
      called[place] = undo[undos + 2] ?? 0;
    }
  }

  function leave(depth: number): void {
    for (; top >= depth; top -= 1) takeBack(marks[top] ?? 0);
  }

  function enter(depth: number, tree: number, first: number, last: number, mark: number): void {
    if (depth >= firsts.length) {
      firsts = enlarge(firsts);
      lasts = enlarge(lasts);
      trees = enlarge(trees);
      marks = enlarge(marks);
    }
    firsts[depth] = first;
    lasts[depth] = last;
    trees[depth] = tree;
    marks[depth] = mark;
    top = depth;
  }

  function addTree(name: number, bytes: Uint8Array, id: number): number {
    if (batch.isFull) resolve();
    return batch.add(name, bytes, id);
  }

  /**
   * Reads the entry at a place of the text: `<octal mode> <name>\0<id>` (git's tree format). Modes as git reads them: what
   * is neither directory, file nor link is a submodule's commit.
   */
  function parse(bytes: Uint8Array, place: number): number {
    const start = textStart + place;
    const length = textEnd;
    let at = start;
    let mode = 0;
    let byte = at < length ? (bytes[at] ?? 0) : 0;
    while (byte >= 0x30 && byte <= 0x37) {
      mode = ((mode << 3) | (byte - 0x30)) & 0xffff;
      at += 1;
      byte = at < length ? (bytes[at] ?? 0) : 0;
    }
    if (byte !== 0x20 || at === start) return MALFORMED;
    const name = at + 1;
    at = name;
    while (at < length && bytes[at] !== 0) at += 1;
    const id = at + 1;
    if (at === name || id + width > length) return MALFORMED;
    parsedEnd = id + width - textStart;
    const kind = mode & KIND;
    if (kind === DIRECTORY) {
      parsedName = names.add(bytes, name, at);
      return addTree(parsedName, bytes, id);
    }
    parsedName = NO_TREE;
    if (kind !== FILE && kind !== LINK) return NO_OBJECT;
    const blob = wanted.find(bytes, id);
    return blob < 0 ? OTHER_BLOB : entries.add(names.add(bytes, name, at), ~blob);
  }

  function set(place: number, entry: number, name: number): void {
    const old = held[place] ?? OTHER_BLOB;
    if (old === entry) return;
    if (undos + 3 > undo.length) undo = enlarge(undo);
    undo[undos] = place;
    undo[undos + 1] = old;
    undo[undos + 2] = called[place] ?? NO_TREE;
    undos += 3;
    if (old >= 0) store.remove(old);
    if (entry >= 0) store.add(entry);
    held[place] = entry;
    called[place] = name;
  }

  /** Reads the entry at a place again, of which the bytes from `from` on have changed. False: it ends elsewhere now. */
  function readAgain(bytes: Uint8Array, place: number, from: number): boolean {
    const end = starts[place + 1] ?? 0;
    const id = textStart + end - width;
    const old = held[place] ?? OTHER_BLOB;
    if (from >= end - width) {
      const name = called[place] ?? NO_TREE;
      if (old === NO_OBJECT) return true;
      if (name !== NO_TREE) {
        set(place, addTree(name, bytes, id), name);
        return true;
      }
      if (wanted.find(bytes, id) < 0) {
        set(place, OTHER_BLOB, NO_TREE);
        return true;
      }
    }
    const entry = parse(bytes, starts[place] ?? 0);
    if (entry === MALFORMED || parsedEnd !== end) return false;
    set(place, entry, parsedName);
    return true;
  }

  /** Reads a tree in which nothing has moved. False if that is not so. */
  function change(bytes: Uint8Array, runs: Int32Array, firstRun: number, lastRun: number): boolean {
    const first = firsts[top] ?? 0;
    const last = lasts[top] ?? 0;
    const length = textEnd - textStart;
    if (starts[last] !== length) return false;
    let place = first;
    let from = 0;
    for (let run = firstRun; run <= lastRun; run += 3) {
      const to = run < lastRun ? (runs[run] ?? 0) : length;
      if (run < lastRun && to !== runs[run + 1]) return false;
      if (from < to) {
        place = search(starts, place, first, last, from + 1) - 1;
        for (; place < last && (starts[place] ?? 0) < to; place += 1) if (!readAgain(bytes, place, from)) return false;
      }
      from = to + (runs[run + 2] ?? 0);
    }
    return true;
  }

  /** Makes the list of a tree behind those of the chain. False when the tree is malformed. */
  function build(
    bytes: Uint8Array,
    runs: Int32Array,
    firstRun: number,
    lastRun: number,
    first: number,
    baseFirst: number,
    baseLast: number,
  ): boolean {
    const length = textEnd - textStart;
    let last = first;
    let at = 0;
    /** Base entries before this one have been taken over, or found gone. */
    let next = baseFirst;
    let run = firstRun;
    let isSound = true;
    while (at < length) {
      while (run < lastRun && (runs[run + 1] ?? 0) + (runs[run + 2] ?? 0) <= at) run += 3;
      if (run < lastRun && (runs[run + 1] ?? 0) <= at) {
        const shift = (runs[run] ?? 0) - (runs[run + 1] ?? 0);
        const end = (runs[run] ?? 0) + (runs[run + 2] ?? 0);
        let place = search(starts, next, baseFirst, baseLast, at + shift);
        if (place < baseLast && starts[place] === at + shift && (starts[place + 1] ?? 0) <= end) {
          // Entries that were passed over are gone; one that is copied once more is there once more.
          for (; next < place; next += 1) forget(held[next] ?? OTHER_BLOB);
          for (; place < baseLast && (starts[place + 1] ?? 0) <= end; place += 1) {
            const entry = held[place] ?? OTHER_BLOB;
            if (place < next && entry >= 0) store.add(entry);
            put(last, (starts[place] ?? 0) - shift, entry, called[place] ?? NO_TREE);
            last += 1;
          }
          next = Math.max(next, place);
          at = (starts[place] ?? 0) - shift;
          continue;
        }
      }
      const entry = parse(bytes, at);
      if (entry === MALFORMED) {
        isSound = false;
        break;
      }
      put(last, at, entry, parsedName);
      last += 1;
      if (entry >= 0) store.add(entry);
      at = parsedEnd;
    }
    for (; next < baseLast; next += 1) forget(held[next] ?? OTHER_BLOB);
    if (isSound && last <= MAX_CHAIN_ENTRIES) {
      put(last, at, OTHER_BLOB, NO_TREE);
      built = last;
    } else built = -1;
    return isSound;
  }

  function forget(entry: number): void {
    if (entry >= 0) store.remove(entry);
  }

  function put(place: number, start: number, entry: number, name: number): void {
    if (place > MAX_CHAIN_ENTRIES) return;
    if (place >= starts.length) {
      starts = enlarge(starts);
      held = enlarge(held);
      called = enlarge(called);
    }
    starts[place] = start;
    held[place] = entry;
    called[place] = name;
  }

  function resolve(): void {
    batch.resolve();
    store.replace(STAND_IN, batch.entryOf);
  }

  return {
    read(tree, bytes, start, end, depth, base, runs, from, count) {
      leave(depth);
      textStart = start;
      textEnd = end;
      const isDerived = count >= 0 && base >= 0 && depth === top + 1 && trees[top] === base;
      const lastRun = isDerived ? from + count * 3 : from;
      const mark = undos;
      store.begin(tree, isDerived ? base : -1);
      if (isDerived && change(bytes, runs, from, lastRun)) {
        store.end();
        enter(depth, tree, firsts[top] ?? 0, lasts[top] ?? 0, mark);
        return true;
      }
      takeBack(mark);
      store.restart();
      const free = top < 0 ? 0 : (lasts[top] ?? 0) + 1;
      const baseFirst = isDerived ? (firsts[top] ?? 0) : 0;
      const isSound = build(bytes, runs, from, lastRun, free, baseFirst, isDerived ? free - 1 : 0);
      store.end();
      if (built < 0) enter(depth, -1, free, free - 1, mark);
      else enter(depth, tree, free, built, mark);
      return isSound;
    },
    finish: resolve,
  };
}

/** First place in `[low, high)` with a start that is not below `start`, else `high`; it is most often at `guess` or soon after. */
function search(starts: Int32Array, guess: number, low: number, high: number, start: number): number {
  let from = low;
  let to = high;
  if (guess < high && (starts[guess] ?? 0) < start) {
    from = guess + 1;
    let step = 1;
    while (from + step < high && (starts[from + step] ?? 0) < start) {
      from += step + 1;
      step *= 2;
    }
    to = Math.min(high, from + step);
  }
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((starts[middle] ?? 0) < start) from = middle + 1;
    else to = middle;
  }
  return from;
}

function enlarge(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
