/** One hook in one folder: put there and taken away, with what was there before kept beside it. */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  chmod,
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { FRAMEWORKS_SUFFIX, KEPT_SUFFIX } from './hook-names.ts';
import { whoseHook } from './hook-script.ts';
import { HookInstallError } from './install-error.ts';

/** No hook of ours is longer. */
const LONGEST = 64 * 1024;

export type HookState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ours' | 'edited'; readonly text: string; readonly executable: boolean }
  /** `text`: its beginning; of a symbolic link, where it leads. */
  | { readonly kind: 'foreign'; readonly text: string; readonly executable: boolean };

export async function readHook(path: string): Promise<HookState> {
  const stats = await statOf(path);
  if (stats === undefined) return { kind: 'absent' };
  // On Windows no file has such a bit, and git asks for none.
  const executable = (stats.mode & 0o111) !== 0 || stats.isSymbolicLink();
  if (stats.isSymbolicLink()) return { kind: 'foreign', text: await readlink(path), executable };
  if (!stats.isFile()) return { kind: 'foreign', text: '', executable: false };
  const text = stats.size > LONGEST ? await beginning(path) : await readFile(path, 'utf8');
  return { kind: whoseHook(text), text, executable };
}

export interface PutHook {
  readonly outcome: 'installed' | 'updated' | 'unchanged';
  readonly path: string;
  /** The hook that was there before, and whether git would have run it. */
  readonly kept?: { readonly path: string; readonly executable: boolean };
}

/**
 * Writes our hook, whole or not at all; `overwrite`: also over one of ours that somebody has edited.
 * @throws HookInstallError, and errors of the file system, which leave everything as it was
 */
export async function putHook(
  folder: string,
  hook: string,
  script: string,
  { overwrite, windows }: { readonly overwrite: boolean; readonly windows: boolean },
): Promise<PutHook> {
  const path = join(folder, hook);
  const kept = `${path}${KEPT_SUFFIX}`;
  const state = await readHook(path);
  if (state.kind === 'edited' && !overwrite)
    throw new HookInstallError(`${path} was written by unleak and edited since; --force writes it anew`);
  const before = await readHook(kept);
  if (state.kind === 'foreign') {
    if (before.kind !== 'absent') throw taken(path, kept);
    await mkdir(folder, { recursive: true });
    await writeBeside(path, script, async (draft) => {
      await keepAs(path, kept);
      try {
        await rename(draft, path);
      } catch (error) {
        await rm(kept);
        throw error;
      }
    });
    return { outcome: 'installed', path, kept: { path: kept, executable: state.executable || windows } };
  }
  const keeps = before.kind === 'absent' ? {} : { kept: { path: kept, executable: before.executable || windows } };
  if (state.kind === 'ours' && state.text === script && (state.executable || windows))
    return { outcome: 'unchanged', path, ...keeps };
  await mkdir(folder, { recursive: true });
  await writeBeside(path, script, (draft) => rename(draft, path));
  return { outcome: state.kind === 'absent' ? 'installed' : 'updated', path, ...keeps };
}

export interface TakenHook {
  /**
   * `removed`: ours is gone, and what it had kept is back (`restored`). `restored`: ours was gone already. `foreign`: the
   * hook is not ours and was left. `absent`: there is none.
   */
  readonly outcome: 'removed' | 'restored' | 'foreign' | 'absent';
  readonly path: string;
  readonly restored: boolean;
  /** A hook that was kept and stays where it is, since its place is taken. */
  readonly left?: string;
}

/** Changes nothing. @throws HookInstallError if `takeHook` would refuse */
export async function checkTaking(path: string, overwrite: boolean): Promise<HookState> {
  const state = await readHook(path);
  if (state.kind === 'edited' && !overwrite)
    throw new HookInstallError(
      `${path} was written by unleak and edited since: save what you added, then --force removes it`,
    );
  return state;
}

/** Takes our hook away and gives the one before it its name back. @throws as `putHook` */
export async function takeHook(folder: string, hook: string, overwrite: boolean): Promise<TakenHook> {
  const path = join(folder, hook);
  const kept = `${path}${KEPT_SUFFIX}`;
  const state = await checkTaking(path, overwrite);
  const before = await statOf(kept);
  if (state.kind === 'foreign') {
    const moved = `${path}${FRAMEWORKS_SUFFIX}`;
    if ((await readHook(moved)).kind === 'ours') {
      // What we had kept is what the framework would have moved there.
      if (before === undefined) await rm(moved);
      else await rename(kept, moved);
      return { outcome: 'removed', path: moved, restored: before !== undefined };
    }
    return { outcome: 'foreign', path, restored: false, ...(before === undefined ? {} : { left: kept }) };
  }
  if (before !== undefined) {
    // In one step: there is no moment without a hook.
    await rename(kept, path);
    return { outcome: state.kind === 'absent' ? 'restored' : 'removed', path, restored: true };
  }
  if (state.kind === 'absent') return { outcome: 'absent', path, restored: false };
  await rm(path);
  return { outcome: 'removed', path, restored: false };
}

/**
 * The same file or link under a second name, which must be free: of two installations at a time one fails, and neither
 * takes the other's hook for the one that was there before.
 */
async function keepAs(path: string, kept: string): Promise<void> {
  const stats = await lstat(path);
  try {
    if (stats.isSymbolicLink()) await symlink(await readlink(path), kept);
    else await link(path, kept);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw taken(path, kept);
    if (stats.isSymbolicLink()) throw error;
    // Not every file system has second names.
    await copyFile(path, kept, constants.COPYFILE_EXCL);
    await chmod(kept, stats.mode);
  }
}

function taken(path: string, kept: string): HookInstallError {
  return new HookInstallError(
    `${path} is not of unleak, and ${kept}, where it would be kept, is there already: rename or remove one of them first`,
  );
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function writeBeside(path: string, text: string, place: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.unleak-${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o777);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(draft);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    // The operator knows of no draft.
    if (error instanceof Error && 'path' in error && error.path === draft) error.path = path;
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    // A folder that is not there, or something else in its place: writing says what is wrong.
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function beginning(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
