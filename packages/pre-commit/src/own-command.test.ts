import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executable } from '../../../test/support/hook-scratch.ts';
import { tempFolder } from '../../../test/support/temp-folder.ts';
import { ownCommand, type OwnCommand, type Started } from './own-command.ts';

const node = '/opt/node/bin/node';

function started(script: string, more: Partial<Omit<Started, 'program'>> = {}): OwnCommand {
  return ownCommand({ program: { node, script }, env: {}, cwd: '/', platform: 'linux', ...more });
}

/** A folder in which npm has installed unleak. */
function project(): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  executable(join(folder, 'node_modules/.bin/unleak'), ['exit 0']);
  return folder;
}

test('a dependency of a project is called by npx, wherever in the project one is', () => {
  const folder = project();
  for (const script of ['node_modules/.bin/unleak', 'node_modules/unleak/bin/unleak.mjs'])
    for (const cwd of [folder, join(folder, 'src/deep')])
      expect(started(join(folder, script), { cwd })).toEqual({
        typed: 'npx unleak',
        shared: 'npx unleak',
        found: 'project',
      });
});

test('outside of that project npx would not find it', () => {
  const folder = project();
  const script = join(folder, 'node_modules/.bin/unleak');
  for (const cwd of ['/', tempFolder(), `${folder}-other`])
    expect(started(script, { cwd })).toMatchObject({ typed: `${node} ${script}`, shared: 'unleak', found: 'nowhere' });
});

test('in PATH it has its plain name, whatever was started', () => {
  const programs = tempFolder();
  executable(join(programs, 'unleak'), ['exit 0']);
  expect(started('/opt/unleak.mjs', { env: { PATH: `/nowhere:${programs}` } })).toEqual({
    typed: 'unleak',
    shared: 'unleak',
    found: 'path',
  });
});

test('a file that is not executable, and an empty or relative folder of PATH, are none', () => {
  const programs = tempFolder();
  writeFileSync(join(programs, 'unleak'), '');
  for (const PATH of [programs, '', ':', '.', 'node_modules/.bin'])
    expect(started('/opt/unleak.mjs', { cwd: programs, env: { PATH } }).found).toBe('nowhere');
});

test('what npm, husky and the pre-commit framework put into PATH is not in that of a terminal', () => {
  const folder = project();
  const bin = join(folder, 'node_modules/.bin');
  expect(started('/opt/unleak.mjs', { env: { PATH: bin } }).found).toBe('nowhere');
  const environment = tempFolder();
  const script = executable(join(environment, 'bin/unleak'), ['exit 0']);
  const env = { PATH: join(environment, 'bin'), NODE_VIRTUAL_ENV: environment };
  expect(started(script, { env: { ...env, PRE_COMMIT: '1' } }).typed).toBe(`${node} ${script}`);
  // Somebody's own environment, which is active in the terminal.
  expect(started(script, { env }).typed).toBe('unleak');
});

test('fetched by npx for once: npx fetches it again', () => {
  expect(started('/home/ada/.npm/_npx/0a1b/node_modules/.bin/unleak', { cwd: '/home/ada/app' })).toEqual({
    typed: 'npx unleak',
    shared: 'npx unleak',
    found: 'cache',
  });
});

test('paths are quoted for the shells of the platform; one that cannot be shown is not', () => {
  expect(started("/it's here/unleak.mjs").typed).toBe(`${node} '/it'\\''s here/unleak.mjs'`);
  expect(started('/a\u001b[2Jb/unleak.mjs').typed).toBe('unleak');
  const windows = { node: 'C:\\Program Files\\nodejs\\node.exe', script: 'D:\\tools\\unleak.mjs' };
  expect(ownCommand({ program: windows, env: {}, cwd: 'C:\\', platform: 'win32' }).typed).toBe(
    '"C:/Program Files/nodejs/node.exe" D:/tools/unleak.mjs',
  );
});
