/** Which packages are published, and how their tarballs are made. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../test-run/run-program.ts';

/** Folders below packages/, each after those that it needs. */
export const PUBLISHED = ['core', 'pre-commit', 'cli'] as const;

/**
 * The tarballs of all published packages, in the order of publishing, from what is built. pnpm writes versions where the
 * manifests say `catalog:` and `workspace:`, takes what `publishConfig` says in place of what the workspace uses, and
 * gives all files one date, so that equal contents are equal bytes.
 * @throws Error with what pnpm says
 */
export function packAll(folder: string): readonly string[] {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly packageManager: string;
  };
  const pnpm = join(root, '.cache', packageManager.replace('@', '-'), 'node_modules/pnpm/bin/pnpm.mjs');
  return PUBLISHED.map((name) => {
    const args = [pnpm, 'pack', '--json', '--pack-destination', folder];
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd: join(root, 'packages', name),
      encoding: 'utf8',
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`packages/${name} cannot be packed: ${stderr}${stdout}`);
    return (JSON.parse(stdout) as { readonly filename: string }).filename;
  });
}
