import { afterAll, beforeEach, expect, test } from 'vitest';
import { linearMemory } from '../bytes/linear-memory.ts';
import { engineKernel, MEMO_BYTES, NO_RESULT, ROOM } from './kernel.ts';

const UNKNOWN = -1;
const MAX_SLICE = 1024;
const kernel = engineKernel();
const block = linearMemory().allocate(MEMO_BYTES);
const text = linearMemory().allocate(1 << 16);

beforeEach(() => kernel.beginMemo(block));
afterAll(() => linearMemory().free(block, MEMO_BYTES));

let behind = 0;

function write(content: string | Uint8Array): number {
  const bytes = Buffer.from(content);
  linearMemory().bytes.set(bytes, text);
  // What lies behind a text is anything.
  behind = (behind * 7 + 3) & 255;
  linearMemory().bytes.fill(behind, text + bytes.length, text + bytes.length + ROOM);
  return bytes.length;
}

test('a slice is known by its bytes, wherever they stand', () => {
  write('aaakey = value');
  kernel.remember(7, text, 2, 14, 3, 1, 0, 0);
  write('bbbbbbakey = value');
  expect(kernel.recall(7, text, 6, 18, 7, 1, 0)).toBe(NO_RESULT);
  write('bbbbbbbkey = value');
  expect(kernel.recall(7, text, 6, 18, 7, 1, 0)).toBe(UNKNOWN);
});

test('another keyword, another place of it, and other ends are other questions', () => {
  write('xkey=key=');
  kernel.remember(7, text, 0, 9, 1, 0, 1, 0);
  expect(kernel.recall(7, text, 0, 9, 1, 0, 1)).toBe(NO_RESULT);
  expect(kernel.recall(8, text, 0, 9, 1, 0, 1)).toBe(UNKNOWN);
  expect(kernel.recall(7, text, 0, 9, 5, 0, 1)).toBe(UNKNOWN);
  expect(kernel.recall(7, text, 0, 9, 1, 1, 1)).toBe(UNKNOWN);
  expect(kernel.recall(7, text, 0, 9, 1, 0, 0)).toBe(UNKNOWN);
  expect(kernel.recall(7, text, 0, 8, 1, 0, 1)).toBe(UNKNOWN);
});

test('no two keywords share what is known of the same slice, even where they share a slot', () => {
  write('xkey=key=');
  kernel.remember(7, text, 0, 9, 1, 0, 1, 0);
  const taken: number[] = [];
  for (let entry = 0; entry < 300_000; entry++)
    if (kernel.recall(entry, text, 0, 9, 1, 0, 1) !== UNKNOWN) taken.push(entry);
  expect(taken).toEqual([7]);
});

test('a slice with a result is told by its slot, until another one needs that', () => {
  const length = write('password: x');
  const slot = kernel.remember(3, text, 0, length, 0, 0, 0, 1);
  expect(slot).toBeGreaterThanOrEqual(0);
  expect(kernel.recall(3, text, 0, length, 0, 0, 0)).toBe(slot);
  expect(kernel.remember(3, text, 0, length, 0, 0, 0, 0)).toBe(slot);
  expect(kernel.recall(3, text, 0, length, 0, 0, 0)).toBe(NO_RESULT);
});

test('long slices are not kept, and nothing is after it was forgotten', () => {
  write('y'.repeat(2000));
  expect(kernel.remember(1, text, 0, MAX_SLICE + 1, 0, 0, 0, 1)).toBe(UNKNOWN);
  expect(kernel.recall(1, text, 0, MAX_SLICE + 1, 0, 0, 0)).toBe(UNKNOWN);
  kernel.remember(1, text, 0, MAX_SLICE, 0, 0, 0, 0);
  expect(kernel.recall(1, text, 0, MAX_SLICE, 0, 0, 0)).toBe(NO_RESULT);
  kernel.forgetAll();
  expect(kernel.recall(1, text, 0, MAX_SLICE, 0, 0, 0)).toBe(UNKNOWN);
});

test('when more slices were kept than there is room for, the old ones are unknown and none is taken for another', () => {
  const count = 30_000;
  // Slices whose number decides whether they have a result; they differ in a few bytes somewhere.
  const bytes = new Uint8Array(1000).fill(0x61);
  const lay = (i: number): number => {
    new DataView(bytes.buffer).setUint32((i * 4) % 996, i * 0x9e37);
    const length = write(bytes);
    bytes.fill(0x61);
    return length;
  };
  const hasResult = (i: number): boolean => i % 3 === 0;
  const slots: number[] = [];
  for (let i = 0; i < count; i++) slots.push(kernel.remember(i % 5, text, 0, lay(i), 10, 0, 0, hasResult(i) ? 1 : 0));
  let known = 0;
  for (let i = 0; i < count; i++) {
    const found = kernel.recall(i % 5, text, 0, lay(i), 10, 0, 0);
    if (found === UNKNOWN) continue;
    known++;
    expect([i, found]).toEqual([i, hasResult(i) ? slots[i] : NO_RESULT]);
  }
  expect(known).toBeGreaterThan(5000);
  expect(known).toBeLessThan(MEMO_BYTES / 1000);
});

// In each round another slice, since one of the many may have taken the slot of the first by chance.
test.each([1, 2, 3, 4])('a slice is not taken for one that lay where it lies now (%i)', (round) => {
  const size = 1000;
  const slice = (i: number): number => write(`${round} ${i}${'-'.repeat(size)}`.slice(0, size));
  const remember = (entry: number, hasResult: 0 | 1): number =>
    kernel.remember(entry, text, 0, size, 4, 0, 0, hasResult);
  slice(0);
  const slot = remember(1, 1);
  let twin = 0;
  do slice(++twin);
  while (remember(1, 1) !== slot);
  // From the beginning: the first slice, as many others as fill the room, and where the first one lay its twin.
  kernel.forgetAll();
  slice(0);
  remember(1, 1);
  const room = Math.floor((MEMO_BYTES - 32_768 * 16) / size);
  for (let i = 1; i < room; i++) {
    slice(-i);
    remember(2, 0);
  }
  slice(twin);
  remember(3, 0);
  expect(kernel.recall(3, text, 0, size, 4, 0, 0)).toBe(NO_RESULT);
  expect(kernel.recall(1, text, 0, size, 4, 0, 0)).toBe(UNKNOWN);
});
