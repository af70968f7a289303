/** True when one of the `length` bytes at `from` is NUL. Up to 63 bytes behind them are read. */
export function hasZero(from: usize, length: u32): bool {
  const zero = i8x16.splat(0);
  const end = from + length;
  let at = from;
  for (; at + 64 <= end; at += 64) {
    const low = v128.or(i8x16.eq(v128.load(at), zero), i8x16.eq(v128.load(at, 16), zero));
    const high = v128.or(i8x16.eq(v128.load(at, 32), zero), i8x16.eq(v128.load(at, 48), zero));
    if (v128.any_true(v128.or(low, high))) return true;
  }
  for (; at < end; at++) if (load<u8>(at) == 0) return true;
  return false;
}
