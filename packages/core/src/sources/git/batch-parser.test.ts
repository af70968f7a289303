import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatchParser } from './batch-parser.ts';

interface Answer {
  readonly type: 'blob' | 'commit' | 'tag' | 'tree' | 'missing';
  readonly bytes: Uint8Array;
}

const answer: fc.Arbitrary<Answer> = fc.record({
  type: fc.constantFrom('blob', 'commit', 'tag', 'tree', 'missing'),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.nat(300_000).map((length) => new Uint8Array(length).fill(length)),
    fc.constant(Buffer.from('a b 3\n\n\n')),
  ),
});

function encode(answers: readonly Answer[]): Buffer {
  return Buffer.concat(
    answers.map(({ type, bytes }) =>
      type === 'missing'
        ? Buffer.from(`${'a'.repeat(40)} missing\n`)
        : Buffer.concat([Buffer.from(`${'b'.repeat(40)} ${type} ${bytes.length}\n`), bytes, Buffer.from('\n')]),
    ),
  );
}

it('gives the same answers however the stream is cut, and passes over what is refused', () => {
  fc.assert(
    fc.property(
      fc.array(answer, { maxLength: 8 }),
      fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 100_000 })), { minLength: 1 }),
      fc.nat(40),
      (answers, cuts, limit) => {
        const found: string[] = [];
        const parser = createBatchParser({
          accepts: (type, size) => type !== 'blob' || size <= limit,
          skipped: (type, size) => found.push(`skipped ${type} ${size}`),
          object: (type, bytes) =>
            found.push(`${type} ${bytes.length} ${Buffer.from(bytes.subarray(0, 30)).toString('hex')}`),
          missing: () => found.push('missing'),
        });
        const stream = encode(answers);
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          // A fresh buffer each time, overwritten afterwards: nothing may be kept that is not copied.
          const chunk = new Uint8Array(stream.subarray(at, at + length));
          parser.push(chunk);
          chunk.fill(0xee);
          at += length;
        }
        const expected = answers.map(({ type, bytes }) => {
          if (type === 'missing') return 'missing';
          return type === 'blob' && bytes.length > limit
            ? `skipped blob ${bytes.length}`
            : `${type} ${bytes.length} ${Buffer.from(bytes.subarray(0, 30)).toString('hex')}`;
        });
        expect(found).toEqual(expected);
        expect(parser.answers).toBe(answers.length);
        expect(parser.inside).toBe(false);
      },
    ),
  );
});

it('knows that it is inside an object', () => {
  const parser = createBatchParser({
    accepts: () => true,
    skipped: () => undefined,
    object: () => undefined,
    missing: () => undefined,
  });
  parser.push(Buffer.from(`${'b'.repeat(40)} blob 10\nhalf`));
  expect([parser.answers, parser.inside]).toEqual([0, true]);
});
