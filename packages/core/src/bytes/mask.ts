import type { Kind } from '../types/rule.ts';
import { isDigit, isHex, isLower, isUpper } from './ascii.ts';

export interface MaskOptions {
  readonly kind: Kind;
  /** Public beginning of the secret that its rule declares, such as a vendor's token prefix. */
  readonly prefix?: string | undefined;
}

/** Stands for the part that is not shown, whatever its length. */
const HIDDEN = '****';

/** What is hidden must still be worth this many bits to someone who tries all values offline. */
const HIDDEN_BITS = 64;

/** A prefix longer than this is a whole value rather than a prefix. */
const LONGEST_PREFIX = 24;

/** People choose these, and people choose badly: any part of one helps a guess. */
const CHOSEN: readonly Kind[] = ['password', 'database'];

/**
 * What may be shown of a secret: nothing of a password; the declared prefix, if it has one; else at most its first four
 * bytes and last two from 20 bytes on, its first two from 12 on, and nothing where the rest would be guessable. Bytes
 * that are not printable ASCII are dots.
 */
export function mask(secret: Uint8Array, options: MaskOptions): string {
  if (CHOSEN.includes(options.kind)) return HIDDEN;
  const prefix = options.prefix ?? '';
  if (prefix !== '' && prefix.length <= LONGEST_PREFIX && startsWith(secret, prefix)) {
    return isHard(secret.subarray(prefix.length)) ? printable(secret.subarray(0, prefix.length)) + HIDDEN : HIDDEN;
  }
  if (secret.length >= 20 && isHard(secret.subarray(4, -2))) {
    return printable(secret.subarray(0, 4)) + HIDDEN + printable(secret.subarray(-2));
  }
  if (secret.length >= 12 && isHard(secret.subarray(2))) return printable(secret.subarray(0, 2)) + HIDDEN;
  return HIDDEN;
}

function startsWith(bytes: Uint8Array, prefix: string): boolean {
  if (bytes.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix.charCodeAt(i)) return false;
  return true;
}

/** Judged by the alphabet that the hidden bytes seem to be drawn from. */
function isHard(hidden: Uint8Array): boolean {
  return hidden.length * Math.log2(alphabet(hidden)) >= HIDDEN_BITS;
}

function alphabet(bytes: Uint8Array): number {
  let digit = false;
  let lower = false;
  let upper = false;
  let other = false;
  let hex = true;
  for (const b of bytes) {
    if (!isHex(b)) hex = false;
    if (isDigit(b)) digit = true;
    else if (isLower(b)) lower = true;
    else if (isUpper(b)) upper = true;
    else other = true;
  }
  // Hexadecimal is written in one case; digits alone are no hexadecimal.
  if (hex && lower !== upper) return 16;
  return Math.max(1, (digit ? 10 : 0) + (lower ? 26 : 0) + (upper ? 26 : 0) + (other ? 2 : 0));
}

function printable(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) out += b >= 0x20 && b <= 0x7e ? String.fromCharCode(b) : '.';
  return out;
}
