import { expect, it } from 'vitest';
import { loadReader, READER_NAMES } from './readers.ts';

it('loads every reader by its name, and no other', async () => {
  for (const name of READER_NAMES) expect(await loadReader(name)).toBeTypeOf('function');
  for (const name of ['', 'toString', '__proto__', 'git'])
    await expect(loadReader(name)).rejects.toThrow('no reader is named');
});
