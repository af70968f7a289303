/** The real pre-commit framework: the one in PATH, or one that is brought into `.cache` where there is Python. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './real-hooks.ts';

const VERSION = '4.7.0';

export interface Tool {
  readonly command: string;
  readonly args: readonly string[];
}

/** `undefined` where there is none and none can be brought. */
export function preCommitTool(): Tool | undefined {
  const installed = spawnSync('pre-commit', ['--version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = (/ (\d+)\.(\d+)/.exec(installed.stdout ?? '') ?? []).map(Number);
  // Older ones do not know the stages by the names of the hooks.
  if (major > 3 || (major === 3 && minor >= 2)) return { command: 'pre-commit', args: [] };
  const folder = join(root, '.cache', `pre-commit-${VERSION}`);
  const python = (at: string): string => join(at, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(folder) && !bring(folder, python)) return undefined;
  return { command: python(folder), args: ['-m', 'pre_commit'] };
}

/** There wholly or not at all. */
function bring(folder: string, python: (at: string) => string): boolean {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--retries=1',
    `pre-commit==${VERSION}`,
  ];
  const isBrought =
    ['python3', 'python'].some((name) => spawnSync(name, ['-m', 'venv', draft]).status === 0) &&
    spawnSync(python(draft), pip, { stdio: 'ignore' }).status === 0;
  if (isBrought && !existsSync(folder)) renameSync(draft, folder);
  else rmSync(draft, { recursive: true, force: true });
  return existsSync(folder);
}
