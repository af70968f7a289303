/** Reports on their way out: to standard output, or to a file that is there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import { systemReason } from '../system-reason.ts';
import { UsageError } from '../usage-error.ts';

const CHUNK = 64 * 1024;

/**
 * `target` undefined or `-`: standard output, where a reader that went away is a normal end. `isData`: for programs.
 * @throws UsageError
 */
export async function writeReport(
  chunks: Iterable<string>,
  target: string | undefined,
  io: Pick<Io, 'stdout' | 'cwd'>,
  isData = false,
): Promise<void> {
  if (target !== undefined && target !== '-') {
    await writeWhole(resolve(io.cwd, target), chunks);
    return;
  }
  try {
    for (const part of joined(chunks)) if (!(await io.stdout.write(part, isData))) return;
  } catch (error) {
    throw new UsageError(`standard output: ${systemReason(error)}`);
  }
}

/**
 * Writes a file that nobody ever sees half of: a temporary one beside it, then renamed. Devices are written to directly.
 * @throws UsageError that names the path; nothing half-written is left.
 */
export async function writeWhole(path: string, chunks: Iterable<string>, mode?: number): Promise<void> {
  const old = statOf(path);
  if (old?.isDirectory() === true) throw new UsageError(`${path}: is a directory; name a file`);
  if (old !== undefined && !old.isFile()) {
    await writeDevice(path, chunks);
    return;
  }
  const draft = join(dirname(path), `.unleak-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = openSync(draft, 'wx', mode ?? (old === undefined ? 0o666 : old.mode & 0o777));
    try {
      for (const part of joined(chunks)) writeFileSync(file, part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    removeQuietly(draft);
    throw new UsageError(`${path}: the file cannot be written: ${systemReason(error)}`);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Writing says what is wrong.
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What went wrong before is what is told.
  }
}

/** A device or a pipe, whose other end may be slow. */
async function writeDevice(path: string, chunks: Iterable<string>): Promise<void> {
  const { open } = await import('node:fs/promises');
  try {
    const file = await open(path, 'w');
    try {
      for (const part of joined(chunks)) await file.writeFile(part);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new UsageError(`${path}: the file cannot be written: ${systemReason(error)}`);
  }
}

function* joined(chunks: Iterable<string>): Generator<string> {
  let text = '';
  for (const chunk of chunks) {
    text += chunk;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
