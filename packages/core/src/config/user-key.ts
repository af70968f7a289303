/**
 * The per-user key of fingerprints: 32 random bytes in a file that only the user can read. It is made on first use; two
 * processes that make it at once end up with the same one.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export const KEY_BYTES = 32;

export type UserKeyErrorCode = 'not-private' | 'damaged' | 'unreadable';

/** A key file that is there and must not be used. */
export class UserKeyError extends Error {
  readonly code: UserKeyErrorCode;
  constructor(code: UserKeyErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UserKeyError';
    this.code = code;
  }
}

export interface UserKey {
  readonly key: Uint8Array;
  /** `ephemeral`: it could not be stored, so fingerprints of this run fit no other run. */
  readonly origin: 'stored' | 'made' | 'ephemeral';
}

export interface UserKeyOptions {
  /** The user's data directory for this program (`userDirectories().data`); undefined where there is none. */
  readonly directory: string | undefined;
  /** 32 bytes fit for a key, and 8 for a temporary name. */
  readonly random: (bytes: number) => Uint8Array;
  /** As `process.platform`: Windows has no modes; the profile's own access rules hold there. */
  readonly platform: string;
}

/** @throws UserKeyError */
export function loadUserKey(options: UserKeyOptions): UserKey {
  const { directory, random, platform } = options;
  if (directory === undefined) return { key: random(KEY_BYTES), origin: 'ephemeral' };
  const path = join(directory, 'key');
  const stored = readKey(path, platform);
  if (stored !== undefined) return { key: stored, origin: 'stored' };
  const key = random(KEY_BYTES);
  try {
    store(path, key, Buffer.from(random(8)).toString('hex'));
  } catch {
    // A read-only or missing home is no reason not to scan.
    return { key, origin: 'ephemeral' };
  }
  // Another process may have been first.
  const now = readKey(path, platform) ?? key;
  return { key: now, origin: Buffer.from(now).equals(key) ? 'made' : 'stored' };
}

function readKey(path: string, platform: string): Uint8Array | undefined {
  let mode: number;
  let key: Buffer;
  try {
    mode = statSync(path).mode;
    key = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserKeyError('unreadable', `the key file ${path} cannot be read (${code})`, error);
  }
  if (platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UserKeyError(
      'not-private',
      `others can read the key file ${path}: make it private (chmod 600) or delete it`,
    );
  }
  if (key.length !== KEY_BYTES) throw new UserKeyError('damaged', `the key file ${path} is damaged: delete it`);
  return Uint8Array.from(key);
}

/** Whole or not at all under its name, and never over another: written aside, then linked. */
function store(path: string, key: Uint8Array, suffix: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${suffix}`;
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(aside, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // File systems without links: the last of several at once wins, and every one of them reads it back.
    if (code !== 'EEXIST') renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}
