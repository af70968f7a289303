/** The entries of a directory with their kinds, in the order of the bytes of their names. */
import { type Dirent, readdirSync } from 'node:fs';

/** Names as bytes if one of them is not UTF-8. A system error's code if the directory cannot be read. */
export function listDirectory(path: string | Buffer): readonly Dirent<string | Buffer>[] | string {
  try {
    const entries = readdirSync(path, WITH_KINDS);
    for (const { name } of entries) if (name.includes(REPLACED)) return asBytes(path);
    return entries.length < 2 ? entries : entries.sort((a, b) => byBytes(a.name, b.name));
  } catch (error) {
    return errorCode(error);
  }
}

const WITH_KINDS = { withFileTypes: true } as const;

function asBytes(path: string | Buffer): readonly Dirent<Buffer>[] {
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).sort((a, b) => Buffer.compare(a.name, b.name));
}

/** What text has in place of bytes that are not UTF-8. */
const REPLACED = '\ufffd';

function byBytes(a: string, b: string): number {
  // Up to here, UTF-16 has characters in the order of Unicode.
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one === other) continue;
    return one < SURROGATES || other < SURROGATES ? one - other : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a.length - b.length;
}

const SURROGATES = 0xd800;

/** A system error's code, such as `EACCES`: its message would name paths of this machine. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
