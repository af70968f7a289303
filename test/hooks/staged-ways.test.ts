/** Every way in which a commit can be made: merge, `-a`, paths, `--amend`, in a rebase. */
import { expect, test } from 'vitest';
import { hookedRepo, type HookedRepo } from '../support/hooked-repo.ts';
import { clean, line, passes, stopped } from '../support/staged-commits.ts';

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
