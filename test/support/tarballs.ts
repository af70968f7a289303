/** The tarballs that are published, and a machine that has Node, npm and a shell, and nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { packAll, PUBLISHED } from '../../tools/pack/published.ts';
import { makeTempDir } from './repo.ts';

export type Tarballs = Readonly<Record<(typeof PUBLISHED)[number], string>>;

/** Packs what is built, once for a test file; the files go when it ends. */
export function tarballs(): Tarballs {
  const folder = makeTempDir('tarballs');
  afterAll(() => folder.remove());
  const files = packAll(folder.path);
  return Object.fromEntries(PUBLISHED.map((name, index) => [name, files[index] ?? ''])) as unknown as Tarballs;
}

export interface BareRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BareMachine {
  /** Runs Node with these arguments. */
  node(args: readonly string[], cwd: string): BareRun;
  /** Runs npm, which asks no registry. */
  npm(args: readonly string[], cwd: string): BareRun;
}

/** npm asks no registry, and says nothing but what it was asked. */
const QUIET = {
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};

/** No compiler, no Python, no cache of packages: PATH leads to Node, a shell, and what else is named. */
export function bareMachine(folder: string, others: readonly 'git'[] = []): BareMachine {
  const programs = join(folder, 'programs');
  const home = join(folder, 'home');
  for (const each of [programs, home]) mkdirSync(each);
  symlinkSync(process.execPath, join(programs, 'node'));
  symlinkSync('/bin/sh', join(programs, 'sh'));
  for (const name of others) symlinkSync(whereIs(name), join(programs, name));

  function node(args: readonly string[], cwd: string): BareRun {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd,
      encoding: 'utf8',
      env: { PATH: programs, HOME: home, ...QUIET },
    });
    if (error !== undefined) throw error;
    return { code: status, stdout, stderr };
  }

  return { node, npm: (args, cwd) => node([npmScript(), ...args], cwd) };
}

function whereIs(name: string): string {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  const found = places.find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${name} is not to be found`);
  return found;
}

/** npm as a script, so that the Node of the tests runs it. */
function npmScript(): string {
  const folders = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)];
  const scripts = [
    process.env['npm_execpath'] ?? '',
    ...folders.map((folder) => join(folder, '../lib/node_modules/npm/bin/npm-cli.js')),
  ];
  const found = scripts.find((file) => file.endsWith('npm-cli.js') && existsSync(file));
  if (found === undefined) throw new Error('npm is not to be found');
  return found;
}
