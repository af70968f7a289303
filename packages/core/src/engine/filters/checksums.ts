/**
 * Checksums that issuers put into their tokens. A wrong one is a certain false positive, a right one a near-certain hit.
 * CRC32 is IEEE 802.3 (zlib). Where the issuer publishes no description, the algorithm was confirmed by recomputing it
 * over published sample tokens; a chance agreement of one sample has odds of one in four thousand million.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface Checksum {
  /** True if the whole secret carries the checksum that belongs to it. */
  readonly holds: (secret: Uint8Array) => boolean;
  /** The checksum that completes `body`, the secret up to where the checksum stands. */
  readonly of: (body: Uint8Array) => string;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Digits of `value` in the base of `alphabet`, padded on the left to `width`. */
function digits(value: number, alphabet: string, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / alphabet.length)) {
    text = (alphabet[rest % alphabet.length] ?? '') + text;
  }
  return text.padStart(width, alphabet[0] ?? '0');
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A checksum that ends the secret and has `width` characters. `least` is the shortest body that can carry one. */
function trailing(width: number, least: number, of: (body: Uint8Array) => string): Checksum {
  return {
    of,
    holds(secret) {
      const end = secret.length - width;
      if (end < least) return false;
      return equalsAscii(secret.subarray(end), of(secret.subarray(0, end)));
    },
  };
}

function equalsAscii(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Six base62 digits of the CRC32 of what follows a prefix of four characters (`ghp_`, `npm_`, `vcp_`). */
const afterPrefix: Checksum = trailing(6, 5, (body) => digits(crc32(body.subarray(4)), BASE62, 6));
/** The same over the prefix, too. */
const withPrefix: Checksum = trailing(6, 5, (body) => digits(crc32(body), BASE62, 6));

/** Characters 78 to 85 are the first 40 bits, in base32, of the SHA-256 of the 77 before; 8 more follow. */
const fineGrained: Checksum = {
  of: (body) => base32of40bits(createHash('sha256').update(body).digest()),
  holds: (secret) =>
    secret.length === 93 && equalsAscii(secret.subarray(77, 85), fineGrained.of(secret.subarray(0, 77))),
};

function base32of40bits(bytes: Uint8Array): string {
  let bits = 0n;
  for (let i = 0; i < 5; i++) bits = (bits << 8n) | BigInt(bytes[i] ?? 0);
  let text = '';
  for (let shift = 35n; shift >= 0n; shift -= 5n) text += BASE32[Number((bits >> shift) & 31n)] ?? '';
  return text;
}

/** Bech32 (BIP-173): six characters over the part before the last `1` and the data after it. The case is kept. */
const bech32: Checksum = {
  of(body) {
    const text = Buffer.from(body).toString('latin1');
    const values = bech32Values(text.toLowerCase());
    if (values === undefined) return '';
    const sum = polymod([...values, 0, 0, 0, 0, 0, 0]) ^ 1;
    let check = '';
    for (let i = 0; i < 6; i++) check += BECH32[(sum >>> (5 * (5 - i))) & 31] ?? '';
    return text === text.toUpperCase() ? check.toUpperCase() : check;
  },
  holds(secret) {
    const text = Buffer.from(secret).toString('latin1');
    if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false;
    const values = bech32Values(text.toLowerCase());
    return values !== undefined && secret.length - text.lastIndexOf('1') > 6 && polymod(values) === 1;
  },
};

function bech32Values(text: string): number[] | undefined {
  const split = text.lastIndexOf('1');
  if (split < 1) return undefined;
  const prefix = [...text.slice(0, split)].map((c) => c.charCodeAt(0));
  const data = [...text.slice(split + 1)].map((c) => BECH32.indexOf(c));
  if (data.includes(-1)) return undefined;
  return [...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...data];
}

function polymod(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generators.forEach((g, i) => {
      if (((top >>> i) & 1) === 1) sum ^= g;
    });
  }
  return sum;
}

const all: Readonly<Record<string, Checksum>> = {
  'github-crc32': afterPrefix,
  'github-pat-sha256': fineGrained,
  'npm-crc32': afterPrefix,
  'vercel-crc32': afterPrefix,
  'wandb-crc32': withPrefix,
  'deno-crc32': withPrefix,
  /** Routable tokens: everything before, prefix and dots included, in base36. */
  'gitlab-crc32': trailing(7, 8, (body) => digits(crc32(body), BASE36, 7)),
  /** Upper-case hexadecimal, everything before, the `=` included. */
  'atlassian-crc32': trailing(8, 8, (body) => hex(crc32(body)).toUpperCase()),
  /** The 40 characters before; the prefix does not count. */
  'cloudflare-crc32': trailing(8, 43, (body) => hex(crc32(body.subarray(body.length - 40)))),
  /** `glsa_` and 32 characters, without the `_` after them; the four bytes in little-endian order. */
  'grafana-crc32': trailing(8, 38, (body) => littleEndian(crc32(body.subarray(0, 37))).toString('hex')),
  /** The 32 characters after `zpka_`, without the `_` after them. */
  'zuplo-crc32': trailing(8, 38, (body) => hex(crc32(body.subarray(5, 37)))),
  /** The 54 characters after `cflt`; base64 of the four bytes in little-endian order, without padding. */
  'confluent-crc32': trailing(6, 58, (body) =>
    littleEndian(crc32(body.subarray(4, 58)))
      .toString('base64')
      .slice(0, 6),
  ),
  bech32,
};

/** By name: does the secret carry the right checksum? */
export const checksums: Readonly<Record<string, (secret: Uint8Array) => boolean>> = Object.fromEntries(
  Object.entries(all).map(([name, checksum]) => [name, checksum.holds]),
);

/** By name: the checksum that completes a body. For examples. */
export const checksumGenerators: Readonly<Record<string, (body: Uint8Array) => string>> = Object.fromEntries(
  Object.entries(all).map(([name, checksum]) => [name, checksum.of]),
);
