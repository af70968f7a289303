/**
 * Which bytes identify a credential, so that it has one identity however it is written. A closed, versioned list: ids
 * depend on it, so a change here makes every id of that canonicaliser new. No input throws; what does not parse is
 * identified by its trimmed bytes.
 *
 * - `token`   the secret, decoded, without blanks around it
 * - `pem`     what the armour's base64 holds (DER, or the packets of OpenSSH, PuTTY and PGP)
 * - `pair`    the public part, which is the rule's secret
 * - `url`     scheme, user, host, database and password
 * - `json-key` the key id of a JSON key file, else its key as `pem`
 */
import type { Identity } from '../types/index.ts';
import { latin1Text } from './ascii.ts';
import { pemBytes } from './canonical-pem.ts';
import { urlFields } from './canonical-url.ts';

export type Parts = Readonly<Record<string, Uint8Array>>;

/**
 * `secret` decoded; `parts` the other named groups and companions; `match` all that the rule matched, for `url` and
 * `json-key`, whose identity also lies around the secret.
 */
export function canonicalIdentity(
  identity: Identity,
  secret: Uint8Array,
  parts: Parts = {},
  match: Uint8Array = secret,
): Uint8Array {
  switch (identity) {
    case 'token':
    case 'pair':
      return trim(secret);
    case 'pem':
      return pemBytes(secret) ?? trim(secret);
    case 'url':
      return joinFields(urlFields(secret, parts, match));
    case 'json-key':
      return keyId(parts, secret, match) ?? pemBytes(secret) ?? trim(secret);
  }
}

function trim(bytes: Uint8Array): Uint8Array {
  let start = 0;
  let end = bytes.length;
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return Uint8Array.from(bytes.subarray(start, end));
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Each field after its length, so that no two lists of fields are the same bytes. */
function joinFields(fields: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, field) => sum + 4 + field.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const field of fields) {
    view.setUint32(at, field.length);
    out.set(field, at + 4);
    at += 4 + field.length;
  }
  return out;
}

const KEY_ID = 'private_key_id';

function keyId(parts: Parts, secret: Uint8Array, match: Uint8Array): Uint8Array | undefined {
  const named = parts[KEY_ID] ?? parts['keyId'];
  if (named !== undefined && named.length > 0) return trim(named);
  const found = jsonText(latin1Text(secret), KEY_ID) ?? jsonText(latin1Text(match), KEY_ID);
  return found === undefined ? undefined : Uint8Array.from(Buffer.from(found, 'latin1'));
}

/** The text that stands for `key` in JSON, also in JSON within a string (`\"key\": \"…\"`). */
function jsonText(json: string, key: string): string | undefined {
  const found = json.indexOf(key);
  if (found < 0) return undefined;
  let at = found + key.length;
  while (at < json.length && '\\" \t\r\n:'.includes(json.charAt(at))) at++;
  let end = at;
  while (end < json.length && json[end] !== '"' && json[end] !== '\\') end++;
  return end > at ? json.slice(at, end) : undefined;
}
