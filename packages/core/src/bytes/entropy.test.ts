import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii } from './ascii.ts';
import { entropy } from './entropy.ts';

describe('entropy', () => {
  it('is 0 for nothing and for one repeated byte', () => {
    expect(entropy(new Uint8Array())).toBe(0);
    expect(entropy(ascii('aaaaaaaa'))).toBe(0);
  });

  it('is log2 of the number of distinct bytes when all are equally frequent', () => {
    expect(entropy(ascii('ab'))).toBe(1);
    expect(entropy(ascii('abcdabcd'))).toBe(2);
    expect(entropy(Uint8Array.from({ length: 256 }, (_, i) => i))).toBeCloseTo(8, 10);
  });

  it('weighs unequal frequencies: aaab has 0.8113 bits', () => {
    expect(entropy(ascii('aaab'))).toBeCloseTo(0.8113, 4);
  });

  it('does not depend on order and stays between 0 and 8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const value = entropy(bytes);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(8);
        expect(entropy(bytes.toSorted())).toBeCloseTo(value, 10);
      }),
    );
  });
});
