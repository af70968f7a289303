/**
 * What comes of trees: what each has more and less than its base, and the entries that are named there. Both go to places
 * that the caller empties when they are full, in the middle of a tree if need be.
 */

/** Called when a place is full: the caller takes what is there. */
declare function drain(): void;

/** A record: the tree's number, that of its base, how many steps follow; then the steps. */
const HEAD: usize = 12;
/** In place of a base: no base; the record goes on with the tree before. */
export const NO_BASE: i32 = -1;
const CONTINUED: i32 = -2;

let width: u32 = 0;
let ids: usize = 0;
let kinds: usize = 0;
let literalCapacity: u32 = 0;
let records: usize = 0;
let recordsEnd: usize = 0;
let checks: usize = 0;
let checkCapacity: u32 = 0;
/** Three words that the caller reads: literals at hand, bytes of records, ids to be checked. */
let counts: usize = 0;

/** Literals that were given away, and those at hand. */
let before: u32 = 0;
let literals: u32 = 0;
let record: usize = 0;
let used: usize = 0;
let checked: u32 = 0;

export function setOutput(
  idBytes: u32,
  idsAt: usize,
  kindsAt: usize,
  mostLiterals: u32,
  recordsAt: usize,
  recordBytes: u32,
  checksAt: usize,
  mostChecks: u32,
  countsAt: usize,
): void {
  width = idBytes;
  ids = idsAt;
  kinds = kindsAt;
  literalCapacity = mostLiterals;
  records = recordsAt;
  recordsEnd = recordsAt + recordBytes;
  checks = checksAt;
  checkCapacity = mostChecks;
  counts = countsAt;
  checked = 0;
  before = 0;
  literals = 0;
  record = records;
  used = records;
}

/** Gives everything to the caller. A record that is being written ends here. */
export function flush(): void {
  store<u32>(counts, literals);
  store<u32>(counts, <u32>(used - records), 4);
  store<u32>(counts, checked, 8);
  drain();
  checked = 0;
  before += literals;
  literals = 0;
  used = records;
}

/** Number of a new literal: an entry with this name and the id at `id`, of a tree (`isTree` 1) or a blob. */
export function literal(name: u32, isTree: u32, id: usize): i32 {
  if (literals == literalCapacity) flushWithin();
  copyId(ids + <usize>(literals * width), id);
  store<u32>(kinds + <usize>(literals << 2), (name << 1) | isTree);
  literals++;
  return <i32>(before + literals - 1);
}

function copyId(to: usize, id: usize): void {
  for (let at: u32 = 0; at < width; at += 4) store<u32>(to + at, load<u32>(id + at));
}

/** The id of a blob that is not wanted, for a caller who asks whether there is such an object. */
export function check(id: usize): void {
  if (checkCapacity == 0) return;
  if (checked == checkCapacity) flushWithin();
  copyId(checks + <usize>(checked * width), id);
  checked++;
}

export function beginRecord(tree: i32, base: i32): void {
  if (used + HEAD + 4 > recordsEnd) flush();
  record = used;
  store<i32>(record, tree);
  store<i32>(record, base, 4);
  used += HEAD;
}

/** A step: an entry that the tree has more than its base, or the complement of one that it has less. */
export function step(value: i32): void {
  if (used + 4 > recordsEnd) flushWithin();
  store<i32>(used, value);
  used += 4;
}

export function endRecord(): void {
  store<u32>(record, <u32>((used - record - HEAD) >> 2), 8);
}

/** Gives everything away in the middle of a tree, which goes on in a new record. */
function flushWithin(): void {
  const tree = load<i32>(record);
  endRecord();
  flush();
  beginRecord(tree, CONTINUED);
}
