import { isAbsolute, join } from 'node:path';
import type { ConfigAmbient } from './ambient.ts';

export interface UserDirectories {
  /** Holds `config.yaml`. */
  readonly config: string;
  /** Holds the user's key and other state that must not be shared. */
  readonly data: string;
  /** Holds what can be made again. */
  readonly cache: string | undefined;
}

/**
 * Where this user's own files lie: the XDG base directories (relative values do not count, as their specification
 * says), on Windows APPDATA and LOCALAPPDATA. `undefined` without a home and without those variables.
 */
export function userDirectories({ env, home, platform }: ConfigAmbient): UserDirectories | undefined {
  const windows = platform === 'win32';
  const config = directory(env['XDG_CONFIG_HOME'], windows ? env['APPDATA'] : undefined, home, '.config');
  const data = directory(
    env['XDG_DATA_HOME'],
    windows ? env['LOCALAPPDATA'] : undefined,
    home,
    join('.local', 'share'),
  );
  const cache = directory(
    env['XDG_CACHE_HOME'],
    windows ? env['LOCALAPPDATA'] : undefined,
    home,
    platform === 'darwin' ? join('Library', 'Caches') : '.cache',
  );
  if (config === undefined || data === undefined) return undefined;
  return {
    config: join(config, 'unleak'),
    data: join(data, 'unleak'),
    cache: cache === undefined ? undefined : join(cache, 'unleak'),
  };
}

function directory(
  xdg: string | undefined,
  own: string | undefined,
  home: string | undefined,
  fallback: string,
): string | undefined {
  const named = [xdg, own].find((path) => path !== undefined && path !== '' && isAbsolute(path));
  return named ?? (home === undefined || home === '' ? undefined : join(home, fallback));
}
