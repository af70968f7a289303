/**
 * Whether a match can hold a keyword, by what stands around it: two automata over bytes (rules/around.ts), one that reads on
 * behind the keyword and one that reads back from it. Both take more than the pattern does.
 */

/** Instead of a state (rules/determine.ts): no way leads on. The number above it: what comes later does not matter. */
const DEAD: u32 = 254;

/** The rule looks at `[from, to)`. Where an automaton comes to an end of that, more may follow. */
export function mayStandIn(text: usize, entry: usize, keyword: i32, keywordEnd: i32, from: i32, to: i32): bool {
  const classes = <usize>load<u32>(entry, 48);
  const starts = load<u32>(entry, 52);
  const width = starts >> 16;
  let state = starts & 0xff;
  let rows = classes + 256;
  for (let i = keywordEnd; state < DEAD && i < to; i++)
    state = load<u8>(rows + state * width + load<u8>(classes + load<u8>(text + i)));
  if (state == DEAD) return false;
  state = (starts >> 8) & 0xff;
  rows = <usize>load<u32>(entry, 56);
  for (let i = keyword - 1; state < DEAD && i >= from; i--)
    state = load<u8>(rows + state * width + load<u8>(classes + load<u8>(text + i)));
  return state != DEAD;
}

const FEED: u32 = 0x0a;

/**
 * Whether what stands behind the keyword on its own line suffices to say that no match holds it. What a rule looks at ends
 * behind that line, if not further on or at `to`.
 */
export function endsOnLine(text: usize, entry: usize, keywordEnd: i32, to: i32): bool {
  const classes = <usize>load<u32>(entry, 48);
  if (classes == 0) return false;
  const starts = load<u32>(entry, 52);
  const width = starts >> 16;
  const rows = classes + 256;
  let state = starts & 0xff;
  for (let i = keywordEnd; state < DEAD && i < to; i++) {
    const b = <u32>load<u8>(text + i);
    if (b == FEED) return false;
    state = load<u8>(rows + state * width + load<u8>(classes + b));
  }
  return state == DEAD;
}
