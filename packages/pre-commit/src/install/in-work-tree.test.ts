/** Hooks in a folder of the work tree (`core.hooksPath`), which somebody commits sooner or later. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { executable, hookScratch, pathWith, type HookScratch } from '../../../../test/support/hook-scratch.ts';
import { shellQuoted } from '@unleak/core';
import { installInRepository, type InstallRequest } from './install-hooks.ts';

function withFolder(scratch: HookScratch, name?: string): string {
  const repo = scratch.repository(name);
  scratch.git(repo, 'config', 'core.hooksPath', '.githooks');
  return repo;
}

/** Puts the program of the scratch there, as `npm install` does. */
function installed(scratch: HookScratch, path: string): string {
  const { node, script } = scratch.program;
  return executable(path, [`exec ${shellQuoted(node)} ${shellQuoted(script)} "$@"`]);
}

const inProject: Pick<InstallRequest, 'command'> = { command: { shared: 'npx unleak', found: 'project' } };
const inPath: Pick<InstallRequest, 'command'> = { command: { shared: 'unleak', found: 'path' } };

function hookOf(repo: string): string {
  return readFileSync(join(repo, '.githooks/pre-commit'), 'utf8');
}

test('a dependency of the project: the hook names no path of the machine, and works in every clone', async () => {
  const scratch = hookScratch();
  const repo = withFolder(scratch);
  writeFileSync(join(repo, '.gitignore'), 'node_modules\n');
  installed(scratch, join(repo, 'node_modules/.bin/unleak'));
  const { notes, warnings } = await installInRepository(scratch.request(repo, inProject));
  expect(notes).toEqual([expect.stringContaining('may be committed for everybody')]);
  expect(warnings).toEqual([]);
  for (const path of [repo, scratch.home, scratch.program.node, scratch.program.script])
    expect(hookOf(repo)).not.toContain(path);
  scratch.git(repo, 'add', '.');
  expect(scratch.run('git', ['commit', '-qm', 'hooks'], repo).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);

  const clone = join(dirname(repo), 'clone');
  scratch.git(scratch.home, 'clone', '--quiet', repo, clone);
  scratch.git(clone, 'config', 'core.hooksPath', '.githooks');
  const stopped = scratch.commit(clone);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('it is neither node_modules/.bin/unleak nor in PATH');
  expect(stopped.stderr).toMatch(/ {3}npm install\n/);
  installed(scratch, join(clone, 'node_modules/.bin/unleak'));
  expect(scratch.run('git', ['commit', '-qm', 'b'], clone).code).toBe(0);
  scratch.endsWith(1);
  expect(scratch.commit(clone).code).toBe(1);
});

test('in PATH: the same, for a push', async () => {
  const scratch = hookScratch();
  const repo = withFolder(scratch);
  const programs = dirname(installed(scratch, join(scratch.home, 'programs/unleak')));
  const bare = join(scratch.home, 'bare.git');
  scratch.git(scratch.home, 'init', '--quiet', '--bare', bare);
  await installInRepository(scratch.request(repo, { ...inPath, hooks: ['pre-push'] }));
  const text = readFileSync(join(repo, '.githooks/pre-push'), 'utf8');
  expect(text).not.toContain(scratch.program.script);
  const push = scratch.run('git', ['push', '--quiet', bare, 'main'], repo, { PATH: pathWith(programs) });
  expect(push.code, push.stderr).toBe(0);
  expect(scratch.calls()).toMatchObject([
    { args: ['hook', 'pre-push', bare, bare], stdin: expect.stringMatching(/^refs\/heads\/main /) as string },
  ]);
  const gone = scratch.run('git', ['push', '--quiet', bare, 'main:other'], repo);
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain('npm install --global unleak\n');
});

test('where only a path leads to unleak, the hook holds it, with a warning not to commit that', async () => {
  const scratch = hookScratch();
  const repo = withFolder(scratch);
  const { notes, warnings } = await installInRepository(scratch.request(repo));
  expect(notes).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/\.githooks lies in the work tree, .* do not commit it\./)]);
  expect(scratch.commit(repo).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);
});

test('a folder that git ignores goes to nobody: nothing is said, and the paths are held', async () => {
  const scratch = hookScratch();
  const repo = withFolder(scratch);
  writeFileSync(join(repo, '.gitignore'), '.githooks\n');
  const { notes, warnings } = await installInRepository(scratch.request(repo, inPath));
  expect({ notes, warnings }).toEqual({ notes: [], warnings: [] });
  expect(hookOf(repo)).toContain(shellQuoted(scratch.program.node));
});

test('hooks that are committed: the line to add is one that works for everybody', async () => {
  const scratch = hookScratch();
  const repo = withFolder(scratch);
  executable(join(repo, '.githooks/pre-commit'), ['exit 0']);
  scratch.git(repo, 'add', '.');
  await expect(installInRepository(scratch.request(repo, inProject))).rejects.toThrow(
    /  npx unleak hook pre-commit \|\| exit\n/,
  );
});
