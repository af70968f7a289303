/**
 * Object directories that a repository borrows from (`objects/info/alternates`). The file belongs to the target, so an
 * entry may point anywhere. One inside the target is followed; one outside only when it belongs to the operator. Where
 * the system has no user ids the operator's access decides, as for any other file.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isInside } from '../inside.ts';

const MAX_DEPTH = 5;

export interface Alternates {
  /** Object directories that may be read, nearest first, without the target's own. */
  readonly followed: readonly string[];
  /** How many of these lie outside the target. */
  readonly outside: number;
  /** Entries that were not followed, as written in the file, with the reason. */
  readonly refused: readonly { readonly entry: string; readonly why: string }[];
}

export async function readAlternates(objects: string, root: string, uid: number | undefined): Promise<Alternates> {
  const followed: string[] = [];
  const refused: { entry: string; why: string }[] = [];
  let outside = 0;

  async function visit(directory: string, depth: number): Promise<void> {
    for (const entry of await entries(directory)) {
      const path = await realpath(resolve(directory, entry)).catch(() => undefined);
      if (path !== undefined && (path === objects || followed.includes(path))) continue;
      const verdict = await judge(path, root, uid, depth);
      if (typeof verdict === 'string') {
        refused.push({ entry, why: verdict });
        continue;
      }
      if (verdict.outside) outside += 1;
      followed.push(verdict.path);
      await visit(verdict.path, depth + 1);
    }
  }

  await visit(objects, 1);
  return { followed, outside, refused };
}

async function judge(
  path: string | undefined,
  root: string,
  uid: number | undefined,
  depth: number,
): Promise<{ path: string; outside: boolean } | string> {
  if (path === undefined) return 'it does not exist';
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return 'it is not a directory';
  if (depth > MAX_DEPTH) return 'it is nested too deeply';
  const outside = !isInside(path, root);
  if (outside && uid !== undefined && stats.uid !== uid)
    return 'it lies outside the target and belongs to another user';
  return { path, outside };
}

/** One path a line, relative to the object directory; `#` begins a comment. */
async function entries(directory: string): Promise<readonly string[]> {
  const text = await readFile(join(directory, 'info', 'alternates'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
