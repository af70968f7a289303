import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpanIndex } from './span-index.ts';

test('finds what looking at every span finds', () => {
  const span = fc
    .tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }))
    .map(([start, size]) => ({ start, end: start + size }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 20 }), span, (spans, asked) => {
      const index = new SpanIndex(spans.map((s, value) => ({ span: s, value })));
      const expected = spans.flatMap((s, i) => (s.start < asked.end && asked.start < s.end ? [i] : []));
      expect(
        index
          .overlapping(asked)
          .map((e) => e.value)
          .sort((a, b) => a - b),
      ).toEqual(expected);
    }),
  );
});
