/**
 * Reads trees along the chains in which their pack derives one from another. A tree takes over the entries that lie whole
 * in what was copied, and only the rest is parsed: an entry is where parsing the whole tree from its beginning would find
 * one. Most trees differ from their base in a few ids and in no length; those change the base's list of entries in place,
 * and it is changed back when the walk leaves them.
 */
import { beginRecord, check, endRecord, flush, literal, NO_BASE, step } from './tree-output';
import { MALFORMED, mayBeWanted, NO_OBJECT, NO_TREE, OTHER_BLOB, parse, parsedEnd, parsedName } from './tree-entries';

let width: u32 = 0;
/** Lists of entries, one after the other: where each begins, which it is, its name if it is a tree. A list ends with its tree's length. */
let starts: usize = 0;
let held: usize = 0;
let called: usize = 0;
let capacity: u32 = 0;
/** Changes in place: of each the place, the entry and the name before. */
let undo: usize = 0;
let undoEnd: usize = 0;
let undone: usize = 0;
/** By depth: the list's first place and that of its end, the tree (-1: its list is not kept), and `undone` before it. */
let frames: usize = 0;
const FRAME: usize = 16;
let top: i32 = -1;

export function setChain(idBytes: u32, listAt: usize, most: u32, undoAt: usize, undoBytes: u32, framesAt: usize): void {
  width = idBytes;
  capacity = most;
  starts = listAt;
  held = starts + ((<usize>most) << 2);
  called = held + ((<usize>most) << 2);
  undo = undoAt;
  undoEnd = undoAt + undoBytes;
  undone = undo;
  frames = framesAt;
  top = -1;
}

/**
 * The tree in [text, end), `depth` in its chain, derived from the tree `base` (-1: from none) with `runCount` runs
 * (source, target, length; sorted by target) at `runs`. 1 if it is malformed: what comes before that place is kept.
 */
export function readTree(tree: i32, text: usize, end: usize, depth: i32, base: i32, runs: usize, runCount: u32): i32 {
  while (top >= depth) {
    takeBack(load<u32>(frames + <usize>top * FRAME, 12));
    top--;
  }
  const frame = frames + <usize>top * FRAME;
  const isDerived = base >= 0 && top >= 0 && depth == top + 1 && load<i32>(frame, 8) == base;
  const mark = undone;
  beginRecord(tree, isDerived ? base : NO_BASE);
  let isMalformed = 0;
  if (isDerived && change(text, end, runs, runCount, load<u32>(frame), load<u32>(frame, 4))) {
    enter(depth, load<u32>(frame), load<u32>(frame, 4), tree, mark);
  } else {
    // Steps that were taken are taken back, one by one: some may have been given away.
    const done = undone;
    for (let at = done; at > mark; at -= 12) opposite(at - 12);
    takeBack(mark);
    const free: u32 = top < 0 ? 0 : load<u32>(frame, 4) + 1;
    const last = build(
      text,
      end,
      runs,
      isDerived ? runCount : 0,
      free,
      isDerived ? load<u32>(frame) : 0,
      isDerived ? free - 1 : 0,
    );
    isMalformed = last < 0 ? 1 : 0;
    if (last < 0 || <u32>last >= capacity) enter(depth, free, free - 1, -1, mark);
    else enter(depth, free, last, tree, mark);
  }
  endRecord();
  return isMalformed;
}

function enter(depth: i32, first: u32, last: u32, tree: i32, mark: usize): void {
  const frame = frames + <usize>depth * FRAME;
  store<u32>(frame, first);
  store<u32>(frame, last, 4);
  store<i32>(frame, tree, 8);
  store<u32>(frame, mark, 12);
  top = depth;
}

/** Undoes changes in place, down to `mark`. */
function takeBack(mark: usize): void {
  while (undone > mark) {
    undone -= 12;
    const place = (<usize>load<u32>(undone)) << 2;
    store<i32>(held + place, load<i32>(undone, 4));
    store<i32>(called + place, load<i32>(undone, 8));
  }
}

/** The steps of one change in place, the other way round. */
function opposite(at: usize): void {
  const place = (<usize>load<u32>(at)) << 2;
  const old = load<i32>(at, 4);
  const now = load<i32>(held + place);
  if (now >= 0) step(~now);
  if (old >= 0) step(old);
  store<i32>(held + place, old);
}

/** False when there is no more room for changes in place. */
function set(place: u32, entry: i32, name: i32): bool {
  const at = (<usize>place) << 2;
  const old = load<i32>(held + at);
  if (old == entry) return true;
  if (undone + 12 > undoEnd) return false;
  store<u32>(undone, place);
  store<i32>(undone, old, 4);
  store<i32>(undone, load<i32>(called + at), 8);
  undone += 12;
  if (old >= 0) step(~old);
  if (entry >= 0) step(entry);
  store<i32>(held + at, entry);
  store<i32>(called + at, name);
  return true;
}

/** Reads the entry at a place again, of which the bytes from `from` on have changed. False: it ends elsewhere now. */
function readAgain(text: usize, textEnd: usize, place: u32, from: u32): bool {
  const end = load<u32>(starts + ((<usize>place) << 2), 4);
  const id = end - width;
  const old = load<i32>(held + ((<usize>place) << 2));
  if (from >= id) {
    if (old == NO_OBJECT) return true;
    const name = load<i32>(called + ((<usize>place) << 2));
    if (name != NO_TREE) return set(place, literal(name, 1, text + id), name);
    if (!mayBeWanted(text + id)) {
      check(text + id);
      return set(place, OTHER_BLOB, NO_TREE);
    }
  }
  const entry = parse(text + load<u32>(starts + ((<usize>place) << 2)), textEnd);
  if (entry == MALFORMED || parsedEnd != text + end) return false;
  return set(place, entry, parsedName);
}

/** Reads a tree in which nothing has moved. False if that is not so. */
function change(text: usize, end: usize, runs: usize, runCount: u32, first: u32, last: u32): bool {
  const length = <u32>(end - text);
  if (load<u32>(starts + ((<usize>last) << 2)) != length) return false;
  const stop = runs + <usize>runCount * 12;
  for (let run = runs; run < stop; run += 12) if (load<u32>(run) != load<u32>(run, 4)) return false;
  let place = first;
  let from: u32 = 0;
  for (let run = runs; run <= stop; run += 12) {
    const to = run < stop ? load<u32>(run) : length;
    if (from < to) {
      place = search(place, first, last, from + 1) - 1;
      for (; place < last && load<u32>(starts + ((<usize>place) << 2)) < to; place++)
        if (!readAgain(text, end, place, from)) return false;
    }
    if (run < stop) from = to + load<u32>(run, 8);
  }
  return true;
}

/** Makes the list of a tree from place `first` on. Gives its last place, at or above the capacity if it is too long; -1: the tree is malformed. */
function build(text: usize, end: usize, runs: usize, runCount: u32, first: u32, baseFirst: u32, baseLast: u32): i32 {
  const length = <u32>(end - text);
  const stop = runs + <usize>runCount * 12;
  let last = first;
  let at: u32 = 0;
  /** Base entries before this one have been taken over, or found gone. */
  let next = baseFirst;
  let run = runs;
  let isSound = true;
  while (at < length) {
    while (run < stop && load<u32>(run, 4) + load<u32>(run, 8) <= at) run += 12;
    if (run < stop && load<u32>(run, 4) <= at) {
      const shift = load<u32>(run) - load<u32>(run, 4);
      const copied = load<u32>(run) + load<u32>(run, 8);
      let place = search(next, baseFirst, baseLast, at + shift);
      if (place < baseLast && startOf(place) == at + shift && startOf(place + 1) <= copied) {
        // Entries that were passed over are gone; one that is copied once more is there once more.
        for (; next < place; next++) forget(next);
        for (; place < baseLast && startOf(place + 1) <= copied; place++) {
          const entry = load<i32>(held + ((<usize>place) << 2));
          if (place < next && entry >= 0) step(entry);
          put(last++, startOf(place) - shift, entry, load<i32>(called + ((<usize>place) << 2)));
        }
        if (place > next) next = place;
        at = startOf(place) - shift;
        continue;
      }
    }
    const entry = parse(text + at, end);
    if (entry == MALFORMED) {
      isSound = false;
      break;
    }
    put(last++, at, entry, parsedName);
    if (entry >= 0) step(entry);
    at = <u32>(parsedEnd - text);
  }
  for (; next < baseLast; next++) forget(next);
  if (!isSound) return -1;
  put(last, at, OTHER_BLOB, NO_TREE);
  return <i32>last;
}

function startOf(place: u32): u32 {
  return load<u32>(starts + ((<usize>place) << 2));
}

function forget(place: u32): void {
  const entry = load<i32>(held + ((<usize>place) << 2));
  if (entry >= 0) step(~entry);
}

function put(place: u32, start: u32, entry: i32, name: i32): void {
  if (place >= capacity) return;
  const at = (<usize>place) << 2;
  store<u32>(starts + at, start);
  store<i32>(held + at, entry);
  store<i32>(called + at, name);
}

/** First place in [low, high) with a start that is not below `start`, else `high`; it is most often at `guess` or soon after. */
function search(guess: u32, low: u32, high: u32, start: u32): u32 {
  let from = low;
  let to = high;
  if (guess < high && startOf(guess) < start) {
    from = guess + 1;
    let stride: u32 = 1;
    while (from + stride < high && startOf(from + stride) < start) {
      from += stride + 1;
      stride <<= 1;
    }
    if (from + stride < high) to = from + stride;
  }
  while (from < to) {
    const middle = (from + to) >> 1;
    if (startOf(middle) < start) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Ends what was read so far. */
export function finish(): void {
  flush();
  top = -1;
  undone = undo;
}
