import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Digests of files, and of all files below folders, by path. What does not exist has none. */
export function readFolders(root: string, places: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (path: string): void =>
    void found.set(
      path.slice(root.length + 1).replaceAll('\\', '/'),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    );
  for (const place of places) {
    const path = join(root, place);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true) add(path);
    if (stats?.isDirectory() !== true) continue;
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) add(join(entry.parentPath, entry.name));
  }
  return found;
}

/** Paths that differ between two such readings, or stand in one alone; sorted. */
export function changedFiles(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}
