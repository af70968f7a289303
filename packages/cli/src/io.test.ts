import { expect, test } from 'vitest';
import { changedIo, processIo, type Io } from './io.ts';

test('changes take the place of what is asked of the process, which nobody asks for them', () => {
  const gone: Io = {
    ...processIo(),
    home: '/home/ann',
    get cwd(): string {
      throw new Error('it was deleted');
    },
  };
  const changed = changedIo(gone, { home: '/home/bob' });
  expect(changed.home).toBe('/home/bob');
  expect(() => changed.cwd).toThrow('it was deleted');
  expect(changedIo(gone, { cwd: '/checkout' }).cwd).toBe('/checkout');
  expect(changedIo(processIo(), { cwd: '/checkout' })).toMatchObject({ cwd: '/checkout', platform: process.platform });
});
