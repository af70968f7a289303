import { createHash } from 'node:crypto';

/** Ours alone: names under it are never those of another tool. */
const NAMESPACE = Uint8Array.of(
  0x5d,
  0x1f,
  0x0c,
  0x6e,
  0x4a,
  0x27,
  0x4b,
  0x0e,
  0x9c,
  0x35,
  0x8e,
  0x71,
  0x2f,
  0x90,
  0xb6,
  0xd4,
);

/** A version 5 UUID (RFC 9562): the same name gives the same UUID everywhere. */
export function nameUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
