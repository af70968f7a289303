/**
 * UTF-16 of either byte order: maximal runs in which every other byte is NUL and the rest are ASCII. The decoded text is
 * the ASCII bytes; the byte order does not matter to it, nor does a byte order mark.
 */
import { extentOf } from './region.ts';
import type { RegionSink } from './region.ts';

const MIN_CHARACTERS = 8;

const text = (b: number | undefined): boolean =>
  b !== undefined && ((b >= 0x20 && b < 0x7f) || b === 0x09 || b === 0x0a || b === 0x0d);

export function decodeUtf16(bytes: Uint8Array, sink: RegionSink): void {
  const n = bytes.length;
  let floor = 0;
  for (let zero = bytes.indexOf(0); zero >= 0; zero = bytes.indexOf(0, floor)) {
    const start = zero > floor && text(bytes[zero - 1]) ? zero - 1 : zero + 1;
    if (!text(bytes[start])) {
      floor = zero + 1;
      continue;
    }
    let end = start + 1;
    while (end + 1 < n && bytes[end] === 0 && text(bytes[end + 1])) end += 2;
    if (end < n && bytes[end] === 0) end++;
    const count = (end - start + 1) >> 1;
    if (count >= MIN_CHARACTERS) {
      const out = new Uint8Array(count);
      for (let i = 0; i < count; i++) out[i] = bytes[start + 2 * i] as number;
      sink.region({
        decoder: 'utf-16',
        extent: extentOf(start, end, n),
        region: { start, end },
        bytes: out,
        map: (span) => ({ start: start + 2 * span.start, end: Math.min(n, start + 2 * span.end) }),
      });
    }
    floor = Math.max(end, zero + 1);
  }
}
