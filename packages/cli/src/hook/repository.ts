/** Which repository a hook runs for. */
import { resolve } from 'node:path';
import { neutralise, repositoryAt, type Repository } from '@unleak/core';
import type { Io } from '../io.ts';
import { repositoryAround } from '../repository-around.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The one around the working directory, unless git names another, as it does for `git --git-dir=… commit`.
 * @throws UsageError outside of any, and where the one that is named is none: nobody can tell which was meant
 */
export async function hookRepository({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Promise<Repository> {
  const around = await repositoryAround(cwd);
  const named = env['GIT_DIR'];
  if (named !== undefined && named !== '') {
    const tree = env['GIT_WORK_TREE'];
    // git runs hooks at the top level.
    const worktree = tree === undefined || tree === '' ? cwd : resolve(cwd, tree);
    const found = repositoryAt(resolve(cwd, named), worktree);
    if (found === undefined) throw new UsageError(`GIT_DIR names no git repository: ${neutralise(named)}`);
    if (found.gitDir !== around?.gitDir) return found;
  }
  if (around === undefined) throw new UsageError('this is no git repository, and a hook runs in one');
  return around;
}
