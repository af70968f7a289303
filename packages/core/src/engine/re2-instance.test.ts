import { expect, test } from 'vitest';
import { OutOfMemory } from '../bytes/linear-memory.ts';
import { Re2Instance } from './re2-instance.ts';

/** Takes what is left of an instance's memory in blocks of this size. */
function fill(re2: Re2Instance, size: number): void {
  while (re2.exports.allocate(size) !== 0);
}

test('a text for which there is no memory is told, and nothing of the module is written over', () => {
  const re2 = new Re2Instance();
  const pattern = re2.compile('needle');
  fill(re2, 1 << 28);
  fill(re2, 1 << 20);
  expect(() => re2.load(new Uint8Array(2 << 20).fill(0xff))).toThrow(OutOfMemory);
  const first = new Uint8Array(re2.exports.memory.buffer, 0, 1 << 10);
  expect(first.every((byte) => byte === 0xff)).toBe(false);
  expect(pattern).toBeGreaterThan(0);
});
