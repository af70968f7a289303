/** The hook that the installed package writes, and real commits that it stops. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { gitEnvironment, makeRepo } from '../support/repo.ts';
import { bareMachine, tarballs } from '../support/tarballs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const files = tarballs();

test('npx unleak install-hook: a commit with a token is stopped, one without is not', () => {
  const machine = bareMachine(tempFolder(), ['git']);
  const repo = makeRepo(tempFolder());
  repo.write('package.json', '{ "private": true }\n');
  repo.write('.gitignore', 'node_modules/\n');
  expect(machine.npm(['install', '--save-dev', '--ignore-scripts', files.cli], repo.path).code).toBe(0);
  expect(machine.npm(['exec', '--', 'unleak', 'install-hook'], repo.path)).toMatchObject({ code: 0 });

  const commit = (): { readonly code: number | null; readonly log: string } => {
    repo.git('add', '--all');
    const env = { ...gitEnvironment(), HOME: tempFolder() };
    const { status, stdout, stderr } = spawnSync('git', ['commit', '-m', 'change'], {
      cwd: repo.path,
      env,
      encoding: 'utf8',
    });
    return { code: status, log: stdout + stderr };
  };
  const token = githubToken('committed');
  repo.write('deploy.env', `TOKEN=${token}\n`);
  const stopped = commit();
  expect(stopped.code).toBe(1);
  expect(stopped.log).toContain('deploy.env');
  expect(stopped.log).not.toContain(token.slice(4));
  repo.write('deploy.env', 'TOKEN=\n');
  expect(commit()).toMatchObject({ code: 0 });
});
