/** The real lefthook (npm), as docs/hooks.md says to use it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookScratch, pathWith } from '../support/hook-scratch.ts';
import { programFolder, root, stage, stageSecret, unleak } from '../support/real-hooks.ts';

const CONFIGURATION = `pre-commit:
  commands:
    unleak:
      run: unleak hook pre-commit
pre-push:
  commands:
    unleak:
      run: unleak hook pre-push {0}
      use_stdin: true
`;

test('lefthook runs unleak before commits and pushes, and install-hook leaves it in peace', () => {
  const scratch = hookScratch();
  const repo = scratch.repository("lefthook's project");
  const PATH = pathWith(programFolder(join(scratch.home, 'bin')), join(root, 'test/node_modules/.bin'));
  const git = (...args: string[]): ReturnType<typeof scratch.run> => scratch.run('git', args, repo, { PATH });
  stage(scratch, repo, 'lefthook.yml', CONFIGURATION);
  expect(scratch.run('lefthook', ['install'], repo, { PATH })).toMatchObject({ code: 0 });

  expect(git('commit', '-qm', 'a').code).toBe(0);
  const secret = stageSecret(scratch, repo);
  const stopped = git('commit', '-qm', 'b');
  expect(stopped.code).toBe(1);
  expect(stopped.stdout + stopped.stderr).toContain('src/settings.ts');
  expect(stopped.stdout + stopped.stderr).not.toContain(secret);
  expect(git('commit', '-qm', 'b', '--no-verify').code).toBe(0);

  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  const push = git('push', '--quiet', bare, 'main');
  expect(push.code).toBe(1);
  expect(push.stdout + push.stderr).toContain('src/settings.ts');
  expect(git('push', '--quiet', bare, 'HEAD~1:refs/heads/main').code).toBe(0);

  // Without this line lefthook keeps to itself what git says.
  writeFileSync(join(repo, 'lefthook.yml'), CONFIGURATION.replace('      use_stdin: true\n', ''));
  const unseen = git('push', '--quiet', bare, 'main:refs/heads/unseen');
  expect(unseen.stdout + unseen.stderr).toContain('unleak: nothing was scanned: standard input names nothing');

  const installed = unleak(scratch, repo, 'install-hook', '--force');
  expect(installed.code).toBe(2);
  expect(installed.stderr).toContain('managed by lefthook: add this to lefthook.yml:\n');
});
