/** Opens files of a target's object directories: only plain ones, so that a pipe or a device makes nobody wait. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ObjectError } from './object-error.ts';

export interface PlainFile {
  readonly file: number;
  readonly size: number;
}

/** @throws ObjectError `corrupt` for what is no plain file; the system's error */
export function openPlain(path: string): PlainFile {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new ObjectError('corrupt', 'this is not a plain file');
    return { file, size: stats.size };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The first bytes of a file, as many as there are up to `most`. @throws as openPlain; ObjectError `limit` over 2 GiB */
export function readPlain(path: string, most: number = Number.POSITIVE_INFINITY): Buffer {
  const { file, size } = openPlain(path);
  try {
    const length = Math.min(size, most);
    if (length >= 2 ** 31) throw new ObjectError('limit', 'the file is too large');
    const bytes = Buffer.allocUnsafeSlow(length);
    return bytes.subarray(0, readAt(file, bytes, 0));
  } finally {
    closeSync(file);
  }
}

/** Fills `bytes` from `position` on; gives how many there were. */
export function readAt(file: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
