/**
 * Object directories that a repository borrows from (`objects/info/alternates`). The file belongs to the target, so an
 * entry may point anywhere. One inside the target is followed; one outside only when it belongs to the operator. Where
 * the system has no user ids the operator's access decides, as for any other file.
 */
import { join, resolve } from 'node:path';
import { realPathOf, statOf, textOf } from '../look.ts';
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

export function readAlternates(objects: string, root: string, uid: number | undefined): Alternates {
  const followed: string[] = [];
  const refused: { entry: string; why: string }[] = [];
  let outside = 0;

  function visit(directory: string, depth: number): void {
    for (const entry of entries(directory)) {
      const path = realPathOf(resolve(directory, entry));
      if (path !== undefined && (path === objects || followed.includes(path))) continue;
      const verdict = judge(path, root, uid, depth);
      if (typeof verdict === 'string') {
        refused.push({ entry, why: verdict });
        continue;
      }
      if (verdict.outside) outside += 1;
      followed.push(verdict.path);
      visit(verdict.path, depth + 1);
    }
  }

  visit(objects, 1);
  return { followed, outside, refused };
}

function judge(
  path: string | undefined,
  root: string,
  uid: number | undefined,
  depth: number,
): { path: string; outside: boolean } | string {
  if (path === undefined) return 'it does not exist';
  const stats = statOf(path);
  if (stats?.isDirectory() !== true) return 'it is not a directory';
  if (depth > MAX_DEPTH) return 'it is nested too deeply';
  const outside = !isInside(path, root);
  if (outside && uid !== undefined && stats.uid !== uid)
    return 'it lies outside the target and belongs to another user';
  return { path, outside };
}

/** One path a line, relative to the object directory; `#` begins a comment. */
function entries(directory: string): readonly string[] {
  const text = textOf(join(directory, 'info', 'alternates')) ?? '';
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
