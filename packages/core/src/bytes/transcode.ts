/**
 * RE2 reads bytes as UTF-8 and does not match across invalid ones. A slice that is not valid UTF-8 is therefore read as
 * Latin-1: every byte from 0x80 on becomes two bytes, and positions are mapped back.
 */

export interface Transcoded {
  readonly bytes: Uint8Array;
  /** Position in `bytes` → position in the original slice. */
  toOriginal(position: number): number;
  /** Position in the original slice → position in `bytes`. */
  fromOriginal(position: number): number;
}

/**
 * True if `bytes[from, to)` is valid UTF-8, where up to three continuation bytes at the start and an unfinished
 * sequence at the end are allowed: a slice may cut a character.
 */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let i = from;
  while (i < to && (bytes[i] ?? 0) < 0x80) i++;
  if (i === to) return true;
  if (i === from) {
    for (let k = 0; k < 3 && i < to && ((bytes[i] ?? 0) & 0xc0) === 0x80; k++) i++;
  }
  while (i < to) {
    const b = bytes[i] ?? 0;
    if (b < 0x80) {
      i++;
      continue;
    }
    const size = b >= 0xc2 && b <= 0xdf ? 2 : b >= 0xe0 && b <= 0xef ? 3 : b >= 0xf0 && b <= 0xf4 ? 4 : 0;
    if (size === 0) return false;
    for (let k = 1; k < size; k++) {
      if (i + k >= to) return true;
      const c = bytes[i + k] ?? 0;
      if ((c & 0xc0) !== 0x80) return false;
      if (
        k === 1 &&
        ((b === 0xe0 && c < 0xa0) || (b === 0xed && c > 0x9f) || (b === 0xf0 && c < 0x90) || (b === 0xf4 && c > 0x8f))
      )
        return false;
    }
    i += size;
  }
  return true;
}

export function fromLatin1(slice: Uint8Array): Transcoded {
  let high = 0;
  for (const b of slice) if (b >= 0x80) high++;
  const bytes = new Uint8Array(slice.length + high);
  const starts = new Int32Array(slice.length + 1);
  const origin = new Int32Array(bytes.length + 1);
  let at = 0;
  for (let i = 0; i < slice.length; i++) {
    const b = slice[i] ?? 0;
    starts[i] = at;
    origin[at] = i;
    if (b < 0x80) {
      bytes[at++] = b;
    } else {
      bytes[at++] = 0xc0 | (b >> 6);
      origin[at] = i;
      bytes[at++] = 0x80 | (b & 0x3f);
    }
  }
  starts[slice.length] = at;
  origin[at] = slice.length;
  return {
    bytes,
    toOriginal: (position) => origin[position] ?? slice.length,
    fromOriginal: (position) => starts[position] ?? at,
  };
}
