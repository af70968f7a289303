import { neutralise, shellArgument } from '@unleak/core';

/** A path as an argument of a command to copy; undefined where it cannot be shown as it is. */
export function shellPath(path: string): string | undefined {
  return neutralise(path) === path ? shellArgument(path) : undefined;
}

/** An absolute path as a word of a command to copy, for the shells of a platform; undefined as above. */
export function shellWord(path: string, platform: NodeJS.Platform): string | undefined {
  if (platform !== 'win32') return shellPath(path);
  // Every shell of Windows reads slashes and double quotes, and a path there holds none of these.
  const word = path.replaceAll('\\', '/');
  if (neutralise(word) !== word) return undefined;
  return shellArgument(word) === word ? word : `"${word}"`;
}
