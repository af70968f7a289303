/**
 * The one door to the installed git for everything that reads a scanned repository. git runs on a private directory
 * (private-dir.ts) with an environment that holds nothing of the target's or the operator's configuration, so nothing
 * that a target wrote can make it run a program. Plumbing only; arguments are arrays, never a shell; names that come
 * from outside go in by standard input or behind `--end-of-options`.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import type { Ambient } from '../ambient.ts';
import { isDirectory } from '../look.ts';
import type { Repository } from './detect.ts';
import { GitError, isAbsence, oneLine } from './git-error.ts';
import type { HashName } from './oid.ts';
import { makePrivateDir, type PrivateDir } from './private-dir.ts';

/** What a worker needs to go through the door; structured-cloneable. */
export interface GitDoor {
  readonly gitDir: string;
  readonly objects: string;
  readonly hash: HashName;
  /** The operator's PATH, and what Windows needs to start a program. */
  readonly env: Readonly<Record<string, string>>;
  /** Major and minor version of the installed git; zeros when it was not asked. */
  readonly version: readonly [number, number];
}

export interface OpenDoor {
  readonly door: GitDoor;
  readonly dir: PrivateDir;
  close(): Promise<void>;
}

const OLDEST: readonly [number, number] = [2, 30];

/**
 * Major and minor version of the installed git. @throws GitError `git-not-found`, `git-too-old`; `git-failed` where it cannot be
 * told, because the machine does not start it
 */
export async function installedVersion(ambient: Ambient): Promise<readonly [number, number]> {
  const version = await gitVersion(programEnvironment(ambient), ambient);
  if (version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1])) {
    throw new GitError('git-too-old', `git ${version.join('.')} is older than ${OLDEST.join('.')}`);
  }
  return version;
}

/** @throws GitError as installedVersion; `unsupported-format` */
export async function openDoor(repository: Repository, ambient: Ambient): Promise<OpenDoor> {
  const env = programEnvironment(ambient);
  const version = await installedVersion(ambient);
  const dir = await makePrivateDir(repository, ambient);
  return {
    door: { gitDir: dir.gitDir, objects: dir.objects, hash: dir.hash, env, version },
    dir,
    close: () => dir.temporary.remove(),
  };
}

/**
 * For a scan that must not keep anybody waiting: does not ask for git's version and copies no refs.
 * @throws GitError `unsupported-format`
 */
export async function openQuickDoor(repository: Repository, ambient: Ambient): Promise<OpenDoor> {
  const dir = await makePrivateDir(repository, ambient, false);
  return {
    door: {
      gitDir: dir.gitDir,
      objects: dir.objects,
      hash: dir.hash,
      env: programEnvironment(ambient),
      version: [0, 0],
    },
    dir,
    close: () => dir.temporary.remove(),
  };
}

function programEnvironment(ambient: Ambient): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(ambient.env)) {
    if (value !== undefined && ['PATH', 'SYSTEMROOT', 'PATHEXT'].includes(name.toUpperCase())) env[name] = value;
  }
  return env;
}

const versions = new Map<string, Promise<readonly [number, number]>>();

/** Asked once per PATH, until it is known. */
function gitVersion(env: Record<string, string>, ambient: Ambient): Promise<readonly [number, number]> {
  const key = JSON.stringify(env);
  let version = versions.get(key);
  if (version === undefined) {
    version = readVersion(env, ambient.tmpdir);
    versions.set(key, version);
    version.catch((error: unknown) => {
      if (!isAbsence(error)) versions.delete(key);
    });
  }
  return version;
}

async function readVersion(env: Record<string, string>, cwd: string): Promise<readonly [number, number]> {
  const child = spawn('git', ['--version'], {
    env: { ...env, GIT_CONFIG_NOSYSTEM: '1' },
    cwd,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end();
  const bytes = await collect(child, { what: 'git --version', folder: cwd }, 4096).catch((error: unknown) => {
    // What stands in for git on macOS until it is installed does nothing but complain.
    if ((child.exitCode ?? 0) > 0 && error instanceof GitError)
      throw new GitError('git-not-found', `git does not work: ${error.message}`, { cause: error });
    throw error;
  });
  const output = new TextDecoder('latin1').decode(bytes);
  // `git version 2.39.5 (Apple Git-154)`
  const [major = Number.NaN, minor = Number.NaN] = (output.split(' ')[2] ?? '').split('.').map(Number);
  if (Number.isNaN(major) || Number.isNaN(minor))
    throw new GitError('git-not-found', `git does not tell its version: ${output}`);
  return [major, minor];
}

/** True when the installed git can be told to flush a batch (2.36). */
export function hasBatchCommand(door: GitDoor): boolean {
  return door.version[0] > 2 || (door.version[0] === 2 && door.version[1] >= 36);
}

/** The whole environment of a git that reads a target. */
export function doorEnvironment(door: GitDoor): Record<string, string> {
  const empty = join(door.gitDir, 'empty');
  return {
    ...door.env,
    GIT_DIR: door.gitDir,
    GIT_OBJECT_DIRECTORY: door.objects,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: empty,
    GIT_CONFIG_GLOBAL: empty,
    GIT_CONFIG_COUNT: '0',
    // Before 2.32 the personal configuration is found by these two alone.
    HOME: door.gitDir,
    XDG_CONFIG_HOME: door.gitDir,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_GRAFT_FILE: join(door.gitDir, 'no-grafts'),
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_FLUSH: '0',
    LC_ALL: 'C',
  };
}

export interface SpawnOptions {
  readonly signal?: AbortSignal;
  /** Additions such as GIT_INDEX_FILE; only the sources set them, never a target. */
  readonly env?: Readonly<Record<string, string>>;
}

export function spawnGit(
  door: GitDoor,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcessWithoutNullStreams {
  return spawn('git', [...args], {
    env: { ...doorEnvironment(door), ...options.env },
    // Never a directory of the target: on some systems programs are looked up there.
    cwd: door.gitDir,
    windowsHide: true,
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: 'SIGTERM' }),
  });
}

export interface RunOptions extends SpawnOptions {
  readonly input?: Uint8Array | string;
  /** More output than this is an error. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** Runs git and gives its whole output. @throws GitError `git-failed`, `git-not-found`, `aborted` */
export async function git(door: GitDoor, args: readonly string[], options: RunOptions = {}): Promise<Uint8Array> {
  const child = spawnGit(door, args, options);
  feed(child, options.input ?? '');
  return await collect(
    child,
    { what: `git ${args[0] ?? ''}`, folder: door.gitDir },
    options.maxBytes ?? 64 * 1024 * 1024,
  );
}

/**
 * Runs git and hands each piece of output on as it comes; a piece is valid during the call. Gives what git complained
 * of without failing, at most 4 KiB. Throws as `git`.
 */
export async function gitStream(
  door: GitDoor,
  args: readonly string[],
  onData: (chunk: Uint8Array) => void,
  options: RunOptions = {},
): Promise<string> {
  const child = spawnGit(door, args, options);
  feed(child, options.input ?? '');
  return await drain(child, { what: `git ${args[0] ?? ''}`, folder: door.gitDir }, onData);
}

/** Writes all of the input. git may end before it has read everything; its exit tells more than the broken pipe. */
function feed(child: ChildProcessWithoutNullStreams, input: Uint8Array | string): void {
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
}

/** What a started git is called in messages, and the folder that it was started in. */
interface Started {
  readonly what: string;
  readonly folder: string;
}

async function collect(child: ChildProcessWithoutNullStreams, started: Started, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  await drain(child, started, (chunk) => {
    total += chunk.length;
    if (total > maxBytes) throw new GitError('git-failed', `${started.what} wrote more than ${maxBytes} bytes`);
    chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

/** Settles when the process has ended and all its output is read; gives the beginning of what it wrote to stderr. */
export async function drain(
  child: ChildProcessWithoutNullStreams,
  started: Started,
  onData: (chunk: Uint8Array) => void,
): Promise<string> {
  const { what } = started;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let errors = '';
  let failure: unknown;
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    if (errors.length < 4096) errors += text;
  });
  child.stdout.on('data', (chunk: Uint8Array) => {
    if (failure !== undefined) return;
    try {
      onData(chunk);
    } catch (error) {
      failure = error;
      child.kill();
    }
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= notRun(error, started);
    if (child.pid === undefined) reject(failure);
  });
  child.on('close', (code, signal) => {
    if (failure !== undefined) reject(failure);
    else if (code === 0) resolve(errors);
    else {
      const message = `${what} ended with ${code ?? signal ?? 'no status'}: ${oneLine(errors)}`;
      // Whatever git gives up by itself ends with 128, or less.
      reject(new GitError('git-failed', message, { wasKilled: code === null || code > 128 }));
    }
  });
  return await promise;
}

/** Why git did not run, or not to its end. The system gives one error for a program and for a folder that is not there. */
function notRun(error: NodeJS.ErrnoException, { what, folder }: Started): GitError {
  const options = { cause: error };
  if (error.name === 'AbortError') return new GitError('aborted', `${what} was interrupted`, options);
  // No permission: there is no git, and PATH has a folder that may not be entered.
  if (error.code === 'ENOENT' || error.code === 'EACCES') {
    // Ending in a dot, it is found only if it can be entered.
    if (isDirectory(`${folder}/.`)) return new GitError('git-not-found', 'git is not installed', options);
    return new GitError('git-failed', `${what} could not run: the folder ${folder} cannot be entered`, options);
  }
  return new GitError('git-failed', `${what} could not run: ${error.message}`, options);
}
