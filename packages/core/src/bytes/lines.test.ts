import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCursor } from './lines.ts';

test('counts line feeds before the offset and bytes since the last, in any order of asking', () => {
  const line = fc.oneof(
    fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xe9), { maxLength: 60 }),
    fc.nat(200).map((length) => Array.from({ length }, () => 0x61)),
  );
  const text = fc.array(line, { maxLength: 6 }).map((parts) => Uint8Array.from(parts.flat()));
  fc.assert(
    fc.property(text, fc.array(fc.nat(600), { maxLength: 10 }), fc.boolean(), (bytes, offsets, isCounted) => {
      const count = (from: number, to: number): number => bytes.subarray(from, to).filter((b) => b === 0x0a).length;
      const cursor = new LineCursor(bytes, isCounted ? count : undefined);
      for (const wanted of offsets) {
        const offset = Math.min(wanted, bytes.length);
        const before = [...bytes.subarray(0, offset)];
        expect(cursor.at(offset)).toEqual({
          line: 1 + before.filter((b) => b === 0x0a).length,
          column: offset - (before.lastIndexOf(0x0a) + 1) + 1,
        });
      }
    }),
  );
});
