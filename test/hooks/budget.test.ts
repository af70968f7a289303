/** The time budget: what was not scanned is named and counted, what was found counts, and nothing is ever called clean. */
import { expect, test } from 'vitest';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { githubToken } from '../support/tokens.ts';

const line = (seed: string): string => `const token = "${githubToken(seed)}";\n`;

function hook(repo: HookedRepo, args: readonly string[], env: Readonly<Record<string, string>> = {}): GitRun {
  return runHook('pre-commit', args, { cwd: repo.path, env: { ...personEnvironment(), ...env } });
}

test('no time at all: every file is named, and it passes or stops as it was told', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'old.js': 'x\n' });
  for (const name of ['a.js', 'b.js', 'old.js']) repo.write(name, line(name));
  repo.stage();
  const pass = hook(repo, ['--budget', '0s']);
  expect(pass.code).toBe(0);
  const names = pass.said.split('\n').filter((each) => each.startsWith('  '));
  expect(names.map((name) => name.trim()).sort()).toEqual(['a.js', 'b.js', 'old.js']);
  expect(pass.said).toContain('3 files were not scanned');
  expect(pass.said).toContain('nobody has looked at the rest');
  const stop = hook(repo, ['--budget', '0s', '--on-timeout', 'stop']);
  expect(stop.code).toBe(2);
  expect(stop.said).toContain('3 files were not scanned');
});

test('the same from the configuration of the repository', () => {
  const repo = hookedRepo();
  repo.write('unleak.yaml', 'version: 1\nhook:\n  budget: 0s\n  onTimeout: stop\n');
  repo.write('a.js', line('configured'));
  repo.stage();
  const env = { UNLEAK_BUDGET: '' };
  expect(hook(repo, [], env)).toMatchObject({ code: 2 });
  expect(hook(repo, ['--on-timeout', 'pass'], env)).toMatchObject({ code: 0 });
  expect(hook(repo, ['--budget', '10m'], env)).toMatchObject({ code: 1 });
});

test('what was found before the time was over stops the commit, and the rest is still named', () => {
  const repo = hookedRepo();
  repo.write('small.js', line('small'));
  // What takes long: a token every few bytes. It is the last one, since it is the largest.
  const many = Array.from({ length: 4000 }, (_, i) => `"${githubToken(`large ${i}`)}"`).join(',');
  for (let i = 0; i < 12; i += 1) repo.write(`large${i}.js`, `${many}${'x'.repeat(i)}`);
  repo.stage();
  const quick = hook(repo, ['--budget', '10m']);
  expect(quick.code).toBe(1);
  // Whatever the machine can do in that time: the parts are always told together.
  for (const budget of ['150ms', '400ms', '1s']) {
    const { code, said } = hook(repo, ['--budget', budget]);
    const isFound = said.includes('this commit was stopped');
    const isCut = said.includes('not scanned');
    expect(isFound || isCut, said).toBe(true);
    expect(code).toBe(isFound ? 1 : 0);
    if (isCut && isFound) expect(said).not.toContain('goes on');
  }
});

test('what is too large to be scanned is named, and passes', () => {
  const repo = hookedRepo();
  repo.write('unleak.yaml', 'version: 1\nlimits:\n  maxFileSize: 1kB\n');
  repo.write('a.js', 'x'.repeat(1001));
  repo.stage();
  expect(hook(repo, [])).toEqual({
    code: 0,
    said: 'unleak: a.js is too large, and was not scanned (limits.maxFileSize)\n',
  });
});

test('with strict, what is left out stops the commit, also when the time is over', () => {
  const repo = hookedRepo();
  repo.write('a.js', 'x\n');
  repo.stage();
  const submodule = `160000,${repo.commitFiles({ 'b.js': 'y\n' })},lib`;
  repo.git('update-index', '--add', '--cacheinfo', submodule);
  repo.write('c.js', 'z\n');
  repo.git('add', 'c.js');
  expect(hook(repo, ['--budget', '0s'])).toMatchObject({ code: 0 });
  for (const budget of ['0s', '10m']) {
    const { code, said } = hook(repo, ['--budget', budget], { UNLEAK_STRICT: 'true' });
    expect([code, said]).toEqual([2, expect.stringContaining('this commit is stopped: with strict')]);
    expect(said).toContain('lib: submodule');
    expect(said).not.toContain('goes on');
  }
});

test('more than twenty names are counted', () => {
  const repo = hookedRepo();
  for (let i = 0; i < 35; i += 1) repo.write(`${i}.js`, `${i}\n`);
  repo.stage();
  const { said } = hook(repo, ['--budget', '0s']);
  expect(said).toContain('35 files were not scanned');
  expect(said).toContain('and 15 more');
});

test('a failure that has nothing to do with time stops the commit, also where time may not', () => {
  const repo = hookedRepo();
  repo.write('a.js', 'x\n');
  repo.stage();
  const { code, said } = hook(repo, ['--budget', '0s']);
  expect(code, said).toBe(0);
  const unknown = hook(repo, ['--budget', '0s'], { GIT_DIR: '/nonexistent' });
  expect(unknown).toEqual({ code: 2, said: 'unleak: GIT_DIR names no git repository: /nonexistent\n' });
  repo.writeGitFile('index', 'not an index');
  const broken = hook(repo, ['--budget', '10m']);
  expect(broken.code, broken.said).toBe(2);
});
