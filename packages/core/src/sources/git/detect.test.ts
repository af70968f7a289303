import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeRepo, makeTempDir } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('detect');
});
afterEach(() => dir.remove());

it('a work tree is a repository at its top level alone', async () => {
  const repo = makeRepo(dir.path);
  repo.commitFiles({ 'a/b': 'x' });
  expect(await detect(repo.path)).toEqual({
    kind: 'repository',
    root: repo.path,
    worktree: repo.path,
    gitDir: repo.gitDir,
    commonDir: repo.gitDir,
  });
  expect(await detect(join(repo.path, 'a'))).toEqual({
    kind: 'directory',
    root: join(repo.path, 'a'),
    inside: repo.path,
  });
  expect(await detect(join(repo.path, 'a', 'b'))).toEqual({
    kind: 'file',
    root: join(repo.path, 'a', 'b'),
    inside: repo.path,
  });
});

it('a bare repository, and a git directory itself, have no work tree', async () => {
  const repo = makeRepo(dir.path, { bare: true });
  expect(await detect(repo.path)).toMatchObject({ kind: 'repository', worktree: undefined, gitDir: repo.path });
  const other = makeRepo(dir.path);
  expect(await detect(other.gitDir)).toMatchObject({ kind: 'repository', root: other.gitDir, worktree: undefined });
});

it('linked work trees and submodules have their git directory elsewhere', async () => {
  const repo = makeRepo(dir.path);
  repo.commitFiles({ f: 'x' });
  const linked = join(dir.path, 'linked');
  repo.git('worktree', 'add', '-q', '--detach', linked);
  expect(await detect(linked)).toEqual({
    kind: 'repository',
    root: linked,
    worktree: linked,
    gitDir: join(repo.gitDir, 'worktrees', 'linked'),
    commonDir: repo.gitDir,
  });
  const outer = makeRepo(dir.path);
  outer.git('submodule', '--quiet', 'add', repo.path, 'sub');
  expect(await detect(join(outer.path, 'sub'))).toMatchObject({
    kind: 'repository',
    gitDir: join(outer.gitDir, 'modules', 'sub'),
    commonDir: join(outer.gitDir, 'modules', 'sub'),
  });
});

it('follows a symbolic link that the operator named', async () => {
  const repo = makeRepo(dir.path);
  symlinkSync(repo.path, join(dir.path, 'link'));
  expect(await detect(join(dir.path, 'link'))).toMatchObject({ kind: 'repository', root: repo.path });
});

it('knows a repository with packed refs alone, and with an unborn or linked HEAD', async () => {
  const repo = makeRepo(dir.path, { bare: true });
  writeFileSync(join(repo.path, 'packed-refs'), '');
  rmSync(join(repo.path, 'refs'), { recursive: true });
  expect(await detect(repo.path)).toMatchObject({ kind: 'repository' });
  rmSync(join(repo.path, 'HEAD'));
  symlinkSync('refs/heads/unborn', join(repo.path, 'HEAD'));
  expect(await detect(repo.path)).toMatchObject({ kind: 'repository' });
});

it('says when a .git is none', async () => {
  for (const [name, content] of [
    ['file', 'gitdir: /nowhere\n'],
    ['text', 'hello'],
    ['empty', ''],
  ] as const) {
    mkdirSync(join(dir.path, name));
    writeFileSync(join(dir.path, name, '.git'), content);
    expect(await detect(join(dir.path, name))).toMatchObject({
      kind: 'directory',
      broken: 'its .git is not a git directory',
    });
  }
  mkdirSync(join(dir.path, 'folder', '.git'), { recursive: true });
  expect(await detect(join(dir.path, 'folder'))).toMatchObject({
    kind: 'directory',
    broken: 'its .git is not a git directory',
  });
  mkdirSync(join(dir.path, 'dangling'));
  symlinkSync('nowhere', join(dir.path, 'dangling', '.git'));
  expect(await detect(join(dir.path, 'dangling'))).toMatchObject({
    kind: 'directory',
    broken: 'its .git leads nowhere',
  });
});

it('knows what is not there, and what is neither file nor directory', async () => {
  expect(await detect(join(dir.path, 'nothing'))).toEqual({ kind: 'missing', root: join(dir.path, 'nothing') });
  execFileSync('mkfifo', [join(dir.path, 'pipe')]);
  expect(await detect(join(dir.path, 'pipe'))).toMatchObject({ kind: 'special' });
  expect(await detect(dir.path)).toEqual({ kind: 'directory', root: dir.path, inside: undefined });
});
