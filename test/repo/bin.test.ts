import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

const cli = join(import.meta.dirname, '../../packages/cli');

/** The command's entry with a bundle beside it that only says that it was loaded, and whose Node says another version. */
function entry(
  version: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { code: number | null; stdout: string; stderr: string } {
  const folder = tempFolder();
  cpSync(join(cli, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(cli, 'package.json'), join(folder, 'package.json'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/entry.cjs'), `console.log('loaded', ...process.argv.slice(2));`);
  const disguise = join(folder, 'version.cjs');
  writeFileSync(
    disguise,
    `Object.defineProperty(process.versions, 'node', { value: '${version}' });
     Object.defineProperty(process, 'version', { value: 'v${version}' });`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', disguise, join(folder, 'bin/unleak.mjs'), ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, PRE_COMMIT: undefined, XDG_CACHE_HOME: folder, ...env },
    },
  );
  return { code: status, stdout, stderr };
}

const { version } = JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8')) as { version: string };

test('--version is answered without loading the bundle', () => {
  expect(entry('24.15.0', ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('everything else goes to the bundle, with its arguments', () => {
  expect(entry('24.15.0', ['scan', '--version']).stdout).toBe('loaded scan --version\n');
  expect(entry('26.0.0', []).stdout).toBe('loaded\n');
});

test.each(['18.20.0', '20.20.2', '22.21.9', '23.11.0', '24.14.9', '25.9.0'])(
  'on Node %s it says what it needs and fails',
  (old) => {
    const { code, stdout, stderr } = entry(old, ['scan']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`unleak: this is Node v${old}; unleak runs on ^22.22.2 || ^24.15.0 || >=26.0.0\n`);
  },
);

test('in a hook of the pre-commit framework it also says how to get another Node there', () => {
  expect(entry('20.20.2', ['hook', 'pre-commit'], { PRE_COMMIT: '1' }).stderr).toMatch(
    /^unleak: this is Node v20\.20\.2; .*\nunleak: install a newer Node, or .* language_version: '24\.15\.0'/,
  );
});

test('installed from a clone without the script that builds it, it says so', () => {
  const folder = tempFolder();
  cpSync(join(cli, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(cli, 'package.json'), join(folder, 'package.json'));
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/unleak.mjs'), 'scan'], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: folder },
  });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: 'unleak: was never built: npm ran no scripts when it was installed (ignore-scripts)\n',
  });
});
