import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { executable, hookScratch, type HookScratch } from '../../../../test/support/hook-scratch.ts';
import { tempFolder } from '../../../../test/support/temp-folder.ts';
import { hookScript, passThrough, whoseHook } from './hook-script.ts';
import { shellQuoted } from '@unleak/core';

const REFS = `refs/heads/a ${'1'.repeat(40)} refs/heads/a ${'0'.repeat(40)}
refs/heads/b\\n$x ${'2'.repeat(40)} refs/heads/b ${'3'.repeat(40)}
`;

/** Every shell of this machine that could be `sh`. */
const SHELLS = ['dash', 'bash', 'busybox sh', 'ksh', 'mksh', 'yash', 'zsh', 'sh'].filter((shell) => {
  const [program = '', ...args] = shell.split(' ');
  return spawnSync(program, [...args, '-c', 'exit 0']).status === 0;
});

function start(
  shell: string,
  path: string,
  { input = '', ...env }: { readonly input?: string; readonly [name: string]: string | undefined },
  ...args: readonly string[]
): { code: number | null; stdout: string; stderr: string } {
  const [program = '', ...first] = shell.split(' ');
  const { status, stdout, stderr } = spawnSync(program, [...first, path, ...args], { input, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

function written(scratch: HookScratch, hook: 'pre-commit' | 'pre-push'): string {
  const path = join(tempFolder(), hook);
  writeFileSync(path, hookScript({ hook, program: scratch.program, isInProject: false, scope: 'repository' }));
  chmodSync(path, 0o755);
  return path;
}

/** With its absolute path, since PATH is taken away. */
function located(shell: string): string {
  const [program = '', ...args] = shell.split(' ');
  const path = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
  return [path, ...args].join(' ');
}

test.each(SHELLS)('%s: the program gets the hook, its arguments and its input, and its exit code counts', (shell) => {
  const scratch = hookScratch();
  const path = written(scratch, 'pre-push');
  const args = ['origin', "ssh://host/it's $x"];
  expect(start(located(shell), path, { PATH: '', input: REFS }, ...args)).toEqual({ code: 0, stdout: '', stderr: '' });
  scratch.endsWith(3);
  expect(start(located(shell), path, { PATH: '' }, ...args).code).toBe(3);
  expect(scratch.calls()).toEqual([
    { args: ['hook', 'pre-push', ...args], stdin: REFS },
    { args: ['hook', 'pre-push', ...args], stdin: '' },
  ]);
});

test.each(SHELLS)('%s: the hook from before runs first with the same, and what it says of a failure holds', (shell) => {
  const scratch = hookScratch();
  const path = written(scratch, 'pre-push');
  const before = executable(`${path}.before-unleak`, [
    'printf "<%s>" "$@"',
    'while read -r l; do echo "$l"; done',
    'exit 0',
  ]);
  const { code, stdout } = start(located(shell), path, { PATH: '', input: 'a b\nc d\n' }, 'origin', 'x y');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '<origin><x y>a b\nc d\n' });
  expect(scratch.calls().map(({ stdin }) => stdin)).toEqual(['a b\nc d\n']);

  executable(before, ['exit 7']);
  expect(start(located(shell), path, { PATH: '', input: 'a b\n' }, 'origin', 'x').code).toBe(7);
  chmodSync(before, 0o644);
  expect(start(located(shell), path, { PATH: '', input: 'a b\n' }, 'origin', 'x').code).toBe(0);
  expect(scratch.calls()).toHaveLength(2);
});

test.each(SHELLS)('%s: without the program it takes the one in PATH, then Node in PATH, and else stops', (shell) => {
  const scratch = hookScratch();
  const path = join(tempFolder(), 'pre-commit');
  const bin = tempFolder();
  const sh = located(shell);
  const gone = { ...scratch.program, node: '/nowhere/node' };
  writeFileSync(path, hookScript({ hook: 'pre-commit', program: gone, isInProject: false, scope: 'repository' }));

  const stopped = start(sh, path, { PATH: bin });
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('this commit was stopped');
  expect(stopped.stderr).toContain('npm install --global unleak && unleak install-hook\n');
  expect(stopped.stderr).toContain('SKIP=unleak git commit');
  expect(stopped.stderr).toContain(path);
  expect(scratch.calls()).toEqual([]);

  executable(join(bin, 'node'), [`exec ${shellQuoted(process.execPath)} "$@"`]);
  expect(start(sh, path, { PATH: bin }).code).toBe(0);
  expect(scratch.calls()).toHaveLength(1);

  executable(join(bin, 'unleak'), ['echo "in PATH: $*"', 'exit 5']);
  expect(start(sh, path, { PATH: bin })).toEqual({ code: 5, stdout: 'in PATH: hook pre-commit\n', stderr: '' });
  // What cannot start is as good as none.
  executable(join(bin, 'unleak'), ['exit 127']);
  expect(start(sh, path, { PATH: bin }).code).toBe(0);
  rmSync(scratch.program.script);
  expect(start(sh, path, { PATH: bin }).code).toBe(1);
});

test('where a project had it, it is installed there again', () => {
  const path = join(tempFolder(), 'pre-push');
  const program = { node: '/nowhere/node', script: '/app/node_modules/.bin/unleak' };
  writeFileSync(path, hookScript({ hook: 'pre-push', program, isInProject: true, scope: 'repository' }));
  const { code, stderr } = start(located('sh'), path, { PATH: '' });
  expect(code).toBe(1);
  expect(stderr).toContain('  npm install --save-dev unleak && npx unleak install-hook --pre-push\n');
  expect(stderr).not.toContain('--global');
});

test.each([
  ['unleak', 0],
  ['eslint,unleak', 0],
  ['eslint, unleak ,x', 0],
  ['unleaked,not-unleak', 1],
  ['', 1],
])('SKIP=%j without a program: %i', (skip, code) => {
  const path = join(tempFolder(), 'pre-commit');
  const program = { node: '/nowhere/node', script: '/nowhere/unleak.mjs' };
  writeFileSync(path, hookScript({ hook: 'pre-commit', program, isInProject: false, scope: 'repository' }));
  expect(start('/bin/sh', path, { PATH: '', SKIP: skip }).code).toBe(code);
});

test('a quoted word is the word, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      const word = text.replaceAll('\0', '\n');
      const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${shellQuoted(word)}`], { encoding: 'utf8' });
      expect(stdout).toBe(`${word}|`);
    }),
    { numRuns: 100 },
  );
});

test('one of ours is known, and whether somebody has changed it', () => {
  const program = { node: '/n', script: '/u' };
  const ours = hookScript({ hook: 'pre-push', program, isInProject: false, scope: 'user' });
  expect(whoseHook(ours)).toBe('ours');
  expect(whoseHook(passThrough('commit-msg'))).toBe('ours');
  expect(whoseHook(`${ours}echo more\n`)).toBe('edited');
  expect(whoseHook(ours.replace('/n', '/m'))).toBe('edited');
  expect(whoseHook(ours.replaceAll('\n', '\r\n'))).toBe('edited');
  expect(whoseHook('#!/bin/sh\nunleak hook pre-commit\n')).toBe('foreign');
  expect(whoseHook('')).toBe('foreign');
});
