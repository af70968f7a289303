/** Which repository a hook runs for. */
import { resolve } from 'node:path';
import { repositoryAt, type Repository } from '@unleak/core';
import type { Io } from '../io.ts';
import { repositoryAround } from '../repository-around.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The one around the working directory, unless git names another, as it does for `git --git-dir=… commit`.
 * @throws UsageError outside of any
 */
export async function hookRepository({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Promise<Repository> {
  const around = await repositoryAround(cwd);
  const named = env['GIT_DIR'];
  if (named !== undefined && named !== '') {
    const tree = env['GIT_WORK_TREE'];
    // git runs hooks at the top level.
    const worktree = tree === undefined || tree === '' ? cwd : resolve(cwd, tree);
    const found = repositoryAt(resolve(cwd, named), worktree);
    if (found !== undefined && found.gitDir !== around?.gitDir) return found;
  }
  if (around === undefined) throw new UsageError('this is no git repository, and a hook runs in one');
  return around;
}
