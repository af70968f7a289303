import { spawn } from 'node:child_process';
import { constants, devNull } from 'node:os';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

const bin = join(import.meta.dirname, '../../packages/cli/bin/unleak.mjs');

export interface RunOptions {
  readonly cwd?: string;
  /** Added to an environment that holds nothing of this machine's user but PATH; undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array;
  /** Sent as soon as the text of `when` was seen on stderr or stdout. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly when: string };
}

export interface RunResult {
  /** 128 + the signal's number, as in a shell, when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built CLI with the Node that runs the tests, in a home of its own, and waits for its end. Without `cwd` it
 * runs in an empty folder.
 */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const home = tempFolder();
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? tempFolder(),
    env: cleanEnvironment(home, options.env ?? {}),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  let killed = false;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (killed || options.kill === undefined || !output[name].includes(options.kill.when)) return;
      // Once: a second signal means something else.
      killed = true;
      child.kill(options.kill.signal);
    });
  }
  // A program that ends without reading its input closes the pipe; that is no fault of the test.
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  return { code: await promise, ...output };
}

function cleanEnvironment(home: string, added: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    TZ: 'UTC',
    ...added,
  };
}
