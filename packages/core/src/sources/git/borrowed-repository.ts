/**
 * A bare repository of our own that borrows the objects of another one: to fetch what a shallow clone lacks, and to scan
 * the whole, without a byte written into the clone and without its configuration being read by git.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Ambient } from '../ambient.ts';
import { detect } from './detect.ts';
import { GitError } from './git-error.ts';
import { makePrivateDir } from './private-dir.ts';

export interface BorrowedRepository {
  /** A git directory. Its HEAD and refs are copies of the other's. */
  readonly path: string;
  /** Removes it. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Of a partial clone, of which nobody knows what is there, nothing is borrowed: the repository is empty but for its HEAD.
 * `path`: top level of a work tree, or a git directory.
 * @throws GitError `not-a-repository`, `unsupported-format`
 */
export async function borrowRepository(path: string, ambient: Ambient): Promise<BorrowedRepository> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new GitError('not-a-repository', `${path} is no git repository`);
  const dir = await makePrivateDir(repository, ambient);
  const own = { path: dir.gitDir, close: () => dir.temporary.remove() };
  try {
    await mkdir(join(dir.gitDir, 'objects/info'), { recursive: true });
    await mkdir(join(dir.gitDir, 'objects/pack'), { recursive: true });
    if (dir.partial) {
      await writeFile(join(dir.gitDir, 'packed-refs'), '');
      await rm(join(dir.gitDir, 'shallow'), { force: true });
      return own;
    }
    if (dir.objects.includes('\n')) throw new GitError('unsupported-format', 'its path holds a line break');
    const objects = sep === '\\' ? dir.objects.replaceAll(sep, '/') : dir.objects;
    await writeFile(join(dir.gitDir, 'objects/info/alternates'), `${objects}\n`);
    return own;
  } catch (error) {
    await own.close();
    throw error;
  }
}
