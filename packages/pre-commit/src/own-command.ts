/**
 * How a person calls this very program again: whatever we advise to type or to write into a file names it like this. It
 * is often not in PATH: a dependency of a project, a checkout, an environment of the pre-commit framework.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { shellWord } from './message/shell.ts';

/** What runs unleak; absolute paths. */
export interface Program {
  readonly node: string;
  /** The script that Node is given. */
  readonly script: string;
}

/** What is known of the process. */
export interface Started {
  readonly program: Program;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

export interface OwnCommand {
  /** What works in a terminal, in the folder where this runs: `npx unleak`, `unleak`, or two quoted paths. */
  readonly typed: string;
  /** The same without a path of this machine: for files that others get, and for help. */
  readonly shared: 'npx unleak' | 'unleak';
  /**
   * `project`: installed in a folder around the working directory. `path`: in PATH. `cache`: fetched by `npx` or the
   * like for this once. `nowhere`: only its path leads to it.
   */
  readonly found: 'project' | 'path' | 'cache' | 'nowhere';
}

export function ownCommand(started: Started): OwnCommand {
  if (isInProject(started)) return { typed: 'npx unleak', shared: 'npx unleak', found: 'project' };
  if (isInPath(started)) return { typed: 'unleak', shared: 'unleak', found: 'path' };
  const { program, platform } = started;
  if (/[\\/](?:_npx|dlx(?:-[^\\/]*)?)[\\/]/.test(program.script))
    return { typed: 'npx unleak', shared: 'npx unleak', found: 'cache' };
  const words = [program.node, program.script].map((path) => shellWord(path, platform));
  // A path that cannot be shown is worse advice than a name that may not be found.
  return { typed: words.includes(undefined) ? 'unleak' : words.join(' '), shared: 'unleak', found: 'nowhere' };
}

const MODULES = '/node_modules/';

/** Whether `npx` finds it here: it looks in the `node_modules` of every folder from the working directory up. */
function isInProject({ program, cwd, platform }: Started): boolean {
  const script = slashed(program.script, platform);
  for (let at = script.indexOf(MODULES); at >= 0; at = script.indexOf(MODULES, at + 1)) {
    const project = script.slice(0, at);
    if (`${slashed(cwd, platform)}/`.startsWith(`${project}/`) && existsSync(`${project}${MODULES}.bin/unleak`))
      return true;
  }
  return false;
}

function isInPath({ env, platform }: Started): boolean {
  const isWindows = platform === 'win32';
  const path = isWindows ? win32 : posix;
  const names = isWindows ? ['unleak.cmd', 'unleak.exe', 'unleak.bat'] : ['unleak'];
  const value = Object.entries(env).find(([name]) => name === 'PATH' || (isWindows && name.toUpperCase() === 'PATH'));
  return (value?.[1] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && !isLent(slashed(folder, platform), env, platform))
    .some((folder) => names.some((name) => isExecutable(path.join(folder, name))));
}

/** Folders that npm, husky and the pre-commit framework put into PATH for what they start, and nobody has in a terminal. */
function isLent(folder: string, env: Started['env'], platform: NodeJS.Platform): boolean {
  if (/\/node_modules\/\.bin\/*$/.test(folder)) return true;
  const environment = env['PRE_COMMIT'] === '1' ? env['NODE_VIRTUAL_ENV'] : undefined;
  return (
    environment !== undefined && environment !== '' && `${folder}/`.startsWith(`${slashed(environment, platform)}/`)
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function slashed(path: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? path.replaceAll('\\', '/') : path;
}
