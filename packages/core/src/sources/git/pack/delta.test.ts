import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DeltaStep, makeDelta } from '../../../../../../test/support/made-pack.ts';
import { applyDelta, deltaSizes } from './delta.ts';

const base = Buffer.alloc(200_000, 'the quick brown fox ');

const step: fc.Arbitrary<DeltaStep> = fc.oneof(
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
      const { code: delta, result } = makeDelta(base, steps);
      expect(deltaSizes(delta)).toMatchObject({ base: base.length, result: result.length });
      expect(result.equals(applyDelta(base, delta, result.length))).toBe(true);
    }),
  );
});

it('reads offsets beyond 16 MB', () => {
  const large = Buffer.alloc(0x1020304 + 10, 'abcdefghij');
  const { code: delta, result } = makeDelta(large, [{ copy: [0x1020304, 5] }]);
  expect(result.equals(applyDelta(large, delta, 5))).toBe(true);
});

it('refuses whatever reaches outside, and never writes more than it may', () => {
  const sound = makeDelta(base, [{ copy: [0, 10] }, { insert: Buffer.from('abc') }]).code;
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
