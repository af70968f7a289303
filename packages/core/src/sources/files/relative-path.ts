/** Paths below a root: text where the names are UTF-8, else bytes, so that every file can be opened. */
import { isUtf8 } from 'node:buffer';
import { sep } from 'node:path';
import { pathText } from '../path-text.ts';

/** Relative to the root, with `/`. Bytes where a name is not UTF-8. */
export type RelativePath = string | Uint8Array;

export function child(directory: RelativePath, name: string | Buffer): RelativePath {
  if (typeof directory === 'string' && typeof name === 'string')
    return directory === '' ? name : `${directory}/${name}`;
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  if (typeof directory === 'string' && isUtf8(bytes)) return child(directory, bytes.toString('utf8'));
  const parent = typeof directory === 'string' ? Buffer.from(directory) : directory;
  return Buffer.concat(parent.length === 0 ? [bytes] : [parent, Buffer.from('/'), bytes]);
}

/** The path as a report shows it. */
export function text(path: RelativePath): string {
  return typeof path === 'string' ? path : pathText(path);
}

/** For the file system. */
export function absolute(root: string, path: RelativePath): string | Buffer {
  if (path === '') return root;
  const start = root.endsWith(sep) ? root : root + sep;
  return typeof path === 'string' ? start + path : Buffer.concat([Buffer.from(start), path]);
}
