/** The hooks that unleak installs itself, from the command line to a commit that is stopped. */
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch } from '../support/hook-scratch.ts';
import { bin, stage, stageSecret, unleak } from '../support/real-hooks.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('installed, it stops what has a credential in it, lets through what has none, and can be skipped once', () => {
  const scratch = hookScratch();
  const repo = scratch.repository('it\'s a "project"\nof two lines');
  const path = join(repo, '.git/hooks/pre-commit');
  expect(unleak(scratch, repo, 'install-hook')).toMatchObject({ code: 0, stdout: '' });
  expect(unleak(scratch, repo, 'install-hook').stderr).toContain('is there already: nothing to do');

  stage(scratch, repo, 'a.txt', 'nothing in it\n');
  expect(scratch.run('git', ['commit', '-qm', 'a'], repo).code).toBe(0);
  const head = scratch.git(repo, 'rev-parse', 'HEAD');
  const secret = stageSecret(scratch, repo);
  const stopped = scratch.run('git', ['commit', '-qm', 'b'], join(repo, 'src'));
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('src/settings.ts');
  expect(stopped.stdout + stopped.stderr).not.toContain(secret);
  expect(scratch.git(repo, 'rev-parse', 'HEAD')).toBe(head);
  expect(scratch.run('git', ['commit', '-qm', 'b'], repo, { SKIP: 'unleak' }).code).toBe(0);

  expect(unleak(scratch, repo, 'uninstall-hook', '--pre-push')).toMatchObject({
    code: 0,
    stderr: 'unleak: there is no pre-push hook of unleak here: nothing to do\n',
  });
  expect(existsSync(path)).toBe(true);
  expect(unleak(scratch, repo, 'uninstall-hook').stderr).toContain('is removed');
  expect(existsSync(path)).toBe(false);
  expect(unleak(scratch, repo, 'uninstall-hook')).toMatchObject({
    code: 0,
    stderr: 'unleak: there is no hook of unleak here: nothing to do\n',
  });
});

test('before a push it stops what the remote does not have', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  expect(unleak(scratch, repo, 'install-hook', '--pre-push').code).toBe(0);
  expect(existsSync(join(repo, '.git/hooks/pre-commit'))).toBe(false);
  scratch.git(repo, 'push', '--quiet', bare, 'main');
  const secret = stageSecret(scratch, repo);
  scratch.git(repo, 'commit', '-qm', 'b');
  scratch.git(repo, 'rm', '-q', 'src/settings.ts');
  scratch.git(repo, 'commit', '-qm', 'taken out again');
  const stopped = scratch.run('git', ['push', '--quiet', bare, 'main'], repo);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('src/settings.ts');
  expect(stopped.stderr).not.toContain(secret);
  expect(scratch.run('git', ['push', '--quiet', '--no-verify', bare, 'main'], repo).code).toBe(0);
});

test('in all repositories of the user, beside the hooks that they have', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  executable(join(repo, '.git/hooks/pre-commit'), ['echo own >&2']);
  expect(unleak(scratch, tempFolder(), 'install-hook', '--global').code).toBe(0);
  stageSecret(scratch, repo);
  const stopped = scratch.run('git', ['commit', '-qm', 'b'], repo);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toMatch(/^own\n/);
  expect(unleak(scratch, tempFolder(), 'uninstall-hook', '--global').code).toBe(0);
  expect(scratch.run('git', ['commit', '-qm', 'b'], repo).code).toBe(0);
});

test('--repo names the repository, also when GIT_DIR is another', () => {
  const scratch = hookScratch();
  const [one, other] = [scratch.repository('one'), scratch.repository('other')];
  const env = { GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other };
  expect(scratch.run(process.execPath, [bin, 'install-hook', '--repo', '../one'], other, env).code).toBe(0);
  expect(existsSync(join(one, '.git/hooks/pre-commit'))).toBe(true);
  expect(existsSync(join(other, '.git/hooks/pre-commit'))).toBe(false);
});

test.each<[what: string, args: readonly string[], message: RegExp]>([
  ['a folder that is no repository', ['--repo', '.'], /^unleak: \S+: is in no git repository\n$/],
  ['a folder that is not there', ['--repo', 'nowhere'], /^unleak: \S+nowhere: no such file or directory\n$/],
  ['a file', ['--repo', bin], /^unleak: \S+: is no directory\n$/],
  ['both kinds of place', ['--repo', '.', '--global'], /^unleak: --global is for all repositories .*\n$/],
  ['an unknown option', ['--pre-comit'], /^unleak: unknown option --pre-comit; did you mean --pre-commit\?\n$/],
])('%s: one line, and exit code 2', (_, args, message) => {
  const scratch = hookScratch();
  for (const command of ['install-hook', 'uninstall-hook']) {
    const { code, stdout, stderr } = unleak(scratch, scratch.home, command, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  }
});

test('without git: one line, and exit code 2', () => {
  const scratch = hookScratch();
  const { code, stderr } = scratch.run(process.execPath, [bin, 'install-hook'], scratch.home, { PATH: tempFolder() });
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'unleak: git is not installed, or not in PATH\n' });
});

test('a folder where nothing can be written: one line, and nothing is changed', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  // A link into /proc cannot be written to even by root, as a read-only file system.
  symlinkSync('/proc/self', join(repo, '.git/hooks'));
  const { code, stderr } = unleak(scratch, repo, 'install-hook');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^unleak: \S+hooks\/pre-commit: no such file or directory\n$/);
});

test('for all repositories, from one project: it is installed, with a warning, and is repaired for all', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const script = join(repo, 'node_modules/.bin/unleak');
  mkdirSync(dirname(script), { recursive: true });
  symlinkSync(bin, script);
  const { code, stderr } = scratch.run(process.execPath, [script, 'install-hook', '--global'], repo);
  expect(code).toBe(0);
  expect(stderr).toContain('unleak: warn: this unleak belongs to one project');
  expect(scratch.run(process.execPath, [script, 'install-hook'], repo).stderr).not.toContain('warn');
  const text = readFileSync(join(scratch.home, '.config/unleak/hooks/pre-commit'), 'utf8');
  expect(text).toContain('npm install --global unleak && unleak install-hook --global');
});

test('from a cache of npx: it is installed, with a warning', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const cache = join(scratch.home, '.npm/_npx/0123');
  mkdirSync(cache, { recursive: true });
  symlinkSync(bin, join(cache, 'unleak'));
  const { code, stderr } = scratch.run(process.execPath, [join(cache, 'unleak'), 'install-hook'], repo);
  expect(code).toBe(0);
  expect(stderr).toContain('warn: this unleak lies in a cache');
  expect(readFileSync(join(repo, '.git/hooks/pre-commit'), 'utf8')).toContain(join(cache, 'unleak'));
});

test('what a name of the repository could do to a terminal is written out', () => {
  const scratch = hookScratch();
  const repo = scratch.repository('red\u{1b}[31m\nunleak: forged');
  const { stderr } = unleak(scratch, repo, 'install-hook');
  expect(stderr).not.toContain('\u{1b}');
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('hooks are written with the modes that the umask gives', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const line = `umask 077; exec '${process.execPath}' '${bin}' install-hook`;
  expect(scratch.run('sh', ['-c', line], repo).code).toBe(0);
  expect(statSync(join(repo, '.git/hooks/pre-commit')).mode & 0o777).toBe(0o700);
  writeFileSync(join(repo, 'a'), '');
});
