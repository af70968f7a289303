/**
 * Whether `bytes[from, to)` holds at least `min` consecutive bytes of `set` (256 flags): the test for a rule's `run`.
 * Looks at every `min`-th byte only while none of them belongs to the set, so a miss is cheap.
 */
export function containsRun(bytes: Uint8Array, set: Uint8Array, min: number, from: number, to: number): boolean {
  if (min <= 0) return true;
  // No run of `min` bytes begins before `begin`, and `[known, at]` is known to be of the set.
  let begin = from;
  let known = from;
  for (let at = begin + min - 1; at < to; at = begin + min - 1) {
    let i = at;
    while (i >= known && set[bytes[i] as number] === 1) i--;
    if (i < known) return true;
    begin = i + 1;
    known = at + 1;
  }
  return false;
}
