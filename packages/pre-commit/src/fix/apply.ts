/**
 * Carries a plan out, in an order in which nothing can be lost: `.gitignore`, then `.env`, and only then the files that
 * lose a value. Files are replaced whole; `.env` is added to, so that no copy of it ever lies beside it.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dotenvValue } from './dotenv.ts';
import { isIgnored, isOwnIndex, isTracked, isWhollyStaged, stage, type GitPlace } from './git.ts';
import { DOTENV, GITIGNORE, type FilePlan, type FixPlan } from './plan.ts';

export interface FixResult {
  readonly changed: readonly string[];
  readonly staged: readonly string[];
  /** Names added to `.env`. */
  readonly added: readonly string[];
  readonly ignored: boolean;
  /** What went wrong, one sentence each; holds nothing of a file but its name. */
  readonly failed: readonly string[];
}

export async function applyFix(plan: FixPlan, git: GitPlace): Promise<FixResult> {
  const nothing = { changed: [], staged: [], added: [], ignored: false };
  const mayStage = isOwnIndex(git);
  const ignoreWasClean = plan.ignoreDotenv && (await isClean(git, GITIGNORE));
  try {
    if (plan.ignoreDotenv) await appendTo(join(git.root, GITIGNORE), `${DOTENV}\n`, 0o666);
  } catch (error) {
    return { ...nothing, failed: [`${GITIGNORE} cannot be written: ${reason(error)}; nothing was changed`] };
  }
  // Whatever else is in that file: its other lines, or the encoding, may undo ours.
  if (!(await isIgnored(git, DOTENV))) {
    const failed = [`git does not ignore ${DOTENV}, though it is named in ${GITIGNORE}: no value was moved`];
    return { ...nothing, ignored: plan.ignoreDotenv, failed };
  }
  try {
    const lines = [...plan.variables].map(([name, value]) => `${name}=${dotenvValue(value) ?? ''}\n`);
    if (lines.length > 0) await appendTo(join(git.root, DOTENV), lines.join(''), 0o600);
  } catch (error) {
    return {
      ...nothing,
      ignored: plan.ignoreDotenv,
      failed: [`${DOTENV} cannot be written: ${reason(error)}; no source file was changed`],
    };
  }
  const changed: string[] = [];
  const failed: string[] = [];
  for (const file of plan.files) {
    try {
      await replaceFile(join(git.root, file.path), file);
      changed.push(file.path);
    } catch (error) {
      failed.push(`${file.path} stays as it is: ${reason(error)}`);
    }
  }
  const toStage = mayStage ? [...changed, ...(ignoreWasClean ? [GITIGNORE] : [])] : [];
  const staged = (await stage(git, toStage)) ? toStage : [];
  return { changed, staged, added: [...plan.variables.keys()], ignored: plan.ignoreDotenv, failed };
}

/** Staging it would stage nothing but our own line. */
async function isClean(git: GitPlace, path: string): Promise<boolean> {
  const isThere = (await stat(join(git.root, path)).catch(() => undefined)) !== undefined;
  return isThere ? (await isTracked(git, path)) && (await isWhollyStaged(git, path)) : true;
}

/** Adds whole lines; a file whose last line has no end gets one. What cannot be written whole is taken back. */
async function appendTo(path: string, text: string, mode: number): Promise<void> {
  // A link that somebody put there meanwhile is not followed.
  const file = await open(
    path,
    constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0),
    mode,
  );
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.nlink > 1) throw new ChangedError('it is no plain file of its own');
    const { size } = stats;
    const tail = await lastBytes(file, size);
    const newline = tail.endsWith('\r\n') ? '\r\n' : '\n';
    const whole = (size > 0 && !tail.endsWith('\n') ? newline : '') + text.replaceAll('\n', newline);
    try {
      await file.writeFile(whole);
      await file.sync();
    } catch (error) {
      await file.truncate(size);
      throw error;
    }
  } finally {
    await file.close();
  }
}

async function lastBytes(file: FileHandle, size: number): Promise<string> {
  const length = Math.min(2, size);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('latin1');
}

class ChangedError extends Error {}

/** @throws ChangedError when it is no longer what the plan was made for; NodeJS.ErrnoException */
async function replaceFile(path: string, { bytes, edits }: FilePlan): Promise<void> {
  const { mode } = await stat(path);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    parts.push(bytes.subarray(at, start), Buffer.from(text, 'latin1'));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const draft = join(dirname(path), `.unleak-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(draft, 'wx', mode & 0o777);
    try {
      await file.writeFile(Buffer.concat(parts));
      // The mask of the process may have taken bits away.
      await file.chmod(mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!bytes.equals(await readFile(path))) throw new ChangedError('it was changed in the meantime');
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'it is a link',
  EISDIR: 'it is a directory',
};

/** Without the text of the error, which may name anything. */
function reason(error: unknown): string {
  if (error instanceof ChangedError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (/^[A-Z0-9_]{2,20}$/.test(code) ? code : 'it failed');
}
