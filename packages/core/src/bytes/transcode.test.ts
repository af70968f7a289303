import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromLatin1, isUtf8 } from './transcode.ts';

const strict = new TextDecoder('utf-8', { fatal: true });

test('agrees with the platform on whole texts that do not end or begin inside a character', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const framed = Uint8Array.of(0x61, ...bytes, 0x61);
      let valid = true;
      try {
        strict.decode(framed);
      } catch {
        valid = false;
      }
      expect(isUtf8(framed, 0, framed.length)).toBe(valid);
    }),
    { numRuns: 2000 },
  );
});

test('a slice may cut a character on either side', () => {
  const bytes = new TextEncoder().encode('a😀é€b');
  for (let from = 0; from < bytes.length; from++) {
    for (let to = from; to <= bytes.length; to++) expect(isUtf8(bytes, from, to)).toBe(true);
  }
});

test('Latin-1 bytes become valid UTF-8 of the same characters, and positions map both ways', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (slice) => {
      const t = fromLatin1(slice);
      expect(strict.decode(t.bytes)).toBe(Buffer.from(slice).toString('latin1'));
      for (let i = 0; i <= slice.length; i++) expect(t.toOriginal(t.fromOriginal(i))).toBe(i);
    }),
  );
});
