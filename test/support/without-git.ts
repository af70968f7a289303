import { readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

/** A PATH with everything on it but git. */
export function pathWithoutGit(): string {
  const folder = tempFolder();
  const seen = new Set<string>();
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of namesIn(directory)) {
      // The first of two programs with one name counts.
      if (name === 'git' || name.startsWith('git-') || seen.has(name)) continue;
      seen.add(name);
      symlinkSync(join(directory, name), join(folder, name));
    }
  }
  return folder;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
