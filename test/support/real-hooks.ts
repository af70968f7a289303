/** The built command in scratch repositories, and what hooks of other tools need to find it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executable, type HookScratch, type Ran } from './hook-scratch.ts';
import { githubToken } from './tokens.ts';

/** The root of this repository. */
export const root: string = join(import.meta.dirname, '../..');

export const bin: string = join(root, 'packages/cli/bin/unleak.mjs');

/** Runs the built command. */
export function unleak(scratch: HookScratch, cwd: string, ...args: string[]): Ran {
  return scratch.run(process.execPath, [bin, ...args], cwd);
}

/** A folder for PATH in which `unleak` is the built command, and `node` the Node that runs the tests. */
export function programFolder(folder: string): string {
  const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;
  executable(join(folder, 'node'), [`exec ${quoted(process.execPath)} "$@"`]);
  executable(join(folder, 'unleak'), [`exec ${quoted(process.execPath)} ${quoted(bin)} "$@"`]);
  return folder;
}

/** Stages a file that holds a credential, and gives that. */
export function stageSecret(scratch: HookScratch, repo: string, path = 'src/settings.ts'): string {
  const token = githubToken(`${repo} ${path}`);
  stage(scratch, repo, path, `export const token = "${token}";\n`);
  return token;
}

export function stage(scratch: HookScratch, repo: string, path: string, text: string): void {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
  scratch.git(repo, 'add', '--', path);
}
