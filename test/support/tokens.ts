/** Credentials that are made when a test runs: none is ever written down in the repository. */
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Deterministic letters and digits; different for each seed. */
export function randomText(length: number, seed: string, alphabet: string = DIGITS): string {
  let state = crc32(seed) | 1;
  let out = '';
  for (let i = 0; i < length; i++) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out += alphabet.charAt((state >>> 0) % alphabet.length);
  }
  return out;
}

/** A GitHub personal access token with its checksum: the surest rule there is finds it. */
export function githubToken(seed: string): string {
  const body = randomText(30, `github ${seed}`);
  let rest = crc32(body);
  let sum = '';
  for (let i = 0; i < 6; i++) {
    sum = DIGITS.charAt(rest % 62) + sum;
    rest = Math.floor(rest / 62);
  }
  return ['gh', 'p_', body, sum].join('');
}

/** A password in a database URL. */
export function databaseUrl(seed: string): { readonly url: string; readonly password: string } {
  const password = randomText(22, `database ${seed}`);
  return { url: ['postgresql:', `//app:${password}`, '@db.internal.acme.io:5432/orders'].join(''), password };
}

/** A private key in PEM, of random bytes. */
export function privateKey(seed: string): string {
  const alphabet = `${DIGITS}+/`;
  const body = Array.from({ length: 24 }, (_, i) => randomText(64, `key ${seed} ${i}`, alphabet));
  const kind = ['RSA', 'PRIVATE', 'KEY'].join(' ');
  return [`-----BEGIN ${kind}-----`, ...body, `-----END ${kind}-----`, ''].join('\n');
}
