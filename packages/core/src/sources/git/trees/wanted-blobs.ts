/** Which blobs are looked for. Nearly every entry of a tree is another one, and is told so by a few bits. */
import type { OidTable } from '../oid.ts';

const MIN_BITS = 1 << 12;
const MAX_BITS = 1 << 24;
/** Of 32 ids that are not wanted, about one is looked up for nothing. */
const BITS_PER_BLOB = 32;

export interface WantedBlobs {
  /** A bit for each wanted id: that of the lowest bits of its first bytes, little-endian. Its length is a power of two. */
  readonly filter: Uint8Array;
  /** Number in the table of the id at `bytes[at]`, or -1. */
  find(bytes: Uint8Array, at: number): number;
}

export function createWantedBlobs(table: OidTable): WantedBlobs {
  let bits = MIN_BITS;
  while (bits < MAX_BITS && bits < table.size * BITS_PER_BLOB) bits *= 2;
  const filter = new Uint8Array(bits >> 3);
  const ids = table.raw();
  for (let at = 0; at < ids.length; at += table.width) {
    const bit = ((ids[at] ?? 0) | ((ids[at + 1] ?? 0) << 8) | ((ids[at + 2] ?? 0) << 16)) & (bits - 1);
    filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return { filter, find: (bytes, at) => table.find(bytes, at) };
}
