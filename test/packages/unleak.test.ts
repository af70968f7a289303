/** The tarball of `unleak` on a machine that has Node and npm: no network, no compiler, no git, no install scripts. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { makeRepo, makeTempDir } from '../support/repo.ts';
import { bareMachine, tarballs, type BareMachine, type BareRun } from '../support/tarballs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken, randomText } from '../support/tokens.ts';

const files = tarballs();
const place = makeTempDir('installed');
afterAll(() => place.remove());
const project = join(place.path, 'project');
let machine: BareMachine;
let installed: BareRun;

beforeAll(() => {
  machine = bareMachine(place.path);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  installed = machine.npm(['install', '--save-dev', '--ignore-scripts', files.cli], project);
});

function npx(args: readonly string[], cwd: string = project): BareRun {
  return machine.npm(['exec', '--', 'unleak', ...args], cwd);
}

test('it installs without asking a registry, and nothing but itself', () => {
  expect(installed).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['unleak']);
});

test('npx unleak --version', () => {
  const { version } = JSON.parse(readFileSync(join(project, 'node_modules/unleak/package.json'), 'utf8')) as {
    readonly version: string;
  };
  expect(npx(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test('npx unleak scan . finds a token, and prints neither it nor a path of another machine', () => {
  const token = githubToken('installed');
  writeFileSync(join(project, 'deploy.env'), `TOKEN=${token}\n`);
  const { code, stdout, stderr } = npx(['scan', '.']);
  expect(code).toBe(1);
  expect(stdout).toContain('GitHub personal access token');
  expect(stdout).toContain('deploy.env:1:7');
  expect(stdout + stderr).not.toContain(token.slice(4));
  expect(npx(['scan', 'package.json']).code).toBe(0);
});

test('worker threads start: more is scanned than one thread would be given', () => {
  const folder = tempFolder();
  const token = githubToken('in a worker');
  for (let n = 0; n < 8; n++)
    writeFileSync(
      join(folder, `${n}.txt`),
      `${randomText(1 << 20, `text ${n}`)}\n${n === 7 ? `TOKEN=${token}` : ''}\n`,
    );
  const { code, stdout } = npx(['scan', folder, '--workers', '2', '-f', 'json']);
  const report = JSON.parse(stdout) as { findings: readonly { sightings: readonly { path: string }[] }[] };
  expect(report.findings.map(({ sightings }) => sightings[0]?.path)).toEqual(['7.txt']);
  expect(code).toBe(1);
});

test('the history of a repository is read, without git', () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'old.env': `TOKEN=${githubToken('in history')}\n` });
  repo.commitFiles({ 'old.env': 'TOKEN=\n' });
  const { code, stdout } = npx(['scan', repo.path, '--history', 'only', '-f', 'csv']);
  expect(stdout).toMatch(/,old\.env,1,/);
  expect(code).toBe(1);
});

test('every command says what it does, from the bundle', () => {
  const { code, stdout } = npx(['--help']);
  expect(code).toBe(0);
  const names = [...stdout.matchAll(/^ {2}(?:unleak )?([a-z]+(?:[ -][a-z]+)?) {2,}/gm)].map(([, name = '']) => name);
  expect(names).toEqual(expect.arrayContaining(['scan']));
  for (const name of names) expect(npx([...name.split(' '), '--help']), name).toMatchObject({ code: 0, stderr: '' });
});

test('nothing was written into the package while it ran', () => {
  expect(existsSync(join(project, 'node_modules/unleak/node_modules'))).toBe(false);
  expect(readdirSync(join(project, 'node_modules/unleak')).toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'package.json',
  ]);
});
