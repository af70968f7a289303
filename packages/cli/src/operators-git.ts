/**
 * The installed git, asked about the operator's own repository with the operator's own environment and configuration, as if
 * they had typed it. Nothing that is scanned goes through here: that is core's door.
 */
import { execFile, type ExecFileException } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { AskGit } from '@unleak/pre-commit';
import type { Io } from './io.ts';
import { systemReason } from './system-reason.ts';
import { UsageError } from './usage-error.ts';

/** Variables by which git finds another repository than the one around its folder. */
const PLACES = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
]);

/** Above every file that is edited, and every list of files that is asked for. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Runs git in `folder`, which is an absolute path. `named`: the operator said that it is this one, so that GIT_DIR and the
 * like do not count. @throws UsageError for a folder that cannot be entered, and without git
 */
export async function operatorsGit(folder: string, named: boolean, io: Pick<Io, 'env'>): Promise<AskGit> {
  const stats = await stat(folder).catch((error: unknown) => {
    throw new UsageError(`${folder}: ${systemReason(error)}`);
  });
  if (!stats.isDirectory()) throw new UsageError(`${folder}: is no directory`);
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !named || !PLACES.has(name.toUpperCase())));
  // Messages in English, since one of them is read.
  const options = {
    ...{ cwd: folder, env: { ...env, LC_ALL: 'C' }, windowsHide: true },
    ...{ encoding: 'buffer' as const, maxBuffer: MAX_BYTES },
  };
  return (args) =>
    new Promise((resolve, reject) => {
      execFile('git', [...args], options, (error, stdout, complaints) => {
        const stderr = complaints.toString('utf8');
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else reject(new UsageError(reasonOf(error, folder, args[0] ?? '')));
      });
    });
}

/** Why there is no exit code. */
function reasonOf(error: ExecFileException, folder: string, command: string): string {
  const code = String(error.code);
  if (code === 'ENOENT') return 'git is not installed, or not in PATH';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return `${folder}: git ${command} says more than ${MAX_BYTES >> 20} MiB`;
  if (typeof error.signal === 'string') return `${folder}: git ${command} was ended by ${error.signal}`;
  return `${folder}: git cannot be started there: ${systemReason(error)}`;
}
