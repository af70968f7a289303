import type { Ambient } from '../ambient.ts';
import type { Repository } from './detect.ts';
import { git, openDoor } from './door.ts';
import { GitError } from './git-error.ts';

/** A file as a commit has it; undefined where there is none, or it cannot be read. `commit` is a full id. */
export async function readPlace(repository: Repository, commit: string, path: string, ambient: Ambient): Promise<Uint8Array | undefined> {
  const opened = await openDoor(repository, ambient);
  try {
    return await git(opened.door, ['cat-file', 'blob', `${commit}:${path}`]);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  } finally {
    await opened.close();
  }
}
