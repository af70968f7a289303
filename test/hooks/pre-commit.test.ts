/** The real pre-commit framework installs unleak from a clone of this repository, and runs it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch, pathWith, type HookScratch, type Ran } from '../support/hook-scratch.ts';
import { preCommitTool } from '../support/pre-commit-tool.ts';
import { programFolder, root, stage, stageSecret, unleak } from '../support/real-hooks.ts';

const tool = preCommitTool();
/** Node, pnpm and the packages for a build come from the registry where nothing of it was kept. */
const MINUTES = 15 * 60_000;

/** A repository with the sources of this one as they are now, without anything that is built. */
function cloneOfOurs(scratch: HookScratch): string {
  const clone = join(scratch.home, 'unleak');
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const path of stdout.split('\0')) {
    if (path === '' || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    copyFileSync(join(root, path), join(clone, path));
  }
  scratch.git(clone, 'init', '--quiet');
  scratch.git(clone, 'add', '--all');
  scratch.git(clone, 'commit', '--quiet', '-m', 'unleak');
  return clone;
}

/** A project that uses hooks of a clone. */
function project(scratch: HookScratch, clone: string, ids: readonly string[]): string {
  const repo = scratch.repository("pre-commit's project");
  const hooks = ids.map((id) => `      - id: ${id}\n`).join('');
  const rev = scratch.git(clone, 'rev-parse', 'HEAD');
  stage(scratch, repo, '.pre-commit-config.yaml', `repos:\n  - repo: ${clone}\n    rev: ${rev}\n    hooks:\n${hooks}`);
  return repo;
}

/** Where pnpm keeps packages for this checkout. */
const store = /"storeDir": "([^"]+)"/.exec(readFileSync(join(root, 'node_modules/.modules.yaml'), 'utf8'))?.[1];

/** What the framework and its hooks are run with: its own home, and our Node where it looks for one. */
function frameworkEnvironment(scratch: HookScratch, ...folders: readonly string[]): Record<string, string> {
  const nodes = join(scratch.home, 'nodes');
  mkdirSync(nodes);
  for (const name of ['node', 'nodejs']) symlinkSync(process.execPath, join(nodes, name));
  return {
    PATH: pathWith(...folders, nodes),
    PRE_COMMIT_HOME: join(scratch.home, 'pre-commit'),
    // The registry that this machine uses, and what was fetched from it before.
    HOME: process.env['HOME'] ?? scratch.home,
    ...(store === undefined ? {} : { pnpm_config_store_dir: dirname(store) }),
    GIT_CONFIG_GLOBAL: join(scratch.home, '.gitconfig'),
    ...Object.fromEntries(
      ['npm_config_registry', 'npm_config_cache', 'HTTPS_PROXY', 'https_proxy', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']
        .map((name) => [name, process.env[name]] as const)
        .filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
    ),
  };
}

function framework(scratch: HookScratch, repo: string, env: Record<string, string>, ...args: string[]): Ran {
  if (tool === undefined) throw new Error('there is no pre-commit');
  return scratch.run(tool.command, [...tool.args, ...args], repo, env);
}

/** Commits and pushes what is clean, and what is not. */
function expectToBeGuarded(scratch: HookScratch, repo: string, env: Record<string, string>): void {
  const git = (...args: string[]): Ran => scratch.run('git', args, repo, env);
  const clean = git('commit', '-qm', 'clean');
  expect(clean).toMatchObject({ code: 0 });
  const secret = stageSecret(scratch, repo);
  const stopped = git('commit', '-qm', 'secret');
  expect(stopped.code).toBe(1);
  expect(stopped.stdout + stopped.stderr).toContain('src/settings.ts');
  expect(stopped.stdout + stopped.stderr).not.toContain(secret);
  // What it advises to type works in a terminal, which knows nothing of the framework's environment.
  const typed = (stopped.stdout + stopped.stderr).split('\n').find((line) => / ignore c1_/.test(line));
  expect(scratch.run('sh', ['-c', typed ?? 'exit 9'], repo, { PATH: env['PATH'] }), typed).toMatchObject({ code: 0 });
  rmSync(join(repo, '.unleakignore'));
  expect(scratch.run('git', ['commit', '-qm', 'secret'], repo, { ...env, SKIP: 'unleak,unleak-system' }).code).toBe(0);

  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  // To a remote that has nothing yet, of which the framework tells less, and then to one that has a part.
  for (const part of [undefined, 'HEAD~1:refs/heads/main']) {
    if (part !== undefined) expect(git('push', '--quiet', bare, part).code).toBe(0);
    const push = git('push', '--quiet', bare, 'main');
    expect(push.code).toBe(1);
    expect(push.stdout + push.stderr).toContain('src/settings.ts');
    expect(push.stdout + push.stderr).not.toContain(secret);
  }
}

test.runIf(tool !== undefined)(
  'from a plain clone, which it builds by itself, it runs before commits and pushes [needs pre-commit]',
  () => {
    const scratch = hookScratch();
    const repo = project(scratch, cloneOfOurs(scratch), ['unleak', 'unleak-push']);
    const env = frameworkEnvironment(scratch);
    const installed = framework(scratch, repo, env, 'install', '--install-hooks', '-t', 'pre-commit', '-t', 'pre-push');
    expect(installed).toMatchObject({ code: 0, stderr: '' });
    expectToBeGuarded(scratch, repo, env);
  },
  MINUTES,
);

test.runIf(tool !== undefined)('with the unleak of the machine [needs pre-commit]', () => {
  const scratch = hookScratch();
  const repo = project(scratch, cloneOfOurs(scratch), ['unleak-system', 'unleak-push-system']);
  const env = frameworkEnvironment(scratch, programFolder(join(scratch.home, 'bin')));
  expect(framework(scratch, repo, env, 'install', '-t', 'pre-commit', '-t', 'pre-push').code).toBe(0);
  expectToBeGuarded(scratch, repo, env);
});

test.runIf(tool !== undefined)(
  'installed over ours, it runs ours, until that is uninstalled [needs pre-commit]',
  () => {
    const scratch = hookScratch();
    const repo = scratch.repository();
    const env = frameworkEnvironment(scratch);
    executable(join(repo, '.git/hooks/pre-commit'), ['echo "the first one" >&2']);
    expect(unleak(scratch, repo, 'install-hook').code).toBe(0);
    stage(
      scratch,
      repo,
      '.pre-commit-config.yaml',
      `repos:\n  - repo: local\n    hooks:\n      - { id: own, name: own, language: system, entry: echo, always_run: true }\n`,
    );
    expect(framework(scratch, repo, env, 'install').code).toBe(0);
    const secret = stageSecret(scratch, repo);
    const stopped = scratch.run('git', ['commit', '-qm', 'a'], repo, env);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout + stopped.stderr).toMatch(/the first one[^]*src\/settings\.ts[^]*own\.*Passed/);
    expect(stopped.stdout + stopped.stderr).not.toContain(secret);
    expect(unleak(scratch, repo, 'uninstall-hook').stderr).toContain('pre-commit.legacy is again what it was before');
    const free = scratch.run('git', ['commit', '-qm', 'a'], repo, env);
    expect(free.code).toBe(0);
    expect(free.stdout + free.stderr).toMatch(/the first one[^]*own\.*Passed/);
  },
);

test.runIf(tool !== undefined)('its hooks and ours can live beside one another [needs pre-commit]', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const env = frameworkEnvironment(scratch);
  stage(
    scratch,
    repo,
    '.pre-commit-config.yaml',
    `repos:\n  - repo: local\n    hooks:\n      - { id: own, name: own, language: system, entry: echo, always_run: true, verbose: true }\n`,
  );
  expect(framework(scratch, repo, env, 'install').code).toBe(0);
  const asked = unleak(scratch, repo, 'install-hook');
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('managed by pre-commit: add this to .pre-commit-config.yaml, below repos:\n');
  // What is told there works.
  const lines = asked.stderr.split('\n').filter((line) => /^unleak: {3,}/.test(line));
  writeFileSync(
    join(repo, '.pre-commit-config.yaml'),
    `repos:\n${lines.map((line) => `${line.slice('unleak: '.length)}\n`).join('')}`,
  );
  scratch.git(repo, 'add', '.');
  stageSecret(scratch, repo);
  const PATH = [programFolder(join(scratch.home, 'bin')), env['PATH']].join(':');
  const stopped = scratch.run('git', ['commit', '-qm', 'a'], repo, { ...env, PATH });
  expect(stopped.code).toBe(1);
  expect(stopped.stdout + stopped.stderr).toContain('src/settings.ts');

  expect(unleak(scratch, repo, 'install-hook', '--force').code).toBe(0);
  expect(unleak(scratch, repo, 'uninstall-hook').code).toBe(0);
  expect(framework(scratch, repo, env, 'uninstall').stdout).toContain('pre-commit uninstalled');
});
