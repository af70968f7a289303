/** Repositories whose hooks call the built CLI, and git as somebody at a terminal would run it there. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitEnvironment, makeRepo, type RepoOptions, type TestRepo } from './repo.ts';
import { tempFolder } from './temp-folder.ts';

const bin = join(import.meta.dirname, '../../packages/cli/bin/unleak.mjs');

export interface GitRun {
  readonly code: number;
  /** What hook and git said. */
  readonly said: string;
}

export interface GitRunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Environment of the person: a home of its own, and time enough for a busy machine. */
export function personEnvironment(): Record<string, string> {
  const home = tempFolder();
  return {
    ...gitEnvironment(),
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    UNLEAK_BUDGET: '10m',
    UNLEAK_PUSH_BUDGET: '10m',
    GIT_EDITOR: 'true',
    TZ: 'UTC',
  };
}

/** Writes the two hooks into a git directory. */
export function writeHooks(gitDir: string): void {
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const name of ['pre-commit', 'pre-push']) {
    const file = join(gitDir, 'hooks', name);
    writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${bin}" hook ${name} "$@"\n`);
    chmodSync(file, 0o755);
  }
}

export interface HookedRepo extends TestRepo {
  /** Runs git with hooks, wherever it ends. */
  run(args: readonly string[], options?: GitRunOptions): GitRun;
}

export function hookedRepo(options: RepoOptions = {}): HookedRepo {
  const repo = makeRepo(tempFolder(), options);
  writeHooks(repo.gitDir);
  const env = personEnvironment();
  return {
    ...repo,
    run: (args, given = {}) => runGit(args, { cwd: repo.path, ...given, env: { ...env, ...given.env } }),
  };
}

export function runGit(args: readonly string[], { cwd, env, input }: GitRunOptions): GitRun {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['-c', 'protocol.file.allow=always', '-c', 'gc.auto=0', ...args],
    {
      ...(cwd === undefined ? {} : { cwd }),
      env,
      input: input ?? '',
      encoding: 'utf8',
    },
  );
  return { code: status ?? -1, said: stdout + stderr };
}

/** The command of a hook, without git around it. */
export function runHook(name: 'pre-commit' | 'pre-push', args: readonly string[], options: GitRunOptions): GitRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'hook', name, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env,
    input: options.input ?? '',
    encoding: 'utf8',
  });
  return { code: status ?? -1, said: stdout + stderr };
}
