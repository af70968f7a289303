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
    return entries.sort((a, b) => byBytes(a.name, b.name));
  } catch (error) {
    return errorCode(error);
  }
}

/** What text has in place of bytes that are not UTF-8. */
const REPLACED = '\ufffd';

/** Characters that UTF-16 does not have in the order of Unicode. */
const OUT_OF_ORDER = /[\ud800-\uffff]/;

function byBytes(a: string, b: string): number {
  if (OUT_OF_ORDER.test(a) || OUT_OF_ORDER.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A system error's code, such as `EACCES`: its message would name paths of this machine. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
