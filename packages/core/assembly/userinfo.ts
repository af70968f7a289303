/**
 * For rules on `scheme://user:password@host`: an `@` after a `:` in what can be the authority of a URL. Most URLs have
 * none, so this is cheaper than asking RE2 about each.
 */

/** Longest authority that the rules read: user, colon, password. */
const LONGEST: i32 = 1400;

export function userinfo(text: usize, keywordEnd: i32, limit: i32): bool {
  const end = min(limit, keywordEnd + LONGEST);
  let colon = false;
  for (let i = keywordEnd; i < end; i++) {
    const b = load<u8>(text + i);
    if (b == 0x3a) colon = true;
    else if (b == 0x40) {
      if (colon) return true;
    } else if (isEnd(b)) return false;
  }
  return false;
}

/** What neither user nor password may hold: white space, quotes, angle brackets, slash, backslash. */
function isEnd(b: u8): bool {
  return (
    b == 0x2f ||
    b == 0x20 ||
    b == 0x22 ||
    b == 0x27 ||
    b == 0x0a ||
    b == 0x09 ||
    b == 0x0c ||
    b == 0x0d ||
    b == 0x3c ||
    b == 0x3e ||
    b == 0x5c ||
    b == 0x60
  );
}
