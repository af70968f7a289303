/** The number of line feeds in `[from, to)` of memory. */
export function countLines(from: usize, to: usize): i32 {
  let count: i32 = 0;
  const feed = i8x16.splat(0x0a);
  for (; from + 16 <= to; from += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(from), feed)));
  for (; from < to; from++) if (load<u8>(from) == 0x0a) count++;
  return count;
}
