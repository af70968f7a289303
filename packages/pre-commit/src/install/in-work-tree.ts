/** Folders of hooks inside the work tree: whatever is written there is in git, or is soon. */
import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { AskGit } from '../ask-git.ts';
import type { Repository } from './where-hooks-lie.ts';

/** Whether the folder has files that git knows. */
export async function isCommitted(git: AskGit, repository: Repository, folder: string): Promise<boolean> {
  const [top, inside] = await fromTop(repository, folder);
  if (inside === undefined) return false;
  const listed = await git([...at(top), '--literal-pathspecs', 'ls-files', '-z', '--', inside]);
  return listed.code === 0 && listed.stdout.length > 0;
}

/** Whether `git add` would take a hook that is written there. */
export async function mayBeCommitted(
  git: AskGit,
  repository: Repository,
  folder: string,
  hook: string,
): Promise<boolean> {
  const [top, inside] = await fromTop(repository, folder);
  if (inside === undefined) return false;
  return (await git([...at(top), 'check-ignore', '--quiet', '--', join(inside, hook)])).code !== 0;
}

function at(top: string): readonly string[] {
  return ['-C', top, '-c', 'core.fsmonitor=false'];
}

/** The top of the work tree, and the folder as a path from there; undefined where it lies outside, or in `.git`. */
async function fromTop(
  { top, own }: Repository,
  folder: string,
): Promise<readonly [top: string, inside: string | undefined]> {
  const [realTop, realFolder, gitFolder] = await Promise.all([real(top), real(folder), real(dirname(own))]);
  const inside = isInside(realFolder, realTop) && !isInside(realFolder, gitFolder);
  return [realTop, inside ? relative(realTop, realFolder) : undefined];
}

/** Below, and not the same. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && resolve(folder, way) === path;
}

/** Without links; a path that is not there yet stays what it is below the part that is. */
export async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await real(above), relative(above, path));
  }
}
