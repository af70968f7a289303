import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNameTable } from './name-table.ts';

it('numbers each name once, in the order in which they come', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2 }), { maxLength: 3000, size: 'max' }), (names) => {
      const table = createNameTable();
      const numbers = new Map<string, number>();
      for (const name of names) {
        const text = Buffer.from(name).toString('latin1');
        const expected = numbers.get(text) ?? numbers.size;
        const padded = Uint8Array.from([1, ...name, 2]);
        expect(table.add(padded, 1, padded.length - 1)).toBe(expected);
        numbers.set(text, expected);
      }
      expect(table.size).toBe(numbers.size);
      for (const [text, number] of numbers) expect(table.text(number)).toBe(text);
    }),
    { numRuns: 20 },
  );
});

const FNV_START = 0x811c9dc5;

/** FNV-1a, as the table has it. */
function fnv(start: number, name: string): number {
  let hash = start;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash;
}

it('is not slowed down by names that were made to collide', () => {
  // Blocks with the same state of the hash after them, one behind the other: any choice among them gives the same hash.
  const pairs: (readonly [string, string])[] = [];
  let state = FNV_START;
  while (pairs.length < 8) {
    const seen = new Map<number, string>();
    let found: readonly [string, string] | undefined;
    for (let n = 0; found === undefined; n += 1) {
      const block = createHash('md5').update(`${pairs.length} ${n}`).digest('base64').slice(0, 12);
      const after = fnv(state, block);
      const other = seen.get(after);
      if (other === undefined) seen.set(after, block);
      else found = [other, block];
    }
    pairs.push(found);
    state = fnv(state, found[0]);
  }
  const names = Array.from({ length: 2 ** pairs.length }, (_, bits) =>
    pairs.map((pair, at) => pair[(bits >> at) & 1]).join(''),
  );
  expect(new Set(names.map((name) => fnv(FNV_START, name))).size).toBe(1);
  const table = createNameTable();
  const add = (name: string): number => table.add(Buffer.from(name), 0, name.length);
  const expected = names.map((_, number) => number);
  expect(names.map(add)).toEqual(expected);
  expect(names.map(add)).toEqual(expected);
});
