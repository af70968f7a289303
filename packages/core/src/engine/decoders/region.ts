import type { Span } from '../../types/index.ts';

/** A run of encoded bytes, decoded. Its content is a function of `extent` alone. */
export interface Region {
  /** `base64`, `hex`, `percent`, `unicode`, `html`, `escapes` (several kinds at once), `utf-16`. */
  readonly decoder: string;
  /** All bytes that decided where the region begins and ends: the run and one guard byte on each side. */
  readonly extent: Span;
  readonly region: Span;
  readonly bytes: Uint8Array;
  /** A span of `bytes` → the smallest span of the text that encodes it. */
  map(span: Span): Span;
}

export interface RegionSink {
  region(region: Region): void;
  /** A run longer than MAX_REGION was decoded in part. */
  limited(): void;
}

/** Longer runs are decoded up to here, and flagged. */
export const MAX_REGION: number = 1 << 20;

export function extentOf(start: number, end: number, length: number): Span {
  return { start: Math.max(0, start - 1), end: Math.min(length, end + 1) };
}

/** Whether the first bytes read like text: no control bytes but tab, line ends and NUL (UTF-16). */
export function startsLikeText(bytes: Uint8Array, length = 48): boolean {
  const to = Math.min(length, bytes.length);
  for (let i = 0; i < to; i++) {
    const b = bytes[i] ?? 0;
    if ((b < 0x20 && b !== 0 && b !== 9 && b !== 10 && b !== 13) || b === 0x7f) return false;
  }
  return true;
}
