/** Which blobs are looked for. Nearly every entry of a tree is another one, and is told so by a few bits. */
import type { OidTable } from '../oid.ts';

const MIN_BITS = 1 << 12;
const MAX_BITS = 1 << 24;
/** Of 32 ids that are not wanted, about one is looked up for nothing. */
const BITS_PER_BLOB = 32;

export interface WantedBlobs {
  /** Number in the table of the id at `bytes[at]`, or -1. */
  find(bytes: Uint8Array, at: number): number;
}

export function createWantedBlobs(table: OidTable): WantedBlobs {
  let bits = MIN_BITS;
  while (bits < MAX_BITS && bits < table.size * BITS_PER_BLOB) bits *= 2;
  const filter = new Uint8Array(bits >> 3);
  const ids = table.raw();
  for (let at = 0; at < ids.length; at += table.width) {
    const bit = bitOf(ids, at);
    filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  function bitOf(bytes: Uint8Array, at: number): number {
    return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) & (bits - 1);
  }

  return {
    find(bytes, at) {
      const bit = bitOf(bytes, at);
      return ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0 ? -1 : table.find(bytes, at);
    },
  };
}
