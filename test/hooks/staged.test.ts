/** What a commit would bring in: the real git with an installed hook that calls the built CLI. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookedRepo, personEnvironment, runHook, type GitRun } from '../support/hooked-repo.ts';
import { makeRepo, openRepo } from '../support/repo.ts';
import { body, clean, line, passes, stopped } from '../support/staged-commits.ts';
import { tempFolder } from '../support/temp-folder.ts';

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

test('what is only intended to be added is not in the commit', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  repo.write('soon.js', line('intended'));
  repo.git('add', '--intent-to-add', 'soon.js');
  repo.write('a.js', `${clean}${clean}`);
  repo.git('add', 'a.js');
  passes(repo);
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
