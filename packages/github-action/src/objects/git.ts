/**
 * The git that the action starts. It runs on a bare repository of our own (`borrowRepository`), never on the checkout: whoever
 * wrote that chose its configuration. Fetching alone may use the operator's configuration, which knows about proxies.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neutralise } from '@unleak/core';
import type { Environment } from '../inputs.ts';

export interface Remote {
  readonly url: string;
  /** Where the token is sent, and nowhere else. */
  readonly serverUrl: string;
  readonly token: string | undefined;
}

export interface Git {
  /** Output of a command that reads. @throws GitFailure */
  read(args: readonly string[], input?: string): Promise<string>;
  /** Id of the commit that a name stands for. */
  commit(name: string): Promise<string | undefined>;
  /** Commits at which the history ends because it was not fetched further. */
  shallow(): ReadonlySet<string>;
  /** Gets the commits of refs or ids, `depth` of each. @throws GitFailure */
  fetch(depth: number, refspecs: readonly string[]): Promise<void>;
  /** The text of a plain file in a commit; undefined if there is none. Does not return before it is read. */
  fileNow(commit: string, path: string): string | undefined;
}

/** One line, without the token. */
export class GitFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GitFailure';
  }
}

/** Far below the longest string that there can be. */
const MAX_OUTPUT = 1 << 28;
const MAX_FILE = 64 << 20;

export function createGit(gitDir: string, remote: Remote, env: Environment, signal: AbortSignal): Git {
  const quiet = readingEnvironment(gitDir, env);

  function run(args: readonly string[], runEnv: Record<string, string>, input: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const child = spawn('git', [...args], { cwd: gitDir, env: runEnv, windowsHide: true, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_OUTPUT) chunks.push(chunk);
      else {
        chunks.length = 0;
        child.kill();
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (errors.length < 8192) errors += text;
    });
    // git may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(new GitFailure(error.code === 'ENOENT' ? 'git is not installed' : `git could not run: ${error.message}`));
    });
    child.once('close', (code, killed) => {
      if (size > MAX_OUTPUT) reject(new GitFailure(`git ${args[0] ?? ''} says more than ${MAX_OUTPUT >> 20} MiB`));
      else if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else
        reject(
          new GitFailure(`git ${args[0] ?? ''} ended with ${code ?? killed ?? 'no status'}: ${told(errors, remote)}`),
        );
    });
    return promise;
  }

  return {
    read: (args, input = '') => run(args, quiet, input),
    async commit(name) {
      // As a line of input, a name can be no option.
      if (name === '' || /[\n\0]/.test(name)) return undefined;
      const answer = await run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], quiet, `${name}^{commit}\n`);
      const [oid = '', type] = answer.trimEnd().split(' ');
      return type === 'commit' ? oid : undefined;
    },
    shallow() {
      try {
        return new Set(
          readFileSync(join(gitDir, 'shallow'), 'latin1')
            .split('\n')
            .filter((line) => line !== ''),
        );
      } catch {
        return new Set();
      }
    },
    async fetch(depth, refspecs) {
      const options = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--force'];
      await run(
        ['fetch', ...options, `--depth=${depth}`, '--end-of-options', remote.url, ...refspecs],
        fetchingEnvironment(gitDir, remote, env),
        '',
      );
    },
    fileNow(commit, path) {
      const read = (...args: readonly string[]): Buffer | undefined => {
        const { status, stdout } = spawnSync('git', args, {
          cwd: gitDir,
          env: quiet,
          maxBuffer: MAX_FILE,
          windowsHide: true,
        });
        return status === 0 ? stdout : undefined;
      };
      // A symbolic link would be read as the name that it holds.
      const entry =
        read('--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path)?.toString('latin1') ?? '';
      const [, oid] = /^100\d{3} blob ([0-9a-f]+)\t/.exec(entry) ?? [];
      return oid === undefined ? undefined : read('cat-file', 'blob', oid)?.toString('utf8');
    },
  };
}

/** What any program needs to start; for reading, git gets no more. */
const SYSTEM = ['PATH', 'SYSTEMROOT', 'PATHEXT'];

function readingEnvironment(gitDir: string, env: Environment): Record<string, string> {
  const empty = join(gitDir, 'empty');
  return {
    ...pick(env, (name) => SYSTEM.includes(name)),
    HOME: gitDir,
    XDG_CONFIG_HOME: gitDir,
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: empty,
    GIT_CONFIG_GLOBAL: empty,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

/** The token goes to git in its environment: arguments can be read by everyone on the machine, and files stay behind. */
function fetchingEnvironment(gitDir: string, remote: Remote, env: Environment): Record<string, string> {
  const settings: (readonly [string, string])[] = [
    ['credential.helper', ''],
    // What git would ask the checkout for; it is known from the copied refs.
    ['core.alternateRefsCommand', 'true'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['fetch.writeCommitGraph', 'false'],
    // git would send the header with the token to the host that it is led to: it is that of the first address for all that follows.
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '60'],
  ];
  if (remote.token !== undefined && /^https?:/.test(remote.serverUrl)) {
    const header = `http.${remote.serverUrl}/.extraheader`;
    const login = Buffer.from(`x-access-token:${remote.token}`).toString('base64');
    // The empty one takes away what another configuration may have put there.
    settings.push([header, ''], [header, `AUTHORIZATION: basic ${login}`]);
  }
  return {
    ...pick(env, (name) => !name.startsWith('GIT_') && !name.startsWith('INPUT_')),
    GIT_DIR: gitDir,
    GIT_ALLOW_PROTOCOL: new URL(remote.url).protocol.slice(0, -1),
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], i) => [
        [`GIT_CONFIG_KEY_${i}`, key],
        [`GIT_CONFIG_VALUE_${i}`, value],
      ]),
    ),
  };
}

function pick(env: Environment, isWanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isWanted(entry[0].toUpperCase()),
    ),
  );
}

/** The last thing that git complained of. */
function told(errors: string, { token }: Remote): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  const line = neutralise(
    lines.findLast((text) => text.startsWith('fatal:')) ?? lines.at(-1) ?? 'it said nothing',
  ).slice(0, 300);
  return token === undefined ? line : line.replaceAll(token, '***');
}
