/**
 * UTF-16 of either byte order: maximal runs in which every other byte is NUL and the rest are ASCII. The decoded text is
 * the ASCII bytes; the byte order does not matter to it, nor does a byte order mark. Texts with NUL are rare, so nothing
 * is taken over from a base: every region has all of the text as its extent.
 */
import { length, tell, text, UTF16 } from './regions';

const MIN_CHARACTERS: i32 = 8;

function isText(at: i32): bool {
  if (at >= length) return false;
  const b = <u32>load<u8>(text + at);
  return (b >= 0x20 && b < 0x7f) || b == 0x09 || b == 0x0a || b == 0x0d;
}

function isNul(at: i32): bool {
  return at < length && load<u8>(text + at) == 0;
}

/** Tells all regions of the text; true if there is a NUL in it at all. */
export function findUtf16(): bool {
  let floor = 0;
  let zero = 0;
  let any = false;
  while (true) {
    while (zero < length && !isNul(zero)) zero++;
    if (zero >= length) return any;
    any = true;
    const start = zero > floor && isText(zero - 1) ? zero - 1 : zero + 1;
    if (!isText(start)) {
      floor = zero + 1;
      zero = floor;
      continue;
    }
    let end = start + 1;
    while (end + 1 < length && isNul(end) && isText(end + 1)) end += 2;
    if (isNul(end)) end++;
    if ((end - start + 1) >> 1 >= MIN_CHARACTERS) tell(UTF16, start, end, i32.MIN_VALUE, i32.MAX_VALUE, 0);
    floor = max(end, zero + 1);
    zero = floor;
  }
}

/** Every other byte of `[from, end)` of memory, to `to`; gives their number. */
export function decodeUtf16(from: usize, end: usize, to: usize): i32 {
  let out = to;
  for (let at = from; at < end; at += 2) store<u8>(out++, load<u8>(at));
  return <i32>(out - to);
}
