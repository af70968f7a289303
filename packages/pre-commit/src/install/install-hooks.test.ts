import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch, type HookScratch } from '../../../../test/support/hook-scratch.ts';
import { HOOK_NAMES } from './hook-names.ts';
import { installForUser, installInRepository, type Installed } from './install-hooks.ts';
import { uninstallFromRepository, type Uninstalled } from './uninstall-hooks.ts';

function outcomes({ hooks }: Installed | Uninstalled): readonly string[] {
  return hooks.map(({ outcome }) => outcome);
}

async function uninstall(scratch: HookScratch, cwd: string, force = false): Promise<readonly string[]> {
  return outcomes(await uninstallFromRepository({ ...scratch.request(cwd), hooks: HOOK_NAMES, force }));
}

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

test('where there is nothing to commit into, it says so', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  await expect(installInRepository(scratch.request(scratch.home))).rejects.toThrow('is in no git repository');
  await expect(installInRepository(scratch.request(join(repo, '.git')))).rejects.toThrow('inside the git folder');
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  await expect(installInRepository(scratch.request(bare))).rejects.toThrow('is a bare repository');
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

test('hooks that are switched off are not switched on behind the back of whoever did that', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  scratch.git(repo, 'config', 'core.hooksPath', '/dev/null');
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow("core.hooksPath is '/dev/null'");
});

test('hooks that are committed go to everybody: the line for them is told, and nothing written', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  executable(join(repo, '.githooks/pre-commit'), ['exit 0']);
  scratch.git(repo, 'add', '.');
  scratch.git(repo, 'config', 'core.hooksPath', '.githooks');
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow(/  unleak hook pre-commit \|\| exit\n/);
  expect(scratch.git(repo, 'status', '--porcelain')).toBe('A  .githooks/pre-commit');
  expect(outcomes(await installInRepository(scratch.request(repo, { force: true })))).toEqual(['installed']);
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

test.each<[name: string, sign: string, wants: string, lasts: boolean]>([
  ['lefthook', 'call_lefthook run "pre-commit" "$@"', 'add this to lefthook.yml:', false],
  [
    'pre-commit',
    '# File generated by pre-commit: https://pre-commit.com',
    'add this to .pre-commit-config.yaml, below repos:',
    true,
  ],
  ['overcommit', '# Entrypoint for Overcommit hook integration.', 'add this to .overcommit.yml:', false],
  [
    'simple-git-hooks',
    'if [ "$SKIP_SIMPLE_GIT_HOOKS" = "1" ]; then exit 0; fi',
    'add this to "simple-git-hooks" in package.json',
    false,
  ],
])('%s has the hooks: what to write into its own configuration is told', async (name, sign, wants, lasts) => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const path = executable(join(repo, '.git/hooks/pre-commit'), [sign]);
  const text = readFileSync(path, 'utf8');
  await expect(installInRepository(scratch.request(repo))).rejects.toThrow(`managed by ${name}: ${wants}`);
  const forced = installInRepository(scratch.request(repo, { force: true }));
  if (lasts) expect(outcomes(await forced)).toEqual(['installed']);
  else await expect(forced).rejects.toThrow('would not last');
  expect(readFileSync(lasts ? `${path}.before-unleak` : path, 'utf8')).toBe(text);
});

test('a tool that is configured but not installed here is named', async () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  writeFileSync(join(repo, 'lefthook.yml'), 'pre-commit: {}\n');
  expect((await installInRepository(scratch.request(repo))).notes).toEqual([
    expect.stringContaining("lefthook.yml belongs to lefthook: once somebody runs 'lefthook install' here"),
  ]);
});
