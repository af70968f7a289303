/** For the engine's own tests: texts in linear memory, without a scanner around them. */
import { linearMemory } from '../bytes/linear-memory.ts';
import type { Span } from '../types/index.ts';
import { engineKernel, ROOM } from './kernel.ts';
import type { Placed } from './occurrence-scan.ts';
import { decode, mapOf, RegionScan } from './regions.ts';

/** A copy of the bytes in linear memory, in a block that nobody frees. */
export function placedText(bytes: Uint8Array): Placed {
  const memory = linearMemory();
  const pointer = memory.allocate(bytes.length + ROOM);
  memory.bytes.set(bytes, pointer);
  return { pointer, length: bytes.length };
}

/** Whether a gate (by number) holds for the keyword at `[start, end)`, with nothing read from `limit` on. */
export function gateHolds(gate: number, bytes: Uint8Array, start: number, end: number, limit: number): boolean {
  return engineKernel().holds(gate, placedText(bytes).pointer, start, end, limit) !== 0;
}

/** A region of a text, with its bytes and places of the text. */
export interface TestRegion {
  readonly decoder: string;
  readonly region: Span;
  readonly bytes: Uint8Array;
  readonly limited: boolean;
  map(span: Span): Span;
}

export function regionsOf(bytes: Uint8Array): readonly TestRegion[] {
  const text = placedText(bytes);
  return new RegionScan().find(text, undefined, undefined).map((region) => {
    const { pointer, length, decoder, limited } = decode(text, region);
    const map = mapOf(text, region);
    const { start, end } = region;
    return {
      decoder,
      region: { start, end },
      bytes: linearMemory().bytes.slice(pointer, pointer + length),
      limited,
      map(span) {
        const mapped = map(span);
        return { start: start + mapped.start, end: start + mapped.end };
      },
    };
  });
}
