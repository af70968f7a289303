import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii } from '../bytes/ascii.ts';
import { anchorOffset, LONGEST_ANCHOR, rarestFragment } from './anchors.ts';
import { FREQUENT_TRIGRAMS } from './frequent-trigrams.ts';

function fragmentOf(word: string): string {
  const at = rarestFragment(ascii(word));
  return word.slice(at, at + 4);
}

describe('the fragment that a keyword is found by', () => {
  test('is one that words of everyday source text do not have', () => {
    expect(fragmentOf('yandex')).not.toBe('ndex');
    expect(fragmentOf('repository_zz')).toMatch(/z/);
    expect(fragmentOf('stationqk')).toMatch(/qk$/);
  });

  test('is all of a keyword of three or four bytes', () => {
    expect(rarestFragment(ascii('sk-'))).toBe(0);
    expect(rarestFragment(ascii('ghp_'))).toBe(0);
  });

  test('lies in the anchor, and the anchor in the keyword', () => {
    const letter = fc.constantFrom(...'abcdehinorstz_-.');
    fc.assert(
      fc.property(fc.string({ unit: letter, minLength: 4, maxLength: 45 }), fc.boolean(), (keyword, isFirst) => {
        const bytes = ascii(keyword);
        const offset = anchorOffset(bytes, isFirst);
        if (isFirst) expect(offset).toBe(0);
        const anchor = bytes.subarray(offset, offset + LONGEST_ANCHOR);
        expect(anchor.length).toBe(Math.min(bytes.length, LONGEST_ANCHOR));
        expect(rarestFragment(anchor) + 4).toBeLessThanOrEqual(anchor.length);
      }),
    );
  });
});

test('frequent trigrams are whole, and each stands once', () => {
  const trigrams = FREQUENT_TRIGRAMS.match(/.{3}/g) ?? [];
  expect(trigrams.join('')).toBe(FREQUENT_TRIGRAMS);
  expect(new Set(trigrams).size).toBe(trigrams.length);
});
