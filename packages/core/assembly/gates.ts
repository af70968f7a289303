/**
 * Conditions on bytes that must hold before RE2 is asked. Each is implied by the patterns that it stands for: where it
 * does not hold, no match can hold this keyword.
 */
import { assignment, token } from './assignment';
import { mayStandIn } from './around';
import { named } from './named';
import { GATE_SHIFT } from './tables';
import { userinfo } from './userinfo';

export const REFUSED_BY_NEXT: i32 = 1;
export const REFUSED_BY_GATE: i32 = 2;
export const REFUSED_BY_RUN: i32 = 3;
export const REFUSED_AROUND: i32 = 4;

/**
 * 0 where all conditions of the entry hold at the keyword, else which one does not. The rule looks at `[from, end)`; the
 * bytes at and behind `limit` are there for assertions alone.
 */
export function passes(
  text: usize,
  length: i32,
  entry: usize,
  keyword: i32,
  keywordEnd: i32,
  from: i32,
  limit: i32,
  end: i32,
): i32 {
  const after = <usize>load<u32>(entry, 28);
  if (after != 0) {
    const behind = keywordEnd + load<i32>(entry, 32);
    if (behind > length) return REFUSED_BY_NEXT;
    for (let i = keywordEnd; i < behind; i++) if (load<u8>(after + load<u8>(text + i)) == 0) return REFUSED_BY_NEXT;
  }
  if (load<u32>(entry, 48) != 0 && !mayStandIn(text, entry, keyword, keywordEnd, from, end)) return REFUSED_AROUND;
  const gate = load<u32>(entry, 12) >> GATE_SHIFT;
  if (gate != 0 && !holds(gate, text, keyword, keywordEnd, limit)) return REFUSED_BY_GATE;
  const run = <usize>load<u32>(entry, 36);
  if (run != 0 && !hasRun(text, run, load<i32>(entry, 40), from, limit)) return REFUSED_BY_RUN;
  return 0;
}

/** Gates by the number that engine/gates.ts gives their names. Nothing at or behind `limit` is read. */
export function holds(gate: u32, text: usize, keyword: i32, keywordEnd: i32, limit: i32): bool {
  if (gate == 1) return assignment(text, keyword, keywordEnd, limit);
  if (gate == 2) return token(text, keyword, keywordEnd, limit);
  if (gate == 3) return userinfo(text, keywordEnd, limit);
  return named(text, keywordEnd, limit);
}

/** Whether `[from, to)` has a run of `least` flagged bytes. Looks at every `least`th first: a run cannot lie between two of them. */
function hasRun(text: usize, flags: usize, least: i32, from: i32, to: i32): bool {
  let probe = from + least - 1;
  while (probe < to) {
    if (load<u8>(flags + load<u8>(text + probe)) == 0) {
      probe += least;
      continue;
    }
    let start = probe;
    while (start > from && probe - start < least && load<u8>(flags + load<u8>(text + start - 1)) != 0) start--;
    let end = probe + 1;
    while (end < to && end - start < least && load<u8>(flags + load<u8>(text + end)) != 0) end++;
    if (end - start >= least) return true;
    probe = end + least;
  }
  return false;
}
