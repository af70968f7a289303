import { neutralise } from '@unleak/core';
import { shellQuoted } from '../shell-quote.ts';

/** A path as an argument of a command to copy; undefined where it cannot be shown as it is. */
export function shellPath(path: string): string | undefined {
  if (neutralise(path) !== path) return undefined;
  return /^[A-Za-z0-9_./@%+=:,-]+$/.test(path) && !path.startsWith('-') ? path : shellQuoted(path);
}
