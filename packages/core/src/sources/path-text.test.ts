import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathText } from './path-text.ts';

it('shows UTF-8 as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(pathText(Buffer.from(text))).toBe(Buffer.from(text).toString());
    }),
  );
});

it('shows each byte that is not UTF-8, and keeps what is around it', () => {
  expect(pathText(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\\xFFb');
  expect(pathText(Buffer.concat([Buffer.from('é/'), Buffer.from([0xc3]), Buffer.from('/日')]))).toBe('é/\\xC3/日');
  expect(pathText(Buffer.from([0xed, 0xa0, 0x80]))).toBe('\\xED\\xA0\\x80');
  expect(pathText(Buffer.from([0xc0, 0xaf]))).toBe('\\xC0\\xAF');
});

it('never loses a byte', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const isSame = Buffer.compare(a, b) === 0;
      if (!a.includes(0x5c) && !b.includes(0x5c)) expect(pathText(a) === pathText(b)).toBe(isSame);
    }),
  );
});
