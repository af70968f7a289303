/** Hooks in one repository: that they run, and what installing them again does. */
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch } from '../../../../test/support/hook-scratch.ts';
import { HOOK_NAMES } from './hook-names.ts';
import { installInRepository } from './install-hooks.ts';
import { outcomes, uninstall } from './test-install.ts';

test('a commit asks the program, and is made only if that ends with 0', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const { hooks } = await installInRepository(scratch.request(repo));
  expect(hooks).toEqual([{ hook: 'pre-commit', outcome: 'installed', path: join(repo, '.git/hooks/pre-commit') }]);
  expect(scratch.commit(repo)).toEqual({ code: 0, stdout: '', stderr: '' });
  const head = scratch.git(repo, 'rev-parse', 'HEAD');
  scratch.endsWith(1);
  expect(scratch.commit(repo).code).toBe(1);
  expect(scratch.git(repo, 'rev-parse', 'HEAD')).toBe(head);
  expect(scratch.calls()).toEqual([
    { args: ['hook', 'pre-commit'], stdin: '' },
    { args: ['hook', 'pre-commit'], stdin: '' },
  ]);
});

test.each([`it's "a" $HOME \`x\``, 'two\nlines', ' spaced ', '-dash', 'ünï'])(
  'in a repository that is called %j, wherever git is called from',
  async (name) => {
    const scratch = hookScratch();
    const repo = scratch.repository(name);
    const folder = join(repo, 'sub folder');
    mkdirSync(folder);
    await installInRepository(scratch.request(folder));
    expect(scratch.commit(folder).code).toBe(0);
    writeFileSync(join(repo, 'a.txt'), 'a');
    scratch.git(dirname(repo), '-C', repo, 'add', '.');
    expect(scratch.run('git', ['-C', repo, 'commit', '-qm', 'a'], dirname(repo)).code).toBe(0);
    const elsewhere = { GIT_DIR: join(repo, '.git'), GIT_WORK_TREE: repo };
    expect(scratch.run('git', ['commit', '-qm', 'b', '--allow-empty'], scratch.home, elsewhere).code).toBe(0);
    expect(scratch.calls()).toHaveLength(3);
    expect(await uninstall(scratch, folder)).toEqual(['removed', 'absent']);
    expect(existsSync(join(repo, '.git/hooks/pre-commit'))).toBe(false);
  },
);

test('GIT_DIR says where the hook belongs, as it does to git', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const git = scratch.askGit(scratch.home, { GIT_DIR: join(repo, '.git'), GIT_WORK_TREE: repo });
  const { hooks } = await installInRepository(scratch.request(scratch.home, { git }));
  expect(hooks[0]?.path).toBe(join(repo, '.git/hooks/pre-commit'));
});

test('a client that starts git with an empty PATH still has its commits looked at', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await installInRepository(scratch.request(repo));
  const git = scratch.run('sh', ['-c', 'command -v git'], repo).stdout.trim();
  const { code } = scratch.run(git, ['commit', '-qm', 'x', '--allow-empty'], repo, { PATH: '' });
  expect([code, scratch.calls().length]).toEqual([0, 1]);
});

test('installed twice nothing changes; when Node has moved, its path does', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = join(repo, '.git/hooks/pre-commit');
  await installInRepository(scratch.request(repo));
  const first = { text: readFileSync(path, 'utf8'), time: statSync(path).mtimeMs, inode: statSync(path).ino };
  expect(outcomes(await installInRepository(scratch.request(repo)))).toEqual(['unchanged']);
  expect({ text: readFileSync(path, 'utf8'), time: statSync(path).mtimeMs, inode: statSync(path).ino }).toEqual(first);

  const program = { ...scratch.program, node: "/opt/no'de" };
  expect(outcomes(await installInRepository(scratch.request(repo, { program })))).toEqual(['updated']);
  expect(readFileSync(path, 'utf8')).toContain(String.raw`node='/opt/no'\''de'`);
  expect(existsSync(`${path}.before-unleak`)).toBe(false);
});

test('where there is nothing to commit into, it says so', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await expect(installInRepository(scratch.request(scratch.home))).rejects.toThrow('is in no git repository');
  await expect(installInRepository(scratch.request(join(repo, '.git')))).rejects.toThrow('inside the git folder');
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  await expect(installInRepository(scratch.request(bare))).rejects.toThrow('is a bare repository');
});

test('of many installations at a time none loses the hook that was there', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), ['exit 0']);
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => installInRepository(scratch.request(repo))));
  expect(all.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(readFileSync(`${path}.before-unleak`, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  expect(readdirSync(dirname(path)).toSorted()).toEqual(['pre-commit', 'pre-commit.before-unleak']);
  expect(await uninstall(scratch, repo)).toEqual(['removed', 'absent']);
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});

test('a push asks the program after the hook from before, and both are told what is pushed', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  scratch.git(repo, 'remote', 'add', 'origin', bare);
  executable(join(repo, '.git/hooks/pre-push'), ['echo "$1|$2" >&2', 'cat >&2']);
  expect(outcomes(await installInRepository(scratch.request(repo, { hooks: HOOK_NAMES })))).toEqual([
    'installed',
    'installed',
  ]);
  const head = scratch.git(repo, 'rev-parse', 'HEAD');
  const line = `refs/heads/main ${head} refs/heads/main ${'0'.repeat(40)}\n`;
  scratch.endsWith(1);
  expect(scratch.run('git', ['push', '--quiet', 'origin', 'main'], repo)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`origin|${bare}\n${line}`) as string,
  });
  scratch.endsWith(0);
  expect(scratch.run('git', ['push', '--quiet', 'origin', 'main'], repo).code).toBe(0);
  const call = { args: ['hook', 'pre-push', 'origin', bare], stdin: line };
  expect(scratch.calls()).toEqual([call, call]);
  expect(scratch.git(bare, 'rev-parse', 'main')).toBe(head);
  expect(await uninstall(scratch, repo)).toEqual(['removed', 'removed']);
});
