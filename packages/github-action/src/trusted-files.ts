/** Files that decide what counts, read from a commit and not from the checkout, which holds what a pull request brings. */
import { isAbsolute, relative, sep } from 'node:path';
import { operatorFiles, type ConfigFiles } from '@unleak/core';
import type { Git } from './objects/git.ts';

/** Files of a commit, by paths from its top. */
export function commitFiles(git: Git, commit: string): ConfigFiles {
  const known = new Map<string, string | undefined>();
  return {
    readText(path) {
      if (!known.has(path)) known.set(path, git.fileNow(commit, path));
      return known.get(path);
    },
  };
}

/**
 * Files that inputs name: those in the checkout as the trusted commit has them. One that it does not have is as the pull
 * request has it, if `fresh` is given, which is told the path; the runner's other files are as they are.
 */
export function namedFiles(checkout: string, trusted: ConfigFiles, fresh?: (path: string) => void): ConfigFiles {
  const onDisk = operatorFiles();
  return {
    readText(path) {
      const inside = relative(checkout, path);
      if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
        return onDisk.readText(path);
      const name = inside.split(sep).join('/');
      const text = trusted.readText(name);
      if (text !== undefined || fresh === undefined) return text;
      const ours = onDisk.readText(path);
      if (ours !== undefined) fresh(name);
      return ours;
    },
  };
}
