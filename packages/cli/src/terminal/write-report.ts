/** Reports on their way out: to standard output, or to a file that is there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import { systemReason } from '../system-reason.ts';
import { UsageError } from '../usage-error.ts';

const CHUNK = 64 * 1024;

/** `target` undefined or `-`: standard output, where a reader that went away is a normal end. @throws UsageError */
export async function writeReport(
  chunks: Iterable<string>,
  target: string | undefined,
  io: Pick<Io, 'stdout' | 'cwd'>,
): Promise<void> {
  if (target !== undefined && target !== '-') {
    await writeWhole(resolve(io.cwd, target), chunks);
    return;
  }
  try {
    for (const part of joined(chunks)) if (!(await io.stdout.write(part))) return;
  } catch (error) {
    throw new UsageError(`standard output: ${systemReason(error)}`);
  }
}

/**
 * Writes a file that nobody ever sees half of: a temporary one beside it, then renamed. Devices are written to directly.
 * @throws UsageError that names the path; nothing half-written is left.
 */
export async function writeWhole(path: string, chunks: Iterable<string>, mode?: number): Promise<void> {
  const old = await stat(path).catch(() => undefined);
  if (old?.isDirectory() === true) throw new UsageError(`${path}: is a directory; name a file`);
  const special = old !== undefined && !old.isFile();
  const draft = special ? path : join(dirname(path), `.unleak-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(draft, special ? 'w' : 'wx', mode ?? (old === undefined ? 0o666 : old.mode & 0o777));
    try {
      for (const part of joined(chunks)) await file.writeFile(part);
      if (!special) await file.sync();
    } finally {
      await file.close();
    }
    if (!special) await rename(draft, path);
  } catch (error) {
    if (!special) await rm(draft, { force: true }).catch(() => undefined);
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
