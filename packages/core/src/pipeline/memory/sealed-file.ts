/**
 * Files that only this user reads and only this program writes: content behind an HMAC under a key that never leaves the
 * machine. What was cut off, altered, or written with another key is not read; a new one takes the place of an old one
 * whole, or not at all.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';

export interface SealContext {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** What the file is for: a file of another purpose does not fit. */
  readonly purpose: string;
}

/** Why a sealed file was not read or written; there is a way on without it. */
export class SealError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SealError';
  }
}

const SEAL_BYTES = 32;
const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * The content; undefined when there is no such file.
 * @param uid owner that the file must have; undefined on systems without owners and modes
 * @throws SealError
 */
export function readSealed(path: string, { key, purpose }: SealContext, uid: number | undefined): Buffer | undefined {
  let file: number;
  try {
    // Not through a link, and not waiting for the other end of a pipe.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw new SealError(`it cannot be read (${codeOf(error)})`, error);
  }
  try {
    refuse(fstatSync(file), uid);
    const bytes = readFileSync(file);
    const content = bytes.subarray(SEAL_BYTES);
    if (bytes.length < SEAL_BYTES || !timingSafeEqual(seal(key, purpose, [content]), bytes.subarray(0, SEAL_BYTES)))
      throw new SealError('it was not written with the key of this user, or altered since');
    return content;
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw new SealError(`it cannot be read (${codeOf(error)})`, error);
  } finally {
    closeSync(file);
  }
}

function refuse(stats: Stats, uid: number | undefined): void {
  if (!stats.isFile()) throw new SealError('it is no file');
  if (stats.size > MAX_BYTES) throw new SealError('it is too large');
  if (uid === undefined) return;
  if (stats.uid !== uid) throw new SealError('it belongs to another user');
  if ((stats.mode & 0o077) !== 0) throw new SealError('others may read or write it');
}

/**
 * Several processes may write at once: the last one stays.
 * @param suffix of a temporary file beside it, fit for no other
 * @throws SealError
 */
export function writeSealed(
  path: string,
  { key, purpose }: SealContext,
  content: readonly Uint8Array[],
  suffix: string,
): void {
  const size = content.reduce((sum, part) => sum + part.length, SEAL_BYTES);
  if (size > MAX_BYTES) throw new SealError('it is too large');
  const aside = `${path}.${suffix}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(aside, 'wx', 0o600);
    try {
      for (const part of [seal(key, purpose, content), ...content]) writeAll(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (error) {
    removeQuietly(aside);
    throw new SealError(`it cannot be written (${codeOf(error)})`, error);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // That it could not be written is the reason.
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

function seal(key: Uint8Array, purpose: string, content: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha256', key).update(purpose).update(Uint8Array.of(0));
  for (const part of content) hmac.update(part);
  return hmac.digest();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'error';
}
