/** The hook that was there before ours: it runs first, is kept, and comes back. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch } from '../../../../test/support/hook-scratch.ts';
import { installInRepository } from './install-hooks.ts';
import { HOOK_NAMES } from './hook-names.ts';
import { uninstallFromRepository } from './uninstall-hooks.ts';
import { outcomes, uninstall } from './test-install.ts';

test('a hook that was there runs first, with the same, and is back afterwards', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), ['echo "before: $#" >&2', 'exit $CODE']);
  const old = { bytes: readFileSync(path), mode: statSync(path).mode };
  const { hooks } = await installInRepository(scratch.request(repo));
  const kept = { path: `${path}.before-unleak`, executable: true };
  expect(hooks).toEqual([{ hook: 'pre-commit', outcome: 'installed', path, kept }]);
  expect(scratch.commit(repo, { CODE: '0' })).toEqual({ code: 0, stdout: '', stderr: 'before: 0\n' });
  expect(scratch.commit(repo, { CODE: '9' }).code).toBe(1);
  expect(scratch.calls()).toHaveLength(1);

  expect(outcomes(await installInRepository(scratch.request(repo)))).toEqual(['unchanged']);
  expect(await uninstall(scratch, repo)).toEqual(['removed', 'absent']);
  expect({ bytes: readFileSync(path), mode: statSync(path).mode }).toEqual(old);
  expect(existsSync(`${path}.before-unleak`)).toBe(false);
});

test('the hook from before comes back as the user has left it', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), ['exit 0']);
  await installInRepository(scratch.request(repo));
  writeFileSync(`${path}.before-unleak`, '#!/bin/sh\necho edited\n');
  expect(await uninstall(scratch, repo)).toEqual(['removed', 'absent']);
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\necho edited\n');
});

test('a hook that is a link stays one, and is not written through', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const target = executable(join(repo, 'tools/check'), ['echo linked >&2']);
  const text = readFileSync(target, 'utf8');
  const path = join(repo, '.git/hooks/pre-commit');
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync('../../tools/check', path);
  await installInRepository(scratch.request(repo));
  expect(scratch.commit(repo)).toMatchObject({ code: 0, stderr: 'linked\n' });
  expect(readFileSync(target, 'utf8')).toBe(text);
  await uninstall(scratch, repo);
  expect([lstatSync(path).isSymbolicLink(), readlinkSync(path)]).toEqual([true, '../../tools/check']);
});

test('a hook that git would not run is kept, and still not run', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = join(repo, '.git/hooks/pre-commit');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\nexit 1\n', { mode: 0o644 });
  const { hooks } = await installInRepository(scratch.request(repo));
  expect(hooks[0]).toMatchObject({ kept: { executable: false } });
  expect(scratch.commit(repo).code).toBe(0);
});

test('what is not of unleak is never removed, nor what somebody has added to it', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), ['exit 0']);
  expect(await uninstall(scratch, repo)).toEqual(['foreign', 'absent']);

  await installInRepository(scratch.request(repo));
  writeFileSync(path, `${readFileSync(path, 'utf8')}echo mine\n`);
  await expect(uninstall(scratch, repo)).rejects.toThrow('edited since');
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow('edited since');
  expect(readFileSync(path, 'utf8')).toMatch(/echo mine\n$/);
  expect(await uninstall(scratch, repo, true)).toEqual(['removed', 'absent']);
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});

test('somebody has replaced our hook: both that one and the one that was kept stay', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), ['echo first']);
  await installInRepository(scratch.request(repo));
  executable(path, ['echo second']);
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow('is there already');
  const { hooks } = await uninstallFromRepository(scratch.request(repo));
  expect(hooks).toEqual([
    { hook: 'pre-commit', outcome: 'foreign', path, restored: false, left: `${path}.before-unleak` },
  ]);
  expect([readFileSync(path, 'utf8'), readFileSync(`${path}.before-unleak`, 'utf8')]).toEqual([
    '#!/bin/sh\necho second\n',
    '#!/bin/sh\necho first\n',
  ]);
});

test('our hook was deleted by hand: the one from before gets its name back', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), ['exit 0']);
  await installInRepository(scratch.request(repo));
  scratch.run('rm', [path], repo);
  expect(await uninstall(scratch, repo)).toEqual(['restored', 'absent']);
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});

test('of two hooks none is removed if one cannot be', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await installInRepository(scratch.request(repo, { hooks: HOOK_NAMES }));
  const [commit, push] = HOOK_NAMES.map((name) => join(repo, '.git/hooks', name)) as [string, string];
  const before = readFileSync(commit, 'utf8');
  writeFileSync(push, `${readFileSync(push, 'utf8')}echo mine\n`);
  await expect(uninstall(scratch, repo)).rejects.toThrow('pre-push was written by unleak and edited since');
  expect(readFileSync(commit, 'utf8')).toBe(before);
  expect(await uninstall(scratch, repo, true)).toEqual(['removed', 'removed']);
});
