/** Which folder the hooks of a repository go to. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch } from '../../../../test/support/hook-scratch.ts';
import { installForUser, installInRepository } from './install-hooks.ts';
import { uninstall } from './test-install.ts';

test('linked work trees have one hook between them', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const tree = join(repo, '../tree');
  scratch.git(repo, 'worktree', 'add', '--quiet', tree);
  const { hooks } = await installInRepository(scratch.request(tree));
  expect(hooks[0]?.path).toBe(join(repo, '.git/hooks/pre-commit'));
  executable(join(repo, '.git/hooks/pre-commit.before-unleak'), ['pwd >&2']);
  expect(scratch.commit(tree)).toMatchObject({ code: 0, stderr: `${tree.replace('/project/..', '')}\n` });
  expect(scratch.commit(repo)).toMatchObject({ code: 0, stderr: `${repo}\n` });
  expect(scratch.calls()).toHaveLength(2);
});

test('a submodule has hooks of its own, which lie in the repository around it', async () => {
  const scratch = hookScratch();
  const [outer, inner] = [scratch.repository('outer'), scratch.repository('inner')];
  scratch.git(outer, 'submodule', '--quiet', 'add', inner, 'sub');
  const { hooks } = await installInRepository(scratch.request(join(outer, 'sub')));
  expect(hooks[0]?.path).toBe(join(outer, '.git/modules/sub/hooks/pre-commit'));
  expect(scratch.commit(join(outer, 'sub')).code).toBe(0);
  expect(scratch.commit(outer).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);
});

test.each(['hooks', 'a b/.hooks', '~/hooks', '/absolute'])('core.hooksPath = %s: there it goes', async (value) => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const setting = value === '/absolute' ? join(scratch.home, 'absolute') : value;
  scratch.git(repo, 'config', 'core.hooksPath', setting);
  mkdirSync(join(repo, 'deep/er'), { recursive: true });
  const { hooks } = await installInRepository(scratch.request(join(repo, 'deep/er')));
  const folder = value.startsWith('~')
    ? join(scratch.home, 'hooks')
    : value === '/absolute'
      ? setting
      : join(repo, value);
  expect(hooks[0]?.path).toBe(join(folder, 'pre-commit'));
  expect(scratch.commit(join(repo, 'deep')).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);
  expect(await uninstall(scratch, repo)).toEqual(['removed', 'absent']);
});

test('a relative core.hooksPath is a folder of the repository, also when the user has set it for all', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  scratch.git(repo, 'config', '--global', 'core.hooksPath', '.hooks');
  await expect(installForUser(scratch.request(repo))).rejects.toThrow('a folder in each repository');
  const { hooks } = await installInRepository(scratch.request(repo));
  expect(hooks[0]?.path).toBe(join(repo, '.hooks/pre-commit'));
  expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);
});

test('a hook that git does not run any more is found all the same', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await installInRepository(scratch.request(repo));
  scratch.git(repo, 'config', 'core.hooksPath', 'hooks');
  expect(await uninstall(scratch, repo)).toEqual(['absent', 'absent', 'removed']);
  expect(existsSync(join(repo, '.git/hooks/pre-commit'))).toBe(false);
  scratch.git(repo, 'config', '--unset', 'core.hooksPath');
  await installInRepository(scratch.request(repo));
  scratch.git(repo, 'config', '--global', 'core.hooksPath', join(scratch.home, 'hooks'));
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow('git runs no hooks of the repository');
  expect(await uninstall(scratch, repo)).toEqual(['removed', 'absent']);
});

test('hooks that are switched off are not switched on behind the back of whoever did that', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  scratch.git(repo, 'config', 'core.hooksPath', '/dev/null');
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow("core.hooksPath is '/dev/null'");
});
