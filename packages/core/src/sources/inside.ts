import { isAbsolute, relative } from 'node:path';

/** True when `path` is `root` or below it. Both absolute, without symbolic links. */
export function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\'));
}
