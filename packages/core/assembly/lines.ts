/** The number of line feeds in `[from, to)` of memory. */
export function countLines(from: usize, to: usize): i32 {
  let count: i32 = 0;
  const feed = i8x16.splat(0x0a);
  for (; from + 16 <= to; from += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(from), feed)));
  for (; from < to; from++) if (load<u8>(from) == 0x0a) count++;
  return count;
}

/** Place behind the `lines`th line feed in `[from, to)` of a text, -1 if there are fewer. May read 15 bytes further. */
export function endOfLines(text: usize, from: i32, to: i32, lines: i32): i32 {
  const feed = i8x16.splat(0x0a);
  let left = lines;
  for (let at = from; at < to; at += 16) {
    let marks = i8x16.bitmask(i8x16.eq(v128.load(text + at), feed));
    for (; marks != 0; marks &= marks - 1) {
      const place = at + ctz(marks);
      if (place >= to) return -1;
      if (--left == 0) return place + 1;
    }
  }
  return -1;
}

/**
 * Place behind the `lines`th line feed before `from`, but not before `to`, going back; -1 if there are fewer. May read 15
 * bytes before the text.
 */
export function startOfLines(text: usize, from: i32, to: i32, lines: i32): i32 {
  const feed = i8x16.splat(0x0a);
  let left = lines;
  for (let at = from - 16; at + 16 > to; at -= 16) {
    let marks = i8x16.bitmask(i8x16.eq(v128.load(text + at), feed));
    while (marks != 0) {
      const last = 31 - clz(marks);
      const place = at + last;
      if (place < to) return -1;
      if (--left == 0) return place + 1;
      marks ^= 1 << last;
    }
  }
  return -1;
}
