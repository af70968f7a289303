import { decodeBase64AndHex } from './base64.ts';
import { decodeEscapes } from './escapes.ts';
import { decodeUtf16 } from './utf16.ts';
import type { RegionSink } from './region.ts';

export type { Region, RegionSink } from './region.ts';

/** How often a decoded text may be decoded again. */
export const DEFAULT_DECODE_DEPTH = 3;

/** Every region of `bytes`; each decoder's regions do not overlap one another. */
export function decodeRegions(bytes: Uint8Array, sink: RegionSink): void {
  decodeBase64AndHex(bytes, sink);
  decodeEscapes(bytes, sink);
  decodeUtf16(bytes, sink);
}
