import { readFile } from 'node:fs/promises';
import { systemReason } from './system-reason.ts';
import { UsageError } from './usage-error.ts';

/** The text of a file, `undefined` if there is none. @throws UsageError if it is there and cannot be read */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`${path}: cannot be read: ${systemReason(error)}`);
  }
}
