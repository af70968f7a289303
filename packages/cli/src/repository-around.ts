import { detect, type Repository } from '@unleak/core';

/** The repository that a folder is, or lies in. */
export async function repositoryAround(cwd: string): Promise<Repository | undefined> {
  const target = await detect(cwd);
  if (target.kind === 'repository') return target;
  if (target.kind !== 'directory' || target.inside === undefined) return undefined;
  const above = await detect(target.inside);
  return above.kind === 'repository' ? above : undefined;
}
