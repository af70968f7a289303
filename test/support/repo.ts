/**
 * Builds git repositories for tests: fixed dates and names, no configuration of the machine. Everything runs the
 * installed git with arguments only; contents are given as strings or bytes.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface CommitOptions {
  readonly message?: string | Uint8Array;
  readonly author?: string;
  readonly email?: string;
  /** Seconds since 1970; by default each commit is a minute after the one before. */
  readonly date?: number;
  readonly allowEmpty?: boolean;
}

export interface RepoOptions {
  readonly bare?: boolean;
  readonly sha256?: boolean;
  readonly at?: string;
}

const START = 1_600_000_000;

export interface TestRepo {
  readonly path: string;
  readonly gitDir: string;
  /** Runs git in the repository; gives its output without the last line feed. */
  git(...args: string[]): string;
  gitWith(options: { input?: string | Uint8Array; env?: Record<string, string> }, ...args: string[]): Buffer;
  write(path: string, content: string | Uint8Array): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  /** Stages everything. */
  stage(): void;
  /** Stages everything and commits; gives the commit's id. */
  commit(options?: CommitOptions): string;
  /** Writes files and commits them. */
  commitFiles(files: Readonly<Record<string, string | Uint8Array>>, options?: CommitOptions): string;
  /** Stores an object that nothing points at; gives its id. */
  hashObject(content: string | Uint8Array, type?: string): string;
  readGitFile(path: string): string;
  writeGitFile(path: string, content: string | Uint8Array, mode?: number): void;
}

/** A directory that is removed by `remove`. */
export function makeTempDir(label = 'test'): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `unleak-${label}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
    LC_ALL: 'C',
  };
}

/** Gives a repository in a new directory below `parent`, or at `options.at`. */
export function makeRepo(parent: string, options: RepoOptions = {}): TestRepo {
  const path = options.at ?? mkdtempSync(join(parent, 'repo-'));
  mkdirSync(path, { recursive: true });
  const flags = [
    ...(options.bare === true ? ['--bare'] : []),
    ...(options.sha256 === true ? ['--object-format=sha256'] : []),
  ];
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', '--template=', ...flags, path], {
    env: gitEnvironment(),
  });
  return openRepo(path);
}

/** The same for a repository that is there already, such as a clone or a linked work tree. */
export function openRepo(path: string): TestRepo {
  let clock = START;

  function gitWith(settings: { input?: string | Uint8Array; env?: Record<string, string> }, ...args: string[]): Buffer {
    return execFileSync(
      'git',
      ['-c', 'protocol.file.allow=always', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false', ...args],
      {
        cwd: path,
        env: { ...gitEnvironment(), ...settings.env },
        input: settings.input ?? '',
        stdio: ['pipe', 'pipe', 'pipe'],
        maxBuffer: 1 << 30,
      },
    );
  }

  function git(...args: string[]): string {
    return gitWith({}, ...args)
      .toString('utf8')
      .replace(/\n$/u, '');
  }

  function commit(settings: CommitOptions = {}): string {
    git('add', '--all');
    const date = settings.date ?? (clock += 60);
    const who = {
      GIT_AUTHOR_DATE: `${date} +0000`,
      GIT_COMMITTER_DATE: `${date} +0000`,
      ...(settings.author === undefined ? {} : { GIT_AUTHOR_NAME: settings.author }),
      ...(settings.email === undefined ? {} : { GIT_AUTHOR_EMAIL: settings.email }),
    };
    const flags = settings.allowEmpty === false ? [] : ['--allow-empty'];
    gitWith(
      { input: settings.message ?? `change ${date - START}`, env: who },
      'commit',
      '--quiet',
      '--no-verify',
      '--cleanup=verbatim',
      '--allow-empty-message',
      ...flags,
      '--file=-',
    );
    return git('rev-parse', 'HEAD');
  }

  function write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }

  const gitDir = execFileSync('git', ['rev-parse', '--absolute-git-dir'], { cwd: path, env: gitEnvironment() })
    .toString()
    .trim();
  return {
    path,
    gitDir,
    git,
    gitWith,
    write,
    link: (name, target) => symlinkSync(target, join(path, name)),
    remove: (name) => unlinkSync(join(path, name)),
    stage: () => void git('add', '--all'),
    commit,
    commitFiles(files, settings) {
      for (const [name, content] of Object.entries(files)) write(name, content);
      return commit(settings);
    },
    hashObject: (content, type = 'blob') =>
      gitWith({ input: content }, 'hash-object', '-w', '-t', type, '--stdin').toString().trim(),
    readGitFile: (name) => readFileSync(join(gitDir, name), 'utf8'),
    writeGitFile(name, content, mode) {
      mkdirSync(dirname(join(gitDir, name)), { recursive: true });
      writeFileSync(join(gitDir, name), content);
      if (mode !== undefined) chmodSync(join(gitDir, name), mode);
    },
  };
}
