/** Where configuration is read from. One small interface, so that it can also come from a commit. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { ConfigError } from './error.ts';
import type { ConfigErrorCode } from './error.ts';

export interface ConfigFiles {
  /**
   * The text, or undefined if there is no such file. Paths are absolute for the operator's files; for a target's,
   * relative to its root with `/`, and never with `..`.
   * @throws ConfigError for a file that is there and cannot be used
   */
  readText(path: string): string | undefined;
}

/** Baselines are the largest files that are read here. */
const MAX_CONFIG_BYTES = 64 << 20;

/** The operator's files, by absolute path. */
export function operatorFiles(): ConfigFiles {
  return { readText: (path) => read(path, path) };
}

/** Files of a scanned directory. A symbolic link that leads out of it is an error: what is scanned may not read elsewhere. */
export function targetFiles(root: string): ConfigFiles {
  return {
    readText(path) {
      const full = join(root, path);
      const real = realPath(full);
      if (real === undefined) return undefined;
      const inside = relative(realpathSync.native(root), real);
      if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
        throw problem('outside-target', path, 'is a symbolic link that leaves the scanned directory');
      }
      return read(real, path);
    },
  };
}

/** Files that are known beforehand, such as those of a commit. */
export function givenFiles(texts: Readonly<Record<string, string>>): ConfigFiles {
  return { readText: (path) => (Object.hasOwn(texts, path) ? texts[path] : undefined) };
}

function read(path: string, name: string): string | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw problem('unreadable', name, 'is not a file');
    if (stat.size > MAX_CONFIG_BYTES) throw problem('too-large', name, `is larger than ${MAX_CONFIG_BYTES >> 20} MiB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof ConfigError) throw error;
    throw problem('unreadable', name, `cannot be read (${codeOf(error)})`);
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw problem('unreadable', path, `cannot be read (${codeOf(error)})`);
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function problem(code: ConfigErrorCode, file: string, message: string): ConfigError {
  return new ConfigError([{ code, file, message }]);
}
