/**
 * For rules on `scheme://user:password@host`: an `@` after a `:` in what can be the authority of a URL. Most URLs have
 * none, so this is cheaper than asking RE2 about each.
 */

const ENDS: Uint8Array = (() => {
  const t = new Uint8Array(256);
  for (const c of '\t\n\f\r "\'/<>\\`') t[c.charCodeAt(0)] = 1;
  return t;
})();

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
    else if (ENDS[b] === 1) return false;
  }
  return false;
}
