/**
 * What `git commit` would bring in, for every way in which one can be made: the real git with an installed hook that calls
 * the built CLI. A commit that is stopped leaves HEAD where it was.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  hookedRepo,
  personEnvironment,
  runGit,
  runHook,
  writeHooks,
  type GitRun,
  type HookedRepo,
} from '../support/hooked-repo.ts';
import { makeRepo, openRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const line = (seed: string): string => `const token = "${githubToken(seed)}";\n`;
const clean = 'const width = 3;\n';
const body = 'export const area = (width, height) => width * height;\n'.repeat(30);

function hasHead(repo: HookedRepo): string {
  return repo.run(['rev-parse', '--verify', '--quiet', 'HEAD']).said.trim();
}

/** Commits as told; gives what was said. */
function stopped(repo: HookedRepo, args: readonly string[] = ['commit', '-m', 'x']): string {
  const before = hasHead(repo);
  const { code, said } = repo.run(args);
  expect({ code, head: hasHead(repo) }, said).toEqual({ code: 1, head: before });
  expect(said).toContain('unleak: this commit was stopped');
  return said;
}

function passes(repo: HookedRepo, args: readonly string[] = ['commit', '-m', 'x']): GitRun {
  const before = hasHead(repo);
  const run = repo.run(args);
  expect(run.code, run.said).toBe(0);
  expect(run.said).not.toContain('unleak:');
  expect(hasHead(repo)).not.toBe(before);
  return run;
}

test('the first commit of a repository: a secret stops it, without one it passes', () => {
  const repo = hookedRepo();
  repo.write('a.js', line('first'));
  repo.stage();
  expect(stopped(repo)).toContain('a.js:1  GitHub');
  repo.write('a.js', clean);
  repo.stage();
  passes(repo);
});

test('partly staged: what is only in the work tree passes, what is only in the index stops it', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', `${clean}const height = 4;\n`);
  repo.stage();
  repo.write('a.js', `${clean}${line('work tree')}`);
  passes(repo);
  repo.git('checkout', '--', '.');
  repo.write('a.js', `${clean}${line('index')}`);
  repo.stage();
  repo.write('a.js', clean);
  expect(stopped(repo)).toContain('a.js:2');
});

test('a rename brings nothing in, but what was added with it', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'old.js': `${body}${line('old')}` });
  repo.git('mv', 'old.js', 'new.js');
  passes(repo);
  repo.git('mv', 'new.js', 'third.js');
  repo.write('third.js', `${body}${line('old')}${line('added')}`);
  repo.stage();
  const said = stopped(repo);
  expect(said).toContain('third.js:32');
  expect(said).toContain('bring in a credential');
});

test('a copy into another file is told, with where it already was', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': `${body}${line('copied')}` });
  repo.write('b.js', `${body}${line('copied')}`);
  repo.stage();
  expect(stopped(repo)).toContain('b.js:31, already in a.js');
});

test('a deletion passes, of a secret and of all files', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': line('gone'), 'b.js': clean });
  repo.git('rm', '--quiet', 'a.js');
  passes(repo);
  repo.git('rm', '--quiet', 'b.js');
  passes(repo);
});

test('a new submodule pointer and a moved one are no texts', () => {
  const repo = hookedRepo();
  const inner = makeRepo(tempFolder());
  inner.commitFiles({ f: line('inner') });
  repo.commitFiles({ f: clean });
  repo.git('submodule', '--quiet', 'add', inner.path, 'sub');
  passes(repo);
  openRepo(join(repo.path, 'sub')).commitFiles({ g: clean });
  repo.git('add', 'sub');
  passes(repo);
});

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

test('an LFS pointer is no text; a secret beside it is', () => {
  const repo = hookedRepo();
  repo.commitFiles({ f: clean });
  repo.write('big.bin', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`);
  repo.stage();
  passes(repo);
  repo.write('a.js', line('beside'));
  repo.stage();
  expect(stopped(repo)).toContain('a.js:1');
});

/** On `main`, with what `side` has merged as far as git can. */
function merging(main: string, side: string): HookedRepo {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean, 'b.js': clean });
  repo.git('checkout', '-q', '-b', 'side');
  repo.commitFiles({ 'a.js': side, 'b.js': `${clean}${line('of the other')}` });
  repo.git('checkout', '-q', 'main');
  repo.commitFiles({ 'a.js': main });
  repo.run(['merge', '--no-commit', '--no-ff', 'side']);
  return repo;
}

test('a merge: a secret of the other parent is no news, whether git or a person resolved the conflict', () => {
  const repo = merging(`${clean}let a = 1;\n`, `${clean}${line('of the side')}`);
  repo.write('a.js', `${clean}let a = 1;\n${line('of the side')}`);
  repo.stage();
  passes(repo);
  passes(merging(clean, clean), ['merge', '--continue']);
});

test('a merge: what the resolution of a conflict brings in stops it', () => {
  const repo = merging(`${clean}let a = 1;\n`, `${clean}let a = 2;\n`);
  repo.write('a.js', `${clean}${line('resolution')}`);
  repo.stage();
  const said = stopped(repo);
  expect(said).toContain('a.js:2');
  expect(said).not.toContain('b.js');
});

test('git commit -a scans what it is about to stage', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', `${clean}${line('dash a')}`);
  expect(stopped(repo, ['commit', '-a', '-m', 'x'])).toContain('a.js:2');
  repo.write('a.js', `${clean}${clean}`);
  passes(repo, ['commit', '-a', '-m', 'x']);
});

test('git commit <path> scans that path alone, as it lies there; --include scans the rest of the index, too', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean, 'b.js': clean, 'c.js': clean });
  repo.write('b.js', line('staged elsewhere'));
  repo.stage();
  repo.write('a.js', `${clean}${clean}`);
  passes(repo, ['commit', '-m', 'x', 'a.js']);
  repo.write('c.js', line('named'));
  const only = stopped(repo, ['commit', '-m', 'x', 'c.js']);
  expect(only).toContain('c.js:1');
  expect(only).not.toContain('b.js');
  const both = stopped(repo, ['commit', '-m', 'x', '--include', 'c.js']);
  expect(both).toContain('c.js:1');
  expect(both).toContain('b.js:1');
});

test('--amend: what HEAD has is no news, what is added to it is', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', `${clean}${line('amended')}`);
  repo.stage();
  stopped(repo, ['commit', '--amend', '--no-edit']);
  repo.write('a.js', `${clean}${clean}`);
  repo.stage();
  passes(repo, ['commit', '--amend', '--no-edit']);
});

test('a rebase runs no pre-commit hook by itself; a commit that is amended in the middle of one is scanned', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.commitFiles({ 'b.js': clean });
  const rebased = repo.run(['rebase', '-i', 'HEAD~1'], { env: { GIT_SEQUENCE_EDITOR: 'sed -i.bak s/^pick/edit/' } });
  expect(rebased.code, rebased.said).toBe(0);
  repo.write('b.js', `${clean}${line('while rebasing')}`);
  repo.stage();
  expect(stopped(repo, ['commit', '--amend', '--no-edit'])).toContain('b.js:2');
  repo.write('b.js', `${clean}${clean}`);
  repo.stage();
  passes(repo, ['commit', '--amend', '--no-edit']);
  expect(repo.run(['rebase', '--continue']).code).toBe(0);
});

test('what is only intended to be added is not in the commit', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('soon.js', line('intended'));
  repo.git('add', '--intent-to-add', 'soon.js');
  repo.write('a.js', `${clean}${clean}`);
  repo.git('add', 'a.js');
  passes(repo);
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

test('configuration and ignore files of the repository count: an accepted finding passes', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', `${clean}${line('accepted')}`);
  repo.stage();
  const id = /c1_[a-z2-7]+/.exec(stopped(repo))?.[0] ?? '';
  repo.write('.unleakignore', `${id} reason="a test"\n`);
  passes(repo);
  repo.write('a.js', `${clean}${line('accepted')}// unleak:allow reason="another test"\n${line('inline')}`);
  repo.stage();
  passes(repo);
});

test('skipped once: SKIP names it among others and says so in one line; --no-verify says nothing', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', line('skipped'));
  repo.stage();
  const other = repo.run(['commit', '-m', 'x'], { env: { SKIP: 'eslint,unleaked' } });
  expect(other.code).toBe(1);
  const skipped = repo.run(['commit', '-qm', 'x'], { env: { SKIP: 'eslint, unleak' } });
  expect(skipped).toEqual({ code: 0, said: 'unleak: SKIP=unleak: this commit is not scanned\n' });
  repo.write('b.js', line('unverified'));
  repo.stage();
  expect(repo.run(['commit', '--no-verify', '-qm', 'x'])).toEqual({ code: 0, said: '' });
});

test('file names with line breaks and escapes are shown as what they are', () => {
  const repo = hookedRepo();
  const name = 'a\nb\u001b[31m::error::.js';
  repo.write(name, line('named'));
  repo.stage();
  const said = stopped(repo);
  expect(said).toContain(String.raw`a\nb\x1b[31m::error::.js:1`);
  expect(said).not.toContain('\u001b');
});

test('a broken index, an unreadable object, an index of a later version: one line each, and the commit is stopped', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', line('lost'));
  repo.stage();
  const index = join(repo.gitDir, 'index');
  const good = readFileSync(index);
  const hook = (): GitRun => runHook('pre-commit', [], { cwd: repo.path, env: personEnvironment() });

  const oid = repo.git('rev-parse', ':a.js');
  const object = join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  rmSync(object);
  const missing = hook();
  expect(missing.code).toBe(2);
  expect(missing.said).toContain('a.js: git does not have it');

  writeFileSync(index, good.subarray(0, 40));
  const cut = hook();
  expect(cut.code, cut.said).toBe(2);
  expect(cut.said).toContain('the index is damaged');

  const later = Buffer.from(good);
  later.writeUInt32BE(9, 4);
  writeFileSync(index, later);
  const newer = hook();
  expect(newer.code, newer.said).toBe(2);
  expect(newer.said.split('\n').length).toBeLessThan(6);
});

test('outside a repository, and without HEAD', () => {
  const repo = hookedRepo();
  const outside = tempFolder();
  expect(runHook('pre-commit', [], { cwd: outside, env: personEnvironment() })).toEqual({
    code: 2,
    said: 'unleak: this is no git repository, and a hook runs in one\n',
  });
  rmSync(join(repo.gitDir, 'HEAD'));
  const headless = runHook('pre-commit', [], { cwd: repo.path, env: personEnvironment() });
  expect(headless.code, headless.said).toBe(2);
  expect(headless.said).toMatch(/^unleak: .*\n$/);
});

test('5,000 staged files, one of them with a secret, and one of 30 MB', () => {
  const repo = hookedRepo();
  mkdirSync(join(repo.path, 'many'));
  for (let i = 0; i < 5000; i += 1) writeFileSync(join(repo.path, 'many', `${i}.js`), `${clean}// ${i}\n`);
  repo.write('many/2500.js', line('one of many'));
  repo.write('large.txt', 'nothing to see in this line of a long text\n'.repeat(700_000));
  repo.stage();
  const said = stopped(repo);
  expect(said).toContain('many/2500.js:1');
  expect(said.split('\n').length).toBeLessThan(40);
});

test('more than ten findings are counted', () => {
  const repo = hookedRepo();
  repo.write('a.js', Array.from({ length: 13 }, (_, i) => line(`many ${i}`)).join(''));
  repo.stage();
  const said = stopped(repo);
  expect(said).toContain('13 credentials');
  expect(said).toContain('and 3 more findings');
  expect(said.match(/^a\.js:/gm)).toHaveLength(10);
});
