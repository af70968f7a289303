import { expect, test } from 'vitest';
import { closeAll, type Closable } from './close-all.ts';

function opened(): { readonly all: readonly Closable[]; readonly closed: readonly string[] } {
  const closed: string[] = [];
  const one = (name: string): Closable => ({
    async close() {
      if (name === 'broken') throw new Error('cannot be closed');
      closed.push(name);
    },
  });
  return { all: ['first', 'broken', 'last'].map(one), closed };
}

test('what cannot be closed is told, and the others are closed all the same', async () => {
  const { all, closed } = opened();
  await expect(closeAll(all, true)).rejects.toThrow('cannot be closed');
  expect(closed).toEqual(['first', 'last']);
});

test('but it takes the place of no other error', async () => {
  const { all, closed } = opened();
  const scan = async (): Promise<void> => {
    try {
      throw new Error('the scan failed');
    } finally {
      await closeAll(all, false);
    }
  };
  await expect(scan()).rejects.toThrow('the scan failed');
  expect(closed).toEqual(['first', 'last']);
});
