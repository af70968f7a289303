/** Gives a project its own salt the first time that ids of it are written down, so that they say nothing elsewhere. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { DEFAULT_SALT, detect, newSalt, withSalt, type Config } from '@unleak/core';
import type { Io } from './io.ts';
import { readIfThere } from './read-if-there.ts';
import { writeWhole } from './terminal/write-report.ts';

/**
 * Writes `project.salt` into the configuration of a local target, and gives the file's name. Nothing is done where ids
 * are already in use under the salt that holds, which would all become new.
 */
export async function giveProjectSalt(target: string, config: Config, io: Io): Promise<string | undefined> {
  const { salt, privateSalt } = config.project;
  if (privateSalt || salt !== DEFAULT_SALT || config.suppressions.some((file) => file.kind !== 'gitleaks-ignore'))
    return undefined;
  const found = await detect(resolve(io.cwd, target));
  const root = found.kind === 'repository' ? found.worktree : found.kind === 'directory' ? found.root : undefined;
  if (root === undefined) return undefined;
  for (const name of ['unleak.yaml', '.unleak.yaml']) {
    const path = join(root, name);
    const text = await readIfThere(path);
    if (text === undefined && name === 'unleak.yaml' && (await readIfThere(join(root, '.unleak.yaml'))) !== undefined)
      continue;
    await writeWhole(path, [withSalt(name, text, newSalt(new Uint8Array(randomBytes(10))))]);
    return name;
  }
  return undefined;
}
