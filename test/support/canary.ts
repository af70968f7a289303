/** Looks for pieces of secrets in whatever a program has written. */

const PIECE = 8;
/** Characters that a piece decides wholly, at each of the three offsets. */
const BASE64_PIECE = 10;

/**
 * Every run of eight bytes of the secrets that stands in `written`: in clear, in hex, in percent-encoding, or in base64 at
 * any of its three offsets. Gives how it is written and where in the secret it begins, not the piece itself.
 */
export function traces(written: Uint8Array, secrets: readonly string[]): readonly string[] {
  const needles = new Map<string, string>();
  for (const [index, secret] of secrets.entries()) {
    for (let at = 0; at + PIECE <= secret.length; at++) {
      const piece = Buffer.from(secret.slice(at, at + PIECE), 'latin1');
      const where = `byte ${at} of secret ${index}`;
      needles.set(piece.toString('latin1'), `clear: ${where}`);
      needles.set(`hex ${piece.toString('hex')}`, `hex: ${where}`);
      needles.set(
        `percent ${[...piece].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')}`,
        `percent: ${where}`,
      );
      for (const offset of [0, 1, 2]) needles.set(`base64 ${base64Core(piece, offset)}`, `base64: ${where}`);
    }
  }
  const text = Buffer.from(written).toString('latin1');
  const lower = text.toLowerCase();
  const url = text.replaceAll('-', '+').replaceAll('_', '/');
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    for (const key of [
      text.slice(at, at + PIECE),
      `hex ${lower.slice(at, at + 2 * PIECE)}`,
      `percent ${lower.slice(at, at + 3 * PIECE)}`,
      `base64 ${url.slice(at, at + BASE64_PIECE)}`,
    ]) {
      const needle = needles.get(key);
      if (needle !== undefined) found.push(needle);
    }
  }
  return found;
}

/** The characters that depend on the piece alone when it begins at `offset` of a group of three bytes. */
function base64Core(piece: Buffer, offset: number): string {
  const all = Buffer.concat([Buffer.alloc(offset), piece])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + piece.length) * 8) / 6);
  return all.slice(first, last);
}
