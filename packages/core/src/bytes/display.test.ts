import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnsafeToShow, neutralise } from './display.ts';

const ESC = String.fromCharCode(0x1b);

describe('neutralise', () => {
  it('returns ordinary text as it is, whatever its language', () => {
    const plain = 'src/naïve – 日本語/👩‍💻 می‌خواهم.ts';
    expect(neutralise(plain)).toBe(plain);
  });

  it('makes escape sequences visible', () => {
    expect(neutralise(`a${ESC}[31mred`)).toBe('a\\x1b[31mred');
    expect(neutralise(`${String.fromCharCode(0x9b)}31m`)).toBe('\\x9b31m');
    expect(neutralise(`a${String.fromCharCode(7)}\b\x7f\0`)).toBe('a\\x07\\x08\\x7f\\x00');
  });

  it('makes line breaks and tabs visible', () => {
    expect(neutralise('one\r\ntwo\tthree')).toBe('one\\r\\ntwo\\tthree');
    expect(neutralise('a\u2028b\u2029c\u0085d')).toBe('a\\u2028b\\u2029c\\x85d');
  });

  it('makes direction changes and invisible characters visible', () => {
    expect(neutralise('a\u202eb\u2066c\u200fd\ufeffe\u200bf')).toBe('a\\u202eb\\u2066c\\u200fd\\ufeffe\\u200bf');
    expect(neutralise('a\u{e0041}b')).toBe('a\\u{e0041}b');
  });

  it('makes lone surrogates visible and leaves pairs alone', () => {
    expect(neutralise('\ud83d')).toBe('\\ud83d');
    expect(neutralise('x\udc00')).toBe('x\\udc00');
    expect(neutralise('😀')).toBe('😀');
  });

  it('keeps what the caller can show', () => {
    expect(neutralise(`a\n\tb\r${ESC}`, '\n\t')).toBe('a\n\tb\\r\\x1b');
  });

  it('leaves nothing unsafe behind, and is a fixed point', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0x10ffff).map((c) => String.fromCodePoint(c)) }), (text) => {
        const shown = neutralise(text);
        for (const character of shown) expect(isUnsafeToShow(character.codePointAt(0) ?? 0)).toBe(false);
        expect(neutralise(shown)).toBe(shown);
      }),
    );
  });

  it('treats every control character of Unicode as unsafe', () => {
    for (let c = 0; c < 0x110000; c++) {
      if (/^[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]$/u.test(String.fromCodePoint(c))) expect(isUnsafeToShow(c)).toBe(true);
    }
  });
});
