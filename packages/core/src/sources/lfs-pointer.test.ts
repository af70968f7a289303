import { expect, it } from 'vitest';
import { isLfsPointer } from './lfs-pointer.ts';

const digest = 'a1'.repeat(32);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize 12345\n`;
const is = (text: string): boolean => isLfsPointer(Buffer.from(text));

it('knows a pointer, also one with extensions', () => {
  expect(is(pointer)).toBe(true);
  expect(is(pointer.replace('oid', `ext-0-foo sha256:${digest}\noid`))).toBe(true);
});

it('hides nothing behind the first line of a pointer', () => {
  expect(is(`${pointer}password hunter2\n`)).toBe(false);
  expect(is(pointer.replace('12345', 'hunter2'))).toBe(false);
  expect(is(pointer.replace(digest, 'hunter2'))).toBe(false);
  expect(is(pointer.replace('oid', 'ext-0-foo hunter2\noid'))).toBe(false);
  expect(is(pointer.replace('oid', `ext-0-${'x'.repeat(200)} sha256:${digest}\noid`))).toBe(false);
  expect(is(pointer.slice(0, -1))).toBe(false);
  expect(is(pointer.split('\n')[0] ?? '')).toBe(false);
  expect(is(pointer.replace('size', `${'x'.repeat(2000)}\nsize`))).toBe(false);
});

it('takes no other text for one', () => {
  expect(is('')).toBe(false);
  expect(is('version 2\n')).toBe(false);
  expect(is('verbose: true\n')).toBe(false);
});
