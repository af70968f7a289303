import { constants, deflateSync, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { INFLATE_CUT_OFF, packKernel, ROOM } from './kernel.ts';

/** Bytes of many kinds: any, few different ones, repeats near and far. */
const parts = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(fc.constantFrom(0x61, 0x62, 0x63, 0x0a), { maxLength: 400 }).map((bytes) => Uint8Array.from(bytes)),
  fc.nat(2000).map((length) => new Uint8Array(length).fill(0x20)),
);
const texts = fc
  .tuple(fc.array(parts, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }))
  .map(([list, times]) => Buffer.concat(Array.from({ length: times }, () => list).flat()));

const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

const MARK = 0xa5;

/** What the kernel makes of a stream that claims `size` bytes: what it gives, and the text. */
function inflated(stream: Uint8Array, size: number): { readonly used: number; readonly text: Buffer } {
  const memory = linearMemory();
  const from = memory.allocate(stream.length + ROOM);
  const room = size + 2 * ROOM;
  const to = memory.allocate(room);
  memory.bytes.set(stream, from);
  memory.bytes.fill(MARK, to, to + room);
  const used = packKernel().inflate(from, stream.length, to, size);
  const text = Buffer.from(memory.bytes.subarray(to, to + size));
  expect(memory.bytes.subarray(to + size + ROOM, to + room).every((byte) => byte === MARK)).toBe(true);
  memory.free(from, stream.length + ROOM);
  memory.free(to, room);
  return { used, text };
}

function byZlib(stream: Uint8Array): Buffer | undefined {
  try {
    return inflateSync(stream);
  } catch {
    return undefined;
  }
}

describe('inflate', () => {
  it('gives what zlib deflated, and how long the stream was', () => {
    fc.assert(
      fc.property(texts, options, (bytes, how) => {
        const stream = deflateSync(bytes, how);
        const { used, text } = inflated(Buffer.concat([stream, Buffer.from('what comes next')]), bytes.length);
        expect(used).toBe(stream.length);
        expect(text.equals(bytes)).toBe(true);
      }),
    );
  });

  it('knows a stream that goes on behind what is there', () => {
    fc.assert(
      fc.property(texts, options, fc.nat(1e6), (bytes, how, at) => {
        const stream = deflateSync(bytes, how);
        expect(inflated(stream.subarray(0, at % stream.length), bytes.length).used).toBe(INFLATE_CUT_OFF);
      }),
    );
  });

  it('takes no size but the right one', () => {
    fc.assert(
      fc.property(texts, options, fc.integer({ min: -3, max: 3 }), (bytes, how, more) => {
        fc.pre(more !== 0 && bytes.length + more >= 0);
        expect(inflated(deflateSync(bytes, how), bytes.length + more).used).toBeLessThan(0);
      }),
    );
  });

  it('takes of damaged streams those that zlib takes, as what zlib makes of them', () => {
    const damage = fc.array(fc.tuple(fc.nat(1e6), fc.nat(7)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(texts, options, damage, (bytes, how, bits) => {
        const stream = deflateSync(bytes, how);
        for (const [at, bit] of bits) stream[at % stream.length] = (stream[at % stream.length] ?? 0) ^ (1 << bit);
        const expected = byZlib(stream);
        const { used, text } = inflated(stream, bytes.length);
        expect(used >= 0).toBe(expected?.length === bytes.length);
        if (used >= 0) expect(expected?.equals(text)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
