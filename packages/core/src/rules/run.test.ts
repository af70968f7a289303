import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containsRun } from './run.ts';

const digits = new Uint8Array(256).fill(1, 0x30, 0x3a);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a run counts only if it is long enough and lies in the range', () => {
  expect(containsRun(bytes('ab1234cd'), digits, 4, 0, 8)).toBe(true);
  expect(containsRun(bytes('ab1234cd'), digits, 5, 0, 8)).toBe(false);
  expect(containsRun(bytes('ab1234cd'), digits, 4, 3, 8)).toBe(false);
  expect(containsRun(bytes('ab1234cd'), digits, 4, 0, 5)).toBe(false);
  expect(containsRun(bytes('12 34 56 78'), digits, 3, 0, 11)).toBe(false);
  expect(containsRun(bytes(''), digits, 1, 0, 0)).toBe(false);
});

test('agrees with counting, for every text and range', () => {
  const text = fc.array(fc.constantFrom(0x31, 0x32, 0x61), { maxLength: 60 }).map((b) => Uint8Array.from(b));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), fc.nat(60), fc.nat(60), (t, min, a, b) => {
      const from = Math.min(a, b, t.length);
      const to = Math.min(Math.max(a, b), t.length);
      let run = 0;
      let longest = 0;
      for (const byte of t.subarray(from, to)) {
        run = byte === 0x61 ? 0 : run + 1;
        longest = Math.max(longest, run);
      }
      expect(containsRun(t, digits, min, from, to)).toBe(longest >= min);
    }),
    { numRuns: 3000 },
  );
});
