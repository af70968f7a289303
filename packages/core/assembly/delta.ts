/**
 * Deltas (gitformat-pack, "Deltified representation"): copy a range of the base, or insert bytes. What was copied is told
 * as runs, so that a scanner knows what it has seen before.
 */
import { copyApart } from './copy';

export const BAD_DELTA: i32 = -1;
export const TOO_MANY_RUNS: i32 = -2;

let next: usize = 0;

/** A size at the head of a delta; above 31 bits: -1. Moves `next`. */
function varint(end: usize): i64 {
  let value: i64 = 0;
  let shift: i64 = 0;
  while (next < end) {
    const byte = <i64>load<u8>(next++);
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value > i32.MAX_VALUE ? -1 : value;
    shift += 7;
    if (shift > 35) return -1;
  }
  return -1;
}

/** The size of the result that a delta claims; -1 for a delta that is corrupt, or larger than 31 bits can say. */
export function resultSize(delta: usize, deltaSize: u32): i32 {
  next = delta;
  const end = delta + deltaSize;
  if (varint(end) < 0) return -1;
  return <i32>varint(end);
}

/**
 * The result of a delta at `to`, and at `runs` the copied ranges as triples of 32 bits: source, target, length; in the
 * order of the target, joined where both go on; those of less than `shortest` bytes are left out. Behind base, delta and result 64 bytes may be touched. Gives the number
 * of runs, or BAD_DELTA, or TOO_MANY_RUNS for more than `maxRuns`, when the result is whole all the same.
 */
export function applyDelta(
  base: usize,
  baseSize: u32,
  delta: usize,
  deltaSize: u32,
  to: usize,
  size: u32,
  runs: usize,
  maxRuns: u32,
  shortest: u32,
): i32 {
  const end = delta + deltaSize;
  next = delta;
  if (varint(end) != <i64>baseSize || varint(end) != <i64>size) return BAD_DELTA;
  let at = next;
  let out = to;
  const outEnd = to + size;
  /** The last run, which may go on. */
  let run = runs - 12;
  const runsEnd = runs + <usize>maxRuns * 12;
  let isFull = false;
  /** Where the last run ends, in base and result. */
  let source: u32 = 0;
  let target: usize = 0;
  while (at < end) {
    const op = <u32>load<u8>(at++);
    if ((op & 0x80) == 0) {
      if (op == 0 || at + op > end || <usize>op > outEnd - out) return BAD_DELTA;
      copyApart(out, at, op);
      at += op;
      out += op;
      continue;
    }
    let from: u32 = 0;
    let length: u32 = 0;
    if ((op & 0x01) != 0) from = <u32>load<u8>(at++);
    if ((op & 0x02) != 0) from |= (<u32>load<u8>(at++)) << 8;
    if ((op & 0x04) != 0) from |= (<u32>load<u8>(at++)) << 16;
    if ((op & 0x08) != 0) from |= (<u32>load<u8>(at++)) << 24;
    if ((op & 0x10) != 0) length = <u32>load<u8>(at++);
    if ((op & 0x20) != 0) length |= (<u32>load<u8>(at++)) << 8;
    if ((op & 0x40) != 0) length |= (<u32>load<u8>(at++)) << 16;
    if (length == 0) length = 0x10000;
    if (at > end || <u64>from + length > <u64>baseSize || <usize>length > outEnd - out) return BAD_DELTA;
    copyApart(out, base + from, length);
    if (from == source && out == target && run >= runs) {
      store<u32>(run, load<u32>(run, 8) + length, 8);
    } else if (run + 12 < runsEnd) {
      if (run < runs || load<u32>(run, 8) >= shortest) run += 12;
      store<u32>(run, from);
      store<u32>(run, <u32>(out - to), 4);
      store<u32>(run, length, 8);
    } else {
      isFull = true;
    }
    out += length;
    source = from + length;
    target = out;
  }
  if (out != outEnd) return BAD_DELTA;
  if (run >= runs && load<u32>(run, 8) < shortest) run -= 12;
  return isFull ? TOO_MANY_RUNS : <i32>((run + 12 - runs) / 12);
}
