/**
 * Two digests with two purposes. A credential id is the same on every machine: its key is the project's salt, which is
 * no secret. A fingerprint has a per-user key that never leaves this machine, and serves local state alone.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Identity } from '../types/index.ts';

/** Key of ids where neither `project.salt` nor a private key is set. */
export const DEFAULT_SALT = 'unleak/v1';

const ID_PREFIX = 'c1_';
const FINGERPRINT_PREFIX = 'f1_';
/** 20 bits of a digest of the salt. */
const TAG_LENGTH = 4;
const ID_BYTES = 10;
const FINGERPRINT_BYTES = 16;
const ID_LENGTH: number = ID_PREFIX.length + TAG_LENGTH + (ID_BYTES * 8) / 5;

/**
 * Where equal values are coincidence (passwords, generic rules) the place belongs to the identity: the normalised name
 * of the variable, and the name of the project or repository.
 */
export interface IdScope {
  readonly name: string;
  readonly repository: string;
}

/**
 * `c1_`, four characters that name the salt, and 80 bits of HMAC-SHA256 under it, in base32 (RFC 4648, lower case, no
 * padding). `bytes` are what `canonicaliser` made of the match.
 */
export function credentialId(salt: string, canonicaliser: Identity, bytes: Uint8Array, scope?: IdScope): string {
  const hmac = createHmac('sha256', salt).update(canonicaliser);
  if (scope === undefined) {
    hmac.update(ZERO).update(bytes);
  } else {
    // Lengths keep ("ab", "c") and ("a", "bc") apart; the leading byte keeps both apart from ids without a scope.
    hmac.update(ONE).update(length(bytes)).update(bytes);
    const name = Buffer.from(scope.name);
    hmac.update(length(name)).update(name).update(scope.repository);
  }
  return ID_PREFIX + saltTag(salt) + base32(hmac.digest().subarray(0, ID_BYTES));
}

/** Names a salt without telling it: in every id, and in the header of baseline and ignore files. */
export function saltTag(salt: string): string {
  if (salt !== lastSalt) {
    lastTag = base32(createHash('sha256').update('unleak/salt-tag/v1\0').update(salt).digest()).slice(0, TAG_LENGTH);
    lastSalt = salt;
  }
  return lastTag;
}

// A run has one salt, and asks for its tag once per hit. That of most is known, so that what finds nothing need not load
// the digests.
let lastSalt = DEFAULT_SALT;
let lastTag = 'orzf';

/** Whether `text` has the form of a credential id, made with whatever salt. */
export function isCredentialId(text: string): boolean {
  return (
    text.length === ID_LENGTH &&
    text.startsWith(ID_PREFIX) &&
    [...text.slice(ID_PREFIX.length)].every((c) => ALPHABET.includes(c))
  );
}

/** The salt tag of a credential id; `undefined` if `text` is none. */
export function tagOfId(text: string): string | undefined {
  return isCredentialId(text) ? text.slice(ID_PREFIX.length, ID_PREFIX.length + TAG_LENGTH) : undefined;
}

/** Digest under the per-user `key` (32 bytes): equal for equal credentials of this user, and useless elsewhere. */
export function fingerprint(key: Uint8Array, canonicaliser: Identity, bytes: Uint8Array): string {
  const digest = createHmac('sha256', key)
    .update('unleak/fingerprint/v1\0')
    .update(canonicaliser)
    .update(ZERO)
    .update(bytes)
    .digest();
  return FINGERPRINT_PREFIX + base32(digest.subarray(0, FINGERPRINT_BYTES));
}

const ZERO = Uint8Array.of(0);
const ONE = Uint8Array.of(1);

function length(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, bytes.length);
  return out;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32, lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(value >> bits) & 31] ?? '';
    }
  }
  return bits === 0 ? out : out + (ALPHABET[(value << (5 - bits)) & 31] ?? '');
}
