import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSplitter } from './splitter.ts';

it('gives the same tokens however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{0,300}$/u), { minLength: 1 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (tokens, cuts) => {
        const bytes = Buffer.from(tokens.join('\n'));
        const found: string[] = [];
        const splitter = createSplitter(0x0a, (chunk, start, end) =>
          found.push(Buffer.from(chunk.subarray(start, end)).toString()),
        );
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const chunk = new Uint8Array(bytes.subarray(at, at + (cuts[turn % cuts.length] ?? 1)));
          splitter.push(chunk);
          at += chunk.length;
          chunk.fill(0x0a);
        }
        splitter.end();
        // Nothing stands behind a delimiter at the end.
        expect(found).toEqual(tokens.at(-1) === '' ? tokens.slice(0, -1) : tokens);
      },
    ),
  );
});
