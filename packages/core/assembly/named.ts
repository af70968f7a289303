/**
 * For rules on a name and a value that stand apart, as in lists of `{"name": "X_TOKEN", "value": "…"}` or in property lists:
 * what stands between the two. The keyword may be followed by the rest of the name.
 */

export function named(text: usize, keywordEnd: i32, limit: i32): bool {
  let at = keywordEnd;
  while (at < limit && isAlphanumeric(load<u8>(text + at))) at++;
  if (at < limit && isQuote(load<u8>(text + at))) at++;
  while (at < limit && isBlank(load<u8>(text + at))) at++;
  if (at >= limit) return false;
  const b = load<u8>(text + at);
  // `", "value": "`
  if (b == 0x2c) {
    at++;
    while (at < limit && isSpace(load<u8>(text + at))) at++;
    return at + 1 < limit && isQuote(load<u8>(text + at)) && isV(load<u8>(text + at + 1));
  }
  // `</key><string>`
  if (b == 0x3c) return at + 1 < limit && load<u8>(text + at + 1) == 0x2f;
  // `value:` on the next line
  if (b == 0x0d) at++;
  if (at >= limit || load<u8>(text + at) != 0x0a) return false;
  at++;
  while (at < limit && isBlank(load<u8>(text + at))) at++;
  return at < limit && isV(load<u8>(text + at));
}

function isAlphanumeric(b: u8): bool {
  return (b >= 0x30 && b <= 0x39) || ((b | 0x20) >= 0x61 && (b | 0x20) <= 0x7a);
}

function isQuote(b: u8): bool {
  return b == 0x22 || b == 0x27;
}

function isBlank(b: u8): bool {
  return b == 0x20 || b == 0x09;
}

function isSpace(b: u8): bool {
  return isBlank(b) || b == 0x0a || b == 0x0d || b == 0x0c;
}

function isV(b: u8): bool {
  return (b | 0x20) == 0x76;
}
