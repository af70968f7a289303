/** Commits in unusual repositories: other indexes, work trees, submodules, formats. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  hookedRepo,
  personEnvironment,
  runGit,
  writeHooks,
  type GitRun,
  type HookedRepo,
} from '../support/hooked-repo.ts';
import { makeRepo, openRepo } from '../support/repo.ts';
import { clean, line, passes, stopped } from '../support/staged-commits.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a commit within a submodule is scanned by the hook that lies in its git directory', () => {
  const repo = hookedRepo();
  const inner = makeRepo(tempFolder());
  inner.commitFiles({ f: clean });
  repo.git('submodule', '--quiet', 'add', inner.path, 'sub');
  const sub = openRepo(join(repo.path, 'sub'));
  writeHooks(sub.gitDir);
  sub.write('f', line('in the submodule'));
  sub.stage();
  const run = repo.run(['commit', '-m', 'x'], { cwd: sub.path });
  expect(run.code, run.said).toBe(1);
  expect(run.said).toContain('f:1');
});

test.each<readonly [name: string, prepare: (repo: HookedRepo) => void]>([
  ['split', (repo) => repo.git('update-index', '--split-index')],
  ['sparse', (repo) => repo.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'in')],
  ['of version 4', (repo) => repo.git('update-index', '--index-version', '4')],
])('an index that is %s', (_name, prepare) => {
  const repo = hookedRepo();
  repo.commitFiles({ 'in/a.js': clean, 'out/b.js': clean });
  prepare(repo);
  repo.write('in/a.js', `${clean}${line('in')}`);
  repo.git('add', 'in/a.js');
  expect(stopped(repo)).toContain('in/a.js:2');
  repo.write('in/a.js', `${clean}${clean}`);
  repo.git('add', 'in/a.js');
  passes(repo);
});

test('a linked work tree has an index of its own', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  const linked = join(tempFolder(), 'linked');
  repo.git('worktree', 'add', '-q', '-b', 'topic', linked);
  const other = openRepo(linked);
  other.write('a.js', line('linked'));
  other.stage();
  const run = repo.run(['commit', '-m', 'x'], { cwd: linked });
  expect(run.code, run.said).toBe(1);
  expect(run.said).toContain('a.js:1');
  repo.write('a.js', `${clean}${clean}`);
  repo.stage();
  passes(repo);
});

test('a sub-folder as working directory, of git and of the hook', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'deep/er/a.js': clean });
  repo.write('deep/er/a.js', line('deep'));
  repo.write('top.js', line('top'));
  repo.stage();
  const run = repo.run(['commit', '-m', 'x'], { cwd: join(repo.path, 'deep/er') });
  expect(run.code).toBe(1);
  for (const place of ['deep/er/a.js:1', 'top.js:1']) expect(run.said).toContain(place);
});

test('a git directory elsewhere, as people keep their configuration files', () => {
  const home = tempFolder();
  const gitDir = join(tempFolder(), 'dotfiles.git');
  const env = personEnvironment();
  const git = (...args: readonly string[]): GitRun =>
    runGit([`--git-dir=${gitDir}`, `--work-tree=${home}`, ...args], { cwd: home, env });
  runGit(['init', '-q', '--bare', gitDir], { env });
  writeHooks(gitDir);
  writeFileSync(join(home, '.npmrc'), clean);
  git('add', '.npmrc');
  expect(git('commit', '-qm', 'x').code).toBe(0);
  writeFileSync(join(home, '.profile'), line('dotfile'));
  git('add', '.profile');
  const run = git('commit', '-qm', 'x');
  expect(run.code, run.said).toBe(1);
  expect(run.said).toContain('.profile:1');
});

test('a repository in SHA-256, and one with its refs in a reftable', () => {
  for (const flag of ['--object-format=sha256', '--ref-format=reftable']) {
    const path = join(tempFolder(), 'repo');
    const env = personEnvironment();
    const made = runGit(['init', '-q', flag, path], { env });
    // An older git knows no reftables.
    if (made.code !== 0) {
      expect(flag).toBe('--ref-format=reftable');
      continue;
    }
    const repo = openRepo(path);
    writeHooks(repo.gitDir);
    repo.commitFiles({ 'a.js': clean });
    repo.write('a.js', `${clean}${line(flag)}`);
    repo.stage();
    const run = runGit(['commit', '-m', 'x'], { cwd: path, env });
    expect(run.code, run.said).toBe(1);
    expect(run.said).toContain('a.js:2');
  }
});
