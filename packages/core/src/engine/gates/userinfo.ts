/**
 * For rules on `scheme://user:password@host`: an `@` after a `:` in what can be the authority of a URL. Most URLs have
 * none, so this is cheaper than asking RE2 about each.
 */

/** Longest authority that the rules read: user, colon, password. */
const MAX_AUTHORITY = 1400;

export function userinfoGate(bytes: Uint8Array, _keywordStart: number, keywordEnd: number, limit: number): boolean {
  const end = Math.min(limit, keywordEnd + MAX_AUTHORITY);
  let colon = false;
  for (let i = keywordEnd; i < end; i++) {
    const b = bytes[i] as number;
    if (b === 0x3a) colon = true;
    else if (b === 0x40 && colon) return true;
    // What neither user nor password may hold: white space, quotes, angle brackets, slash, backslash.
    else if (b <= 0x20 || b === 0x22 || b === 0x27 || b === 0x2f || b === 0x3c || b === 0x3e || b === 0x5c || b === 0x60) {
      if (b <= 0x08 || (b >= 0x0e && b <= 0x1f)) continue;
      return false;
    }
  }
  return false;
}
