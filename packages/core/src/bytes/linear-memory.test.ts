import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { linearMemory, OutOfMemory } from './linear-memory.ts';

test('more than 32 bits can address is told, and what is there can still be used', () => {
  const memory = linearMemory();
  expect(() => memory.allocate(2 ** 30 + 1)).toThrow(OutOfMemory);
  const block = memory.allocate(100);
  memory.bytes[block + 99] = 7;
  expect(memory.bytes[block + 99]).toBe(7);
});

/** In a process of its own, which may have 2 GB of addresses. */
const PROGRAM = `
  import { linearMemory } from ${JSON.stringify(new URL('linear-memory.ts', import.meta.url).href)};
  const memory = linearMemory();
  let error;
  try {
    for (let i = 0; i < 31; i++) memory.allocate(1 << 26);
  } catch (thrown) {
    error = thrown;
  }
  const block = memory.allocate(100);
  memory.bytes[block + 99] = 7;
  console.log(JSON.stringify([error?.code, error?.message, memory.bytes[block + 99]]));
`;

test.skipIf(process.platform !== 'linux')('what the machine has no memory for is told in the same way', () => {
  const node = [process.execPath, '--conditions=dev', '--input-type=module', '--eval', PROGRAM];
  const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -v 2000000 && exec "$@"', 'sh', ...node], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const [code, message, byte] = JSON.parse(stdout) as unknown[];
  expect([code, byte]).toEqual(['OUT_OF_MEMORY', 7]);
  expect(message).toMatch(/^no memory for \d+ bytes of texts and tables$/);
});
