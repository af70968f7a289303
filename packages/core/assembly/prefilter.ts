/**
 * One pass over raw bytes that answers which anchors stand where. The hot loop of the product.
 *
 * Each anchor is found by a fragment of four bytes, its rarest; those of three bytes by themselves and any byte that may
 * follow. A window of four bytes, made case-blind by setting bit 5 of each, is hashed into a map of one bit per slot; the
 * few windows that pass are looked up and compared with whole anchors, case folded for ASCII letters only. Candidates are
 * collected without a branch, since that would be mispredicted too often, and looked up afterwards.
 */
import {
  ANCHOR,
  ANCHOR_BYTES,
  anchors,
  fold,
  fragments,
  slots3,
  slots4,
  starts,
  windowMask,
  windows,
  windowShift,
} from './tables';

export const MULTIPLIER: u32 = 0x9e3779b1;
export const TABLE_MULTIPLIER: u32 = 0x85ebca6b;
const CASE_BLIND: u32 = 0x20202020;
const SHORT: u32 = 0x00ffffff;
/** Candidates of one block fit the nearest cache. */
const BLOCK: usize = 4096;

/** Addresses at which a fragment may begin. */
const candidates: usize = memory.data(4096 * 4 + 32, 16);
let candidatesEnd: usize = 0;

/** Where occurrences are put: 8 bytes each, position and anchor; and how many there are room for. */
let out: usize = 0;
let room: i32 = 0;
let found: i32 = 0;

/** Copied runs, which hold what need not be found: triples of source, target, length. Those that lie wholly in one are passed over. */
let runs: usize = 0;
let runCount: i32 = 0;
let run: i32 = 0;

export function beginSearch(outAt: usize, capacity: i32, runsAt: usize, count: i32): void {
  out = outAt;
  room = capacity;
  found = 0;
  runs = runsAt;
  runCount = count;
  run = 0;
}

/** Occurrences so far; more than there was room for when it exceeds the capacity. */
export function foundSoFar(): i32 {
  return found;
}

/** Finds the anchors that lie in `[from, to)` of the text at `text`. Up to ten bytes behind `to` are read. */
export function search(text: usize, from: usize, to: usize): void {
  if (to < from + 3) return;
  const last = text + to - 3;
  let at = text + from;
  while (at <= last) {
    const end = min(at + BLOCK - 1, last);
    collect(at, end);
    for (let c = candidates; c < candidatesEnd; c += 4) {
      const place = <usize>load<u32>(c);
      const window = load<u32>(place) | CASE_BLIND;
      look(text, place, window, to);
      const short = window & SHORT;
      const hash = (short * MULTIPLIER) >> 15;
      if (((<u32>load<u8>(slots3 + <usize>(hash >> 3)) >> (hash & 7)) & 1) != 0) look(text, place, short, to);
    }
    at = end + 1;
  }
}

/** Addresses in `[at, end]` at which a fragment may begin, and up to three behind. */
function collect(at: usize, end: usize): void {
  const bits = slots4;
  let next = candidates;
  for (; at <= end; at += 4) {
    const bytes = load<u64>(at) | 0x2020202020202020;
    store<u32>(next, <u32>at);
    next += isSet(bits, <u32>bytes) << 2;
    store<u32>(next, <u32>at + 1);
    next += isSet(bits, <u32>(bytes >> 8)) << 2;
    store<u32>(next, <u32>at + 2);
    next += isSet(bits, <u32>(bytes >> 16)) << 2;
    store<u32>(next, <u32>at + 3);
    next += isSet(bits, <u32>(bytes >> 24)) << 2;
  }
  candidatesEnd = next;
}

function isSet(bits: usize, window: u32): usize {
  const hash = (window * MULTIPLIER) >> 13;
  return <usize>((<u32>load<u8>(bits + <usize>(hash >> 3)) >> (hash & 7)) & 1);
}

/** Reports the anchors that have `window` as their fragment and stand around `place`. */
function look(text: usize, place: usize, window: u32, to: usize): void {
  let slot = (window * TABLE_MULTIPLIER) >> windowShift;
  let at = windows + ((<usize>slot) << 3);
  while (load<u32>(at) != window || load<i32>(at, 4) < 0) {
    if (load<i32>(at, 4) < 0) return;
    slot = (slot + 1) & windowMask;
    at = windows + ((<usize>slot) << 3);
  }
  const bucket = starts + ((<usize>load<i32>(at, 4)) << 2);
  const end = fragments + ((<usize>load<u32>(bucket, 4)) << 3);
  for (let f = fragments + ((<usize>load<u32>(bucket)) << 3); f < end; f += 8) {
    const fragment = load<u32>(f);
    const start = <isize>(place - text) - <isize>(fragment & 0xff);
    if (start < 0) continue;
    const first = load<u32>(f, 4);
    if (first != 0 && (load<u32>(text + start) | CASE_BLIND) != first) continue;
    stand(text, <usize>start, fragment >> 8, to);
  }
}

function stand(text: usize, start: usize, anchor: u32, to: usize): void {
  const entry = anchors + <usize>(anchor & ANCHOR) * ANCHOR_BYTES;
  const needed = <usize>load<u32>(entry, 12);
  if (start + needed > to) return;
  const length = <usize>load<u32>(entry, 4);
  if (!equalsFolded(text + start, load<u32>(entry), length)) return;
  const next = <usize>load<u32>(entry, 8);
  if (next != 0 && load<u8>(next + load<u8>(text + start + length)) == 0) return;
  if (runCount > 0 && isCopied(<i32>start, <i32>needed)) return;
  if (found < room) {
    const at = out + ((<usize>found) << 3);
    store<u32>(at, <u32>start);
    store<u32>(at, anchor, 4);
  }
  found++;
}

/** Whether the bytes at `text` are those at `folded`, ASCII case ignored. */
export function equalsFolded(text: usize, folded: usize, length: usize): bool {
  const table = fold;
  for (let k: usize = 0; k < length; k++) {
    if (load<u8>(table + load<u8>(text + k)) != load<u8>(folded + k)) return false;
  }
  return true;
}

/** Whether `[start, start + length)` lies in one run. Starts come nearly in order, so the run is near the last one. */
function isCopied(start: i32, length: i32): bool {
  while (run > 0 && endOf(run - 1) > start) run--;
  while (run < runCount && endOf(run) <= start) run++;
  return run < runCount && load<i32>(runs + <usize>run * 12, 4) <= start && start + length <= endOf(run);
}

function endOf(index: i32): i32 {
  const at = runs + <usize>index * 12;
  return load<i32>(at, 4) + load<i32>(at, 8);
}
