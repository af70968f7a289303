/**
 * Small questions to the file system, answered at once: undefined, or nothing, where it has no answer. Waiting for one
 * file after the other costs more than reading them.
 */
import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';

function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** An error takes longer to make than the question to answer. */
const WITHOUT_ERROR = { throwIfNoEntry: false } as const;

export function statOf(path: string): Stats | undefined {
  return attempt(() => statSync(path, WITHOUT_ERROR));
}

/** Of a symbolic link, the link itself. */
export function linkStatOf(path: string | Buffer): Stats | undefined {
  return attempt(() => lstatSync(path, WITHOUT_ERROR));
}

export function isDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}

export function realPathOf(path: string): string | undefined {
  return attempt(() => realpathSync.native(path));
}

export function textOf(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | undefined {
  return attempt(() => readFileSync(path, encoding));
}

export function namesIn(directory: string): readonly string[] {
  return attempt(() => readdirSync(directory)) ?? [];
}

export function entriesIn(directory: string): readonly Dirent[] {
  return attempt(() => readdirSync(directory, { withFileTypes: true })) ?? [];
}
