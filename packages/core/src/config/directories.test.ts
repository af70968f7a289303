import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { userDirectories } from './directories.ts';

const HOME = resolve('/home/ann');
const of = (
  env: Record<string, string>,
  platform = 'linux',
  home: string | undefined = HOME,
): ReturnType<typeof userDirectories> => userDirectories({ env, cwd: resolve('/x'), home, platform });

test('XDG directories, else those below the home', () => {
  expect(of({})).toEqual({
    config: join(HOME, '.config', 'unleak'),
    data: join(HOME, '.local', 'share', 'unleak'),
    cache: join(HOME, '.cache', 'unleak'),
  });
  expect(of({ XDG_CONFIG_HOME: resolve('/c'), XDG_DATA_HOME: resolve('/d'), XDG_CACHE_HOME: resolve('/e') })).toEqual({
    config: resolve('/c/unleak'),
    data: resolve('/d/unleak'),
    cache: resolve('/e/unleak'),
  });
  expect(of({}, 'darwin')?.cache).toBe(join(HOME, 'Library', 'Caches', 'unleak'));
});

test('relative and empty XDG values do not count', () => {
  expect(of({ XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: '' })).toEqual(of({}));
});

test('on Windows the profile says where, unless XDG does', () => {
  const env = { APPDATA: resolve('/roaming'), LOCALAPPDATA: resolve('/local') };
  expect(of(env, 'win32')).toEqual({
    config: resolve('/roaming/unleak'),
    data: resolve('/local/unleak'),
    cache: resolve('/local/unleak'),
  });
  expect(of({ ...env, XDG_DATA_HOME: resolve('/d') }, 'win32')?.data).toBe(resolve('/d/unleak'));
  expect(of(env, 'linux')).toEqual(of({}));
});

test('without a home there is no such place', () => {
  expect(userDirectories({ env: {}, cwd: resolve('/x'), home: undefined, platform: 'linux' })).toBeUndefined();
  expect(userDirectories({ env: {}, cwd: resolve('/x'), home: '', platform: 'linux' })).toBeUndefined();
  const env = { XDG_CONFIG_HOME: resolve('/c'), XDG_DATA_HOME: resolve('/d') };
  expect(userDirectories({ env, cwd: resolve('/x'), home: undefined, platform: 'linux' })).toMatchObject({
    data: resolve('/d/unleak'),
    cache: undefined,
  });
});
