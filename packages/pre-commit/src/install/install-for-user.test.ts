import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch, type HookScratch } from '../../../../test/support/hook-scratch.ts';
import { HOOK_NAMES, type HookName } from './hook-names.ts';
import { installForUser, installInRepository, type Installed } from './install-hooks.ts';
import { uninstallForUser, uninstallFromRepository, type Uninstalled } from './uninstall-hooks.ts';

function outcomes({ hooks }: Installed | Uninstalled): readonly string[] {
  return hooks.map(({ outcome }) => outcome);
}

async function install(scratch: HookScratch, hooks: readonly HookName[] = ['pre-commit']): Promise<readonly string[]> {
  return outcomes(await installForUser(scratch.request(scratch.home, { hooks })));
}

async function uninstall(scratch: HookScratch, hooks: readonly HookName[] = HOOK_NAMES): Promise<readonly string[]> {
  return outcomes(await uninstallForUser({ ...scratch.request(scratch.home), hooks }));
}

function configuration(scratch: HookScratch): string {
  return readFileSync(join(scratch.home, '.gitconfig'), 'utf8');
}

test('it runs in every repository, and is gone without a trace afterwards', async () => {
  const scratch = hookScratch();
  const [one, other] = [scratch.repository('one'), scratch.repository('other')];
  const before = configuration(scratch);
  expect(await install(scratch)).toEqual(['installed']);
  for (const repo of [one, other]) expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls().map(({ args }) => args)).toEqual([
    ['hook', 'pre-commit'],
    ['hook', 'pre-commit'],
  ]);
  scratch.endsWith(1);
  expect(scratch.commit(other).code).toBe(1);

  expect(await install(scratch)).toEqual(['unchanged']);
  expect(await uninstall(scratch)).toEqual(['removed', 'absent']);
  expect(configuration(scratch).replace('[core]\n', '')).toBe(before);
  expect(existsSync(join(scratch.home, '.config/unleak/hooks'))).toBe(false);
  expect(scratch.commit(other).code).toBe(0);
  expect(scratch.calls()).toHaveLength(3);
});

test('hooks of a repository itself run as they did, all of them', async () => {
  const scratch = hookScratch();
  await install(scratch);
  const repo = scratch.repository();
  const log = join(scratch.home, 'log');
  const hooks = [
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'post-checkout',
    'reference-transaction',
  ];
  for (const hook of hooks) executable(join(repo, '.git/hooks', hook), [`echo "${hook} $#" >> '${log}'`]);
  const tree = join(scratch.home, 'tree');
  scratch.git(repo, 'worktree', 'add', '--quiet', tree);
  for (const folder of [repo, tree]) {
    writeFileSync(log, '');
    expect(scratch.commit(folder)).toMatchObject({ code: 0, stderr: '' });
    const lines = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('reference'));
    expect(lines).toEqual(['pre-commit 0', 'prepare-commit-msg 2', 'commit-msg 1', 'post-commit 0', '']);
    expect(readFileSync(log, 'utf8')).toContain('reference-transaction 1\n');
  }
  executable(join(repo, '.git/hooks/commit-msg'), ['exit 4']);
  expect(scratch.commit(repo).code).toBe(1);
  executable(join(repo, '.git/hooks/pre-commit'), ['exit 4']);
  const calls = scratch.calls().length;
  expect(scratch.commit(repo).code).toBe(1);
  expect(scratch.calls()).toHaveLength(calls);
});

test('what git does without a repository yet still works: init, clone, fetch, push', async () => {
  const scratch = hookScratch();
  await install(scratch, HOOK_NAMES);
  const repo = scratch.repository();
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'clone', '--quiet', '--bare', repo, bare);
  const clone = join(scratch.home, 'clone');
  scratch.git(scratch.home, 'clone', '--quiet', bare, clone);
  executable(join(clone, '.git/hooks/pre-push'), ['cat >&2']);
  expect(scratch.commit(clone).code).toBe(0);
  const ids = scratch.git(clone, 'rev-parse', 'HEAD', 'origin/main').split('\n');
  const line = `refs/heads/main ${ids[0] ?? ''} refs/heads/main ${ids[1] ?? ''}\n`;
  const pushed = scratch.run('git', ['push', '--quiet', 'origin', 'main'], clone);
  expect(pushed).toMatchObject({ code: 0, stderr: line });
  expect(scratch.calls().at(-1)).toEqual({ args: ['hook', 'pre-push', 'origin', bare], stdin: line });
  scratch.git(clone, 'fetch', '--quiet', 'origin');
  scratch.git(clone, 'gc', '--quiet');
});

test('a repository with a core.hooksPath of its own keeps that, and the note says so', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  scratch.git(repo, 'config', 'core.hooksPath', '.husky/_');
  const { notes } = await installForUser(scratch.request(scratch.home));
  expect(notes).toEqual([expect.stringContaining('but those with a core.hooksPath of their own')]);
  expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls()).toEqual([]);
});

test('a folder that core.hooksPath names already is used, and stays named', async () => {
  const scratch = hookScratch();
  const folder = join(scratch.home, "my hooks'");
  const path = executable(join(folder, 'pre-commit'), ['echo mine >&2']);
  scratch.git(scratch.home, 'config', '--global', 'core.hooksPath', folder);
  const before = configuration(scratch);
  expect(await install(scratch)).toEqual(['installed']);
  expect(readdirSync(folder)).toEqual(['pre-commit', 'pre-commit.before-unleak']);
  const repo = scratch.repository();
  expect(scratch.commit(repo)).toMatchObject({ code: 0, stderr: 'mine\n' });
  expect(scratch.calls()).toHaveLength(1);
  expect(configuration(scratch)).toBe(before);

  await expect(installInRepository(scratch.request(repo))).rejects.toThrow('--global installs the hook there');
  expect(await uninstall(scratch)).toEqual(['removed', 'absent']);
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\necho mine >&2\n');
  expect(configuration(scratch)).toBe(before);
});

test('a repository need not be told what holds for all of them, and may have the other hook for itself', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await install(scratch);
  expect(outcomes(await installInRepository(scratch.request(repo, { hooks: HOOK_NAMES })))).toEqual([
    'covered',
    'installed',
  ]);
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  scratch.git(repo, 'push', '--quiet', bare, 'main');
  expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls().map(({ args }) => args[1])).toEqual(['pre-push', 'pre-commit']);
  const { hooks, notes } = await uninstallFromRepository({ ...scratch.request(repo), hooks: HOOK_NAMES });
  expect(hooks.map(({ outcome }) => outcome)).toEqual(['absent', 'removed']);
  expect(notes).toEqual([expect.stringContaining('still runs here')]);
});

test('of two hooks one is taken away: the folder stays, and passes on the other', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  expect(await install(scratch, HOOK_NAMES)).toEqual(['installed', 'installed']);
  expect(await uninstall(scratch, ['pre-commit'])).toEqual(['removed']);
  executable(join(repo, '.git/hooks/pre-commit'), ['echo own >&2']);
  expect(scratch.commit(repo)).toMatchObject({ code: 0, stderr: 'own\n' });
  expect(scratch.calls()).toEqual([]);
  expect(await uninstall(scratch, ['pre-commit'])).toEqual(['absent']);
  expect(await uninstall(scratch)).toEqual(['absent', 'removed']);
  expect(configuration(scratch)).not.toContain('hooksPath');
});

test('of two hooks none is taken away if one cannot be', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await install(scratch, HOOK_NAMES);
  const push = join(scratch.home, '.config/unleak/hooks/pre-push');
  writeFileSync(push, `${readFileSync(push, 'utf8')}echo mine\n`);
  await expect(uninstall(scratch)).rejects.toThrow('edited since');
  expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);
});

test('the hook of one kind is added to the other later', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await install(scratch, ['pre-push']);
  expect(await install(scratch, ['pre-commit'])).toEqual(['installed']);
  expect(readFileSync(join(scratch.home, '.config/unleak/hooks/pre-push'), 'utf8')).toContain('\nunleak=');
  expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);
});

test('files of somebody else in the folder are left, and counted', async () => {
  const scratch = hookScratch();
  await install(scratch);
  const folder = join(scratch.home, '.config/unleak/hooks');
  mkdirSync(join(folder, 'mine'));
  const { notes } = await uninstallForUser(scratch.request(scratch.home));
  expect([readdirSync(folder), notes]).toEqual([['mine'], [expect.stringContaining('(1): git does not look there')]]);
});

test('a setting of the whole machine is not overridden', async () => {
  const scratch = hookScratch();
  const system = join(scratch.home, 'system-config');
  writeFileSync(system, '[core]\n\thooksPath = /etc/hooks\n');
  const git = scratch.askGit(scratch.home, { GIT_CONFIG_NOSYSTEM: '0', GIT_CONFIG_SYSTEM: system });
  await expect(installForUser(scratch.request(scratch.home, { git }))).rejects.toThrow('/etc/hooks');
  const repo = scratch.repository();
  const there = scratch.askGit(repo, { GIT_CONFIG_NOSYSTEM: '0', GIT_CONFIG_SYSTEM: system });
  await expect(installInRepository(scratch.request(repo, { git: there }))).rejects.toThrow('for more than this');
});
