import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyDelta, deltaSizes } from './delta.ts';

/** An instruction as a person would write it. */
type Step = { readonly copy: readonly [number, number] } | { readonly insert: Uint8Array };

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

function encode(base: Uint8Array, steps: readonly Step[]): { readonly delta: Uint8Array; readonly result: Buffer } {
  const parts: Uint8Array[] = [];
  const code: number[] = [];
  for (const step of steps) {
    if ('insert' in step) {
      code.push(step.insert.length, ...step.insert);
      parts.push(step.insert);
      continue;
    }
    const [from, length] = step.copy;
    let op = 0x80;
    const rest: number[] = [];
    for (let bit = 0; bit < 4; bit += 1) {
      const byte = Math.floor(from / 256 ** bit) % 256;
      if (byte === 0) continue;
      op |= 1 << bit;
      rest.push(byte);
    }
    // A length of 0x10000 is written as none.
    const written = length === 0x10000 ? 0 : length;
    for (let bit = 0; bit < 3; bit += 1) {
      const byte = Math.floor(written / 256 ** bit) % 256;
      if (byte === 0) continue;
      op |= 0x10 << bit;
      rest.push(byte);
    }
    code.push(op, ...rest);
    parts.push(base.subarray(from, from + length));
  }
  const result = Buffer.concat(parts);
  return { delta: Uint8Array.from([...varint(base.length), ...varint(result.length), ...code]), result };
}

const base = Buffer.alloc(200_000, 'the quick brown fox ');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      fc.nat(base.length - 70_000),
      fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(0xff, 0x100, 0xffff, 0x10000, 0x10001)),
    )
    .map(([from, length]) => ({ copy: [from, length] as const })),
  fc.uint8Array({ minLength: 1, maxLength: 127 }).map((insert) => ({ insert })),
);

it('makes what the instructions say', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { delta, result } = encode(base, steps);
      expect(deltaSizes(delta)).toMatchObject({ base: base.length, result: result.length });
      expect(result.equals(applyDelta(base, delta, result.length))).toBe(true);
    }),
  );
});

it('reads offsets beyond 16 MB', () => {
  const large = Buffer.alloc(0x1020304 + 10, 'abcdefghij');
  const { delta, result } = encode(large, [{ copy: [0x1020304, 5] }]);
  expect(result.equals(applyDelta(large, delta, 5))).toBe(true);
});

it('refuses whatever reaches outside, and never writes more than it may', () => {
  const sound = encode(base, [{ copy: [0, 10] }, { insert: Buffer.from('abc') }]).delta;
  expect(() => applyDelta(base.subarray(1), sound, 100)).toThrow('does not fit');
  expect(() => applyDelta(base, sound, 12)).toThrow(expect.objectContaining({ code: 'too-large' }));
  const small = Buffer.from('0123456789');
  const of = (result: number, ...code: number[]): Uint8Array => Uint8Array.from([small.length, result, ...code]);
  for (const delta of [
    of(5, 0x91, 8, 5),
    of(5, 0x90),
    of(5, 0x90, 6),
    of(3, 5, 1, 2),
    of(3, 0),
    of(5, 0x90, 4),
    of(200, 0x80),
    Uint8Array.from([10]),
    Uint8Array.from([]),
    Uint8Array.from(Array.from({ length: 30 }, () => 0xff)),
  ]) {
    expect(() => applyDelta(small, delta, 1000)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        expect(applyDelta(small, bytes, 1000).length).toBeLessThanOrEqual(1000);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ObjectError' });
      }
    }),
  );
});
