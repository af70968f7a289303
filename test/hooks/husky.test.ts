/** The real husky and lint-staged (npm), as docs/hooks.md says to use them. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookScratch, pathWith, type HookScratch } from '../support/hook-scratch.ts';
import { programFolder, root, stage, stageSecret, unleak } from '../support/real-hooks.ts';

/** A repository with husky, and with unleak and lint-staged where npm puts the programs of a project. */
function huskyProject(hooks: Readonly<Record<string, string>>): { scratch: HookScratch; repo: string } {
  const scratch = hookScratch();
  const repo = scratch.repository("husky's project");
  const bins = programFolder(join(repo, 'node_modules/.bin'));
  symlinkSync(join(root, 'test/node_modules/.bin/lint-staged'), join(bins, 'lint-staged'));
  stage(scratch, repo, '.gitignore', 'node_modules/\n');
  const made = scratch.run(process.execPath, [join(root, 'test/node_modules/husky/bin.js')], repo);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  for (const [hook, text] of Object.entries(hooks)) stage(scratch, repo, `.husky/${hook}`, text);
  scratch.git(repo, 'commit', '--quiet', '--no-verify', '-m', 'husky');
  return { scratch, repo };
}

test('husky runs unleak before commits and pushes', () => {
  const { scratch, repo } = huskyProject({
    'pre-commit': 'unleak hook pre-commit\n',
    'pre-push': 'unleak hook pre-push "$@"\n',
  });
  stage(scratch, repo, 'a.txt', 'nothing in it\n');
  expect(scratch.run('git', ['commit', '-qm', 'a'], repo).code).toBe(0);
  const secret = stageSecret(scratch, repo);
  const stopped = scratch.run('git', ['commit', '-qm', 'b'], repo);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('src/settings.ts');
  expect(stopped.stderr).not.toContain(secret);
  expect(scratch.run('git', ['commit', '-qm', 'b'], repo, { SKIP: 'unleak' }).code).toBe(0);

  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  const push = scratch.run('git', ['push', '--quiet', bare, 'main'], repo);
  expect(push.code).toBe(1);
  expect(push.stderr).toContain('src/settings.ts');
  expect(scratch.run('git', ['push', '--quiet', bare, 'HEAD~1:refs/heads/main'], repo).code).toBe(0);
});

test('install-hook does not fight husky, but says which line to add where', () => {
  const { scratch, repo } = huskyProject({ 'pre-commit': 'npm test\n' });
  for (const more of [[], ['--force']]) {
    const { code, stderr } = unleak(scratch, repo, 'install-hook', ...more);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /managed by husky: add this line to \.husky\/pre-commit:\nunleak: {3}unleak hook pre-commit\n/,
    );
  }
  expect(scratch.git(repo, 'status', '--porcelain')).toBe('');
});

test('after lint-staged it sees what the formatters have made of the files', () => {
  const { scratch, repo } = huskyProject({ 'pre-commit': 'lint-staged\nunleak hook pre-commit\n' });
  const secretsIn = join(scratch.home, 'secret.txt');
  // A formatter that brings in what was not there.
  writeFileSync(join(repo, 'format.cjs'), `require('fs').copyFileSync(${JSON.stringify(secretsIn)}, process.argv[2]);`);
  stage(scratch, repo, 'package.json', '{ "lint-staged": { "*.conf": "node format.cjs" } }\n');
  const secret = stageSecret(scratch, repo, 'elsewhere.ts');
  writeFileSync(secretsIn, readFileSync(join(repo, 'elsewhere.ts')));
  scratch.git(repo, 'rm', '-q', '--cached', 'elsewhere.ts');
  scratch.git(repo, 'add', 'format.cjs');
  scratch.git(repo, 'commit', '-qm', 'format', '--no-verify');
  stage(scratch, repo, 'a.conf', 'nothing\n');
  const stopped = scratch.run('git', ['commit', '-qm', 'a'], repo);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('a.conf');
  expect(stopped.stdout + stopped.stderr).not.toContain(secret);
});

test('lint-staged itself runs it, on the whole commit and once', () => {
  const { scratch, repo } = huskyProject({ 'pre-commit': 'lint-staged\n' });
  stage(scratch, repo, 'lint-staged.config.mjs', "export default { '*': () => 'unleak hook pre-commit' };\n");
  scratch.git(repo, 'commit', '-qm', 'lint-staged', '--no-verify');
  stage(scratch, repo, 'a.txt', 'nothing in it\n');
  mkdirSync(join(repo, 'sub'));
  expect(scratch.run('git', ['commit', '-qm', 'a'], join(repo, 'sub')).code).toBe(0);
  const secret = stageSecret(scratch, repo, 'b c.txt');
  stage(scratch, repo, 'd.txt', 'nothing in it\n');
  // Changed again in the work tree: the index is what counts.
  writeFileSync(join(repo, 'b c.txt'), 'clean\n');
  const stopped = scratch.run('git', ['commit', '-qm', 'b'], repo);
  expect(stopped.code).toBe(1);
  const told = stopped.stdout + stopped.stderr;
  expect(told).toContain('b c.txt');
  expect(told).not.toContain(secret);
  expect(scratch.git(repo, 'diff', '--cached', '--name-only')).toBe('b c.txt\nd.txt');
  expect(readFileSync(join(repo, 'b c.txt'), 'utf8')).toBe('clean\n');
});

test('a project that takes its programs from PATH finds unleak there, too', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  scratch.run(process.execPath, [join(root, 'test/node_modules/husky/bin.js')], repo);
  stage(scratch, repo, '.husky/pre-commit', 'unleak hook pre-commit\n');
  stageSecret(scratch, repo);
  const PATH = pathWith(programFolder(join(scratch.home, 'bin')));
  expect(scratch.run('git', ['commit', '-qm', 'b'], repo, { PATH }).code).toBe(1);
});
