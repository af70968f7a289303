import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, grouped, size, wrap } from './layout.ts';

describe('wrap', () => {
  it('loses no word and keeps the width where words allow', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
        const lines = wrap(list.join(' '), width);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('leaves a long word whole', () => {
    expect(wrap('a https://example.invalid/long b', 10)).toEqual(['a', 'https://example.invalid/long', 'b']);
  });
});

it('clip counts characters, the ellipsis included', () => {
  expect(clip('abcdef', 6)).toBe('abcdef');
  expect(clip('abcdefg', 6)).toBe('abcde…');
  expect(clip('😀😀😀', 2)).toBe('😀…');
});

it('grouped puts a comma between thousands', () => {
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
});

it('size uses decimal units', () => {
  expect([0, 1, 999, 1000, 1500, 999_949, 999_950, 5_600_000, 5_780_000_000, 2e15].map(size)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '1.5 kB',
    '999.9 kB',
    '1.0 MB',
    '5.6 MB',
    '5.8 GB',
    '2000.0 TB',
  ]);
});
