import { neutralise } from '@unleak/core';
import { shellQuoted } from '../shell-quote.ts';

const PLAIN = /^[A-Za-z0-9_./@%+=:,-]+$/;

/** A path as an argument of a command to copy; undefined where it cannot be shown as it is. */
export function shellPath(path: string): string | undefined {
  if (neutralise(path) !== path) return undefined;
  return PLAIN.test(path) && !path.startsWith('-') ? path : shellQuoted(path);
}

/** An absolute path as a word of a command to copy, for the shells of a platform; undefined as above. */
export function shellWord(path: string, platform: NodeJS.Platform): string | undefined {
  if (platform !== 'win32') return shellPath(path);
  // Every shell of Windows reads slashes and double quotes, and a path there holds none of these.
  const word = path.replaceAll('\\', '/');
  if (neutralise(word) !== word) return undefined;
  return PLAIN.test(word) ? word : `"${word}"`;
}
