import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, latin1Text } from '../bytes/ascii.ts';
import { regionsOf } from './test-placing.ts';
import type { TestRegion } from './test-placing.ts';

function regions(text: string | Uint8Array): readonly TestRegion[] {
  return regionsOf(typeof text === 'string' ? ascii(text) : text);
}

const b64 = (s: string): string => Buffer.from(s).toString('base64');

describe('base64', () => {
  test('decodes a run between other text', () => {
    const [region] = regions(`data: "${b64('the quick brown Fox 123 jumps')}" end`);
    expect(region?.decoder).toBe('base64');
    expect(latin1Text(region?.bytes ?? new Uint8Array())).toBe('the quick brown Fox 123 jumps');
    expect(region?.region).toEqual({ start: 7, end: 46 });
  });

  test('joins lines of equal length', () => {
    const text =
      'Lorem Ipsum 12345 dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore';
    const wrapped = b64(text).replaceAll(/.{64}/g, '$&\n  ');
    const [region] = regions(`  ${wrapped}\n`);
    expect(latin1Text(region?.bytes ?? new Uint8Array())).toBe(text);
  });

  test('leaves binary content alone', () => {
    const binary = Buffer.from(Array.from({ length: 90 }, (_, i) => (i * 37) % 256)).toString('base64');
    expect(regions(binary)).toEqual([]);
  });

  test('maps every decoded span to the digits that encode it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 40, maxLength: 150, unit: fc.constantFrom(...'abcXYZ019 .') }),
        fc.nat(30),
        fc.nat(8),
        fc.boolean(),
        (s, from, size, wrap) => {
          const text = `Aa0${s}`;
          const encoded = wrap ? b64(text).replaceAll(/.{76}/g, '$&\r\n') : b64(text);
          const source = ascii(`x: ${encoded}\n`);
          const region = regions(source).find((r) => r.decoder === 'base64');
          fc.pre(region !== undefined && region.bytes.length === text.length);
          const span = region?.map({ start: from, end: from + size + 1 }) ?? { start: 0, end: 0 };
          const digits = latin1Text(source.subarray(span.start, span.end)).replaceAll(/\s/g, '');
          const lead = from % 3;
          expect(
            Buffer.from(digits, 'base64')
              .toString('latin1')
              .slice(lead, lead + size + 1),
          ).toBe(text.slice(from, from + size + 1));
        },
      ),
    );
  });
});

test('hex that spells text is decoded, a digest is not', () => {
  const spelled = Buffer.from('password is hunter2 ok').toString('hex');
  expect(regions(`v=${spelled};`).map((r) => [r.decoder, latin1Text(r.bytes)])).toEqual([
    ['hex', 'password is hunter2 ok'],
  ]);
  expect(regions('da39a3ee5e6b4b0d3255bfef95601890afd80709')).toEqual([]);
});

test('percent, unicode and HTML escapes are undone, with spans in the original', () => {
  const cases: [string, string, string][] = [
    ['a%3Db%2Fc', 'percent', 'a=b/c'],
    ['\\u0041\\x42\\u{43}d', 'unicode', 'ABCd'],
    ['x&#61;&#x41;&amp;y', 'html', 'x=A&y'],
    ['%41\\u0042', 'escapes', 'AB'],
  ];
  for (const [source, decoder, text] of cases) {
    const [region] = regions(` ${source} `);
    expect([region?.decoder, latin1Text(region?.bytes ?? new Uint8Array())]).toEqual([decoder, text]);
    expect(region?.map({ start: 0, end: text.length })).toEqual({ start: 1, end: 1 + source.length });
  }
});

test('what only looks like an escape stays', () => {
  expect(regions('100% sure \\u12 &nothing; && \\xZZ %zz')).toEqual([]);
});

test('UTF-16 of both byte orders is read, with and without a mark, at any offset', () => {
  for (const order of ['utf16le', 'utf16be'] as const) {
    const le = Buffer.from('token = abcdef', 'utf16le');
    const text = order === 'utf16le' ? le : Buffer.from(le).swap16();
    for (const head of [[], [0xff, 0xfe], [0xfe, 0xff], [1, 2, 3]]) {
      const region = regions(Buffer.concat([Buffer.from(head), text])).find((r) => r.decoder === 'utf-16');
      expect(latin1Text(region?.bytes ?? new Uint8Array())).toBe('token = abcdef');
    }
  }
});

test('every region maps its whole content to bytes inside it', () => {
  const piece = fc.constantFrom(
    '%41',
    '\\u0042',
    '&#67;',
    'abc',
    b64('Some Text with 12 in it, long'),
    ' ',
    '\n',
    '"',
    '&',
    '%',
    '\0',
    'A\0B\0C\0D\0E\0F\0G\0H\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const r of regions(pieces.join(''))) {
        const whole = r.map({ start: 0, end: r.bytes.length });
        expect(whole.start).toBeGreaterThanOrEqual(r.region.start);
        expect(whole.end).toBeLessThanOrEqual(r.region.end);
        expect(whole.start).toBeLessThanOrEqual(whole.end);
      }
    }),
  );
});
