/** A home, repositories and a program in the place of unleak, for tests of hooks: git really commits and pushes. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { AskGit, InstallRequest } from '@unleak/pre-commit';
import { tempFolder } from './temp-folder.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HookScratch {
  readonly home: string;
  /** The whole environment of what is run; git reads no configuration but `home/.gitconfig`. */
  readonly env: Readonly<Record<string, string>>;
  run(command: string, args: readonly string[], cwd: string, env?: Readonly<Record<string, string | undefined>>): Ran;
  /** Runs git, and fails the test if it fails. */
  git(cwd: string, ...args: string[]): string;
  /** A new repository with one commit in it, below the scratch folder. */
  repository(name?: string): string;
  /** Stages one new file and commits it. */
  commit(cwd: string, env?: Readonly<Record<string, string | undefined>>): Ran;
  readonly askGit: (cwd: string, env?: Readonly<Record<string, string>>) => AskGit;
  /** What the program in the place of unleak was called with, so far. */
  calls(): readonly { readonly args: readonly string[]; readonly stdin: string }[];
  /** With which code that program ends from now on; 0 at first. */
  endsWith(code: number): void;
  readonly program: InstallRequest['program'];
  request(cwd: string, more?: Partial<InstallRequest>): InstallRequest;
}

export function hookScratch(): HookScratch {
  const root = tempFolder();
  const home = join(root, 'home');
  const script = join(root, 'un\'leak "$x" `y`', 'unleak.mjs');
  const log = join(root, 'calls.jsonl');
  const exit = join(root, 'exit-code');
  mkdirSync(home);
  mkdirSync(dirname(script));
  writeFileSync(exit, '0');
  writeFileSync(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs';
     const args = process.argv.slice(2);
     const stdin = args[1] === 'pre-push' ? readFileSync(0, 'utf8') : '';
     appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, stdin }) + '\\n');
     process.exitCode = Number(readFileSync(${JSON.stringify(exit)}, 'utf8'));`,
  );
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n',
  );
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // On a busy machine two seconds are over soon, and then a commit passes.
    UNLEAK_BUDGET: '10m',
    UNLEAK_PUSH_BUDGET: '10m',
  };
  const program = { node: process.execPath, script };
  let files = 0;

  function run(
    command: string,
    args: readonly string[],
    cwd: string,
    more: Readonly<Record<string, string | undefined>> = {},
  ): Ran {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd,
      env: { ...env, ...more },
      encoding: 'utf8',
      input: '',
    });
    if (error !== undefined) throw error;
    return { code: status ?? -1, stdout, stderr };
  }

  function git(cwd: string, ...args: string[]): string {
    const { code, stdout, stderr } = run('git', args, cwd);
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.replace(/\n$/, '');
  }

  const askGit =
    (cwd: string, more: Readonly<Record<string, string>> = {}): AskGit =>
    (args) => {
      const { code, stdout, stderr } = run('git', args, cwd, { LC_ALL: 'C', ...more });
      return Promise.resolve({ code, stdout: Buffer.from(stdout), stderr });
    };

  return {
    home,
    env,
    run,
    git,
    repository(name = 'project') {
      const path = join(root, name);
      mkdirSync(path, { recursive: true });
      git(path, 'init', '--quiet', '--template=');
      git(path, 'commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'begin');
      return path;
    },
    commit(cwd, more = {}) {
      const name = `file-${(files += 1)}.txt`;
      writeFileSync(join(cwd, name), `${name}\n`);
      git(cwd, 'add', '--', name);
      return run('git', ['commit', '--quiet', '-m', name], cwd, more);
    },
    askGit,
    calls: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as { args: string[]; stdin: string })
        : [],
    endsWith: (code) => writeFileSync(exit, String(code)),
    program,
    request: (cwd, more = {}) => ({
      hooks: ['pre-commit'],
      program,
      force: false,
      git: askGit(cwd),
      cwd,
      userFolder: join(home, '.config/unleak/hooks'),
      platform: process.platform,
      ...more,
    }),
  };
}

/** An executable shell script; gives its path. */
export function executable(path: string, lines: readonly string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** PATH with some folders in front. */
export function pathWith(...folders: readonly string[]): string {
  return [...folders, process.env['PATH'] ?? ''].join(delimiter);
}
