/** The entries of a directory with their kinds, in the order of the bytes of their names. */
import { type Dirent, readdirSync } from 'node:fs';

/** Names as bytes if one of them is not UTF-8. A system error's code if the directory cannot be read. */
export function listDirectory(path: string | Buffer): readonly Dirent<string | Buffer>[] | string {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    if (entries.some(({ name }) => name.includes(REPLACED)))
      return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).sort((a, b) =>
        Buffer.compare(a.name, b.name),
      );
    const compare = entries.some(({ name }) => isOutOfOrder(name)) ? byBytes : byUnits;
    return entries.sort((a, b) => compare(a.name, b.name));
  } catch (error) {
    return errorCode(error);
  }
}

/** What text has in place of bytes that are not UTF-8. */
const REPLACED = '\ufffd';

/** Whether there are characters that UTF-16 does not have in the order of Unicode. */
function isOutOfOrder(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) if (name.charCodeAt(at) >= 0xd800) return true;
  return false;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A system error's code, such as `EACCES`: its message would name paths of this machine. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
