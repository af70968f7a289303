import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnsafeToShow } from '../bytes/display.ts';
import { jsonArray, jsonText } from './json-text.ts';

const text = fc.string({ unit: fc.nat(0x10ffff).map((c) => String.fromCodePoint(c)) });

describe('jsonText', () => {
  it('is read back as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text)), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('holds nothing that is unsafe on a terminal, but for its own line breaks', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(
          [...jsonText({ value }, 2)].find((c) => c !== '\n' && isUnsafeToShow(c.codePointAt(0) ?? 0)),
        ).toBeUndefined();
      }),
    );
  });

  it('escapes what JSON.stringify leaves raw', () => {
    expect(jsonText('a\u009b\u202e\u{e0041}é')).toBe('"a\\u009b\\u202e\\udb40\\udc41é"');
  });
});

describe('jsonArray', () => {
  it('is what JSON.stringify would write, at any depth', () => {
    const items = [{ a: 1 }, { b: ['x', 'line\nbreak'] }];
    const pieces = (values: readonly unknown[]): string => [...jsonArray(values, (v) => v, '  ')].join('');
    expect(pieces(items)).toBe(JSON.stringify(items, null, 2));
    expect(pieces([])).toBe('[]');
    expect(`{\n  "x": ${[...jsonArray(items, (v) => v, '  ', 1)].join('')}\n}`).toBe(
      JSON.stringify({ x: items }, null, 2),
    );
  });
});
