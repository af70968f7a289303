/** Kinds of bytes. Case folding is ASCII only, as everywhere in the engine. */

/** Maps A–Z to a–z and leaves every other byte. */
export const FOLD: Uint8Array = (() => {
  const t = new Uint8Array(256);
  for (let b = 0; b < 256; b++) t[b] = b >= 0x41 && b <= 0x5a ? b + 32 : b;
  return t;
})();

export const isDigit = (b: number): boolean => b >= 0x30 && b <= 0x39;
export const isLower = (b: number): boolean => b >= 0x61 && b <= 0x7a;
export const isUpper = (b: number): boolean => b >= 0x41 && b <= 0x5a;
export const isAlnum = (b: number): boolean => isDigit(b) || isLower(b) || isUpper(b);
export const isHex = (b: number): boolean => isDigit(b) || (b >= 0x61 && b <= 0x66) || (b >= 0x41 && b <= 0x46);

const encoder = new TextEncoder();
const latin1 = new TextDecoder('latin1');

export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes as text, one character each; for short excerpts and names. */
export function latin1Text(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 where it is valid, else Latin-1. */
export function lenientText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

export function indexOfBytes(haystack: Uint8Array, needle: Uint8Array, from: number, to: number): number {
  const last = to - needle.length;
  const first = needle[0];
  if (first === undefined) return from;
  for (let i = haystack.indexOf(first, from); i >= 0 && i <= last; i = haystack.indexOf(first, i + 1)) {
    let k = 1;
    while (k < needle.length && haystack[i + k] === needle[k]) k++;
    if (k === needle.length) return i;
  }
  return -1;
}
