/**
 * What a CI does before a job's own lines run: the clone that it makes, the shell and the environment that it starts them
 * in. `npm` is a stand-in that installs the built CLI, so that no registry is asked; `unleak` is the built CLI, too.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';
import { openRepo, type TestRepo } from './repo.ts';
import { tempFolder } from './temp-folder.ts';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'packages/cli/bin/unleak.mjs');

export const { version: VERSION } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as {
  readonly version: string;
};

/** Takes `install --prefix FOLDER … unleak@VERSION`, and nothing else. */
const NPM = `#!/bin/sh
[ "$1 $2" = 'install --prefix' ] || exit 99
for last; do :; done
[ "$last" = 'unleak@${VERSION}' ] || exit 98
mkdir -p "$3/node_modules/.bin"
printf '#!/bin/sh\\nexec "%s" "%s" "$@"\\n' '${process.execPath}' '${bin}' >"$3/node_modules/.bin/unleak"
chmod +x "$3/node_modules/.bin/unleak"
`;

/** Text of a file below ci/. */
export function template(path: string): string {
  return readFileSync(join(root, 'ci', path), 'utf8');
}

export interface CloneOptions {
  /** Commits of history; without it all of them, with all branches. */
  readonly depth?: number;
  /** The commit that is checked out, without a branch. */
  readonly commit: string;
  /** The branch that is built: all that a shallow clone has. */
  readonly branch: string;
}

/** As GitLab's runner clones: an empty repository, a fetch of what is wanted, a commit checked out by its id. */
export function cloneFor(origin: TestRepo, { depth, commit, branch }: CloneOptions): TestRepo {
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const path = tempFolder();
  origin.git('init', '--quiet', '--template=', path);
  const clone = openRepo(path);
  clone.git('remote', 'add', 'origin', `file://${origin.path}`);
  const wanted =
    depth === undefined
      ? ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*', commit]
      : [`--depth=${depth}`, `+${commit}:refs/remotes/origin/${branch}`];
  clone.git('fetch', '--quiet', '--no-tags', 'origin', ...wanted);
  clone.git('checkout', '--quiet', '--force', '--detach', commit);
  return clone;
}

export interface JobResult {
  readonly code: number | null;
  /** Both streams, as a job's log shows them. */
  readonly log: string;
}

/** Runs the lines of a job in a shell of this name, in a home of its own, with nothing of this machine but PATH. */
export function runJob(lines: string, { cwd, env, shell = 'sh', args = [] }: JobOptions): JobResult {
  const home = tempFolder();
  const programs = tempFolder();
  const unleak = `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`;
  for (const [name, text] of Object.entries({ npm: NPM, unleak })) {
    writeFileSync(join(programs, name), text);
    chmodSync(join(programs, name), 0o755);
  }
  const { status, stdout, stderr, error } = spawnSync(shell, ['-e', '-c', `exec 2>&1\n${lines}`, shell, ...args], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: home,
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: '1',
      ...env,
    },
  });
  if (error !== undefined) throw error;
  return { code: status, log: stdout + stderr };
}

export interface JobOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly shell?: 'sh' | 'bash';
  readonly args?: readonly string[];
}
