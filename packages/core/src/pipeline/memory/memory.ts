/**
 * Where scans of a repository's history leave what they know for the next one. A cache: it may be lost at any time, and
 * what cannot be read or written costs a debug line and a longer scan.
 */
import { createHash, createHmac } from 'node:crypto';
import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Repository } from '../../sources/git/detect.ts';
import { realPathOf } from '../../sources/look.ts';
import type { SourceContext } from '../../types/index.ts';
import { readSealed, SealError, writeSealed } from './sealed-file.ts';

export interface MemoryOptions {
  /** A folder for this alone. */
  readonly directory: string;
  /** The user's key; undefined where none is kept, so that no other run could read what this one leaves. */
  readonly key: () => Uint8Array | undefined;
  /** Random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** Owner that the files must have; undefined on systems without owners. */
  readonly uid: number | undefined;
  /** False: nothing is taken from earlier scans; what this one knows takes its place. */
  readonly use: boolean;
  /** Of the program: another version may find other things. */
  readonly version: string;
}

/** `texts`: which objects were scanned, and what was found in them. `result`: what the last scan came to. */
export type MemoryPart = 'texts' | 'result';

export interface Memory {
  /** What `decode` makes of the stored part; undefined when there is none, or none that fits. */
  read<T>(part: MemoryPart, decode: (content: Buffer) => T | undefined): T | undefined;
  /** Where `encode` gives nothing, nothing is kept. That it cannot be encoded is told as if it could not be written. */
  write(part: MemoryPart, encode: () => readonly Uint8Array[] | undefined): void;
}

/** Two files for each repository. */
const MOST_FILES = 128;

/** Undefined where nothing can be kept. */
export function openMemory(
  repository: Repository,
  options: MemoryOptions,
  log: SourceContext['log'],
): Memory | undefined {
  const userKey = options.key();
  if (userKey === undefined) return undefined;
  const key = createHmac('sha256', userKey).update('unleak/history/v1').digest();
  const objects = join(repository.commonDir, 'objects');
  const name = createHash('sha256')
    .update(realPathOf(objects) ?? objects)
    .digest('hex')
    .slice(0, 32);
  const pathOf = (part: MemoryPart): string => join(options.directory, `${name}.${part}`);
  const said = new Set<string>();
  /** Once for both parts: what is wrong with one is wrong with the other. */
  const tell = (what: string, part: MemoryPart, why: string): void => {
    if (!said.has(what)) log('debug', `${what}: ${why}`, { file: pathOf(part) });
    said.add(what);
  };
  return {
    read(part, decode) {
      try {
        const content = readSealed(pathOf(part), { key, purpose: `${name}.${part}` }, options.uid);
        return content === undefined ? undefined : decode(content);
      } catch (error) {
        if (!isUnfit(error)) throw error;
        tell('what is known of the history from before is not used', part, error.message);
        return undefined;
      }
    },
    write(part, encode) {
      try {
        const content = encode();
        if (content === undefined) return;
        const suffix = `${Buffer.from(options.random(8)).toString('hex')}${ASIDE}`;
        writeSealed(pathOf(part), { key, purpose: `${name}.${part}` }, content, suffix);
        forgetOldest(pathOf(part));
      } catch (error) {
        if (!(error instanceof SealError) && !isTooMuch(error)) throw error;
        tell('what is known of the history is not kept', part, error.message);
      }
    },
  };
}

const ASIDE = '.tmp';
const HOUR = 3600 * 1000;

/** Sealed content is our own; that it cannot be understood means it is of another version. */
function isUnfit(error: unknown): error is Error {
  return error instanceof SealError || error instanceof SyntaxError || error instanceof TypeError || isTooMuch(error);
}

/** Of a history that is larger than a string, a block of bytes or a map may be. */
function isTooMuch(error: unknown): error is Error {
  return (
    error instanceof RangeError || (error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG')
  );
}

/** As files here are named. The folder may be a link to one that holds other things, which are none of our business. */
function isOurs(file: string): boolean {
  const [name = '', part = '', , end] = file.split('.');
  const isPart = part === 'texts' || part === 'result';
  return isPart && name.length === 32 && (end === undefined || `.${end}` === ASIDE);
}

/** Repositories come and go. Files that a killed process left half written go, too. */
function forgetOldest(newest: string): void {
  const directory = dirname(newest);
  try {
    const now = statSync(newest).mtimeMs;
    const files = readdirSync(directory)
      .filter(isOurs)
      .map((file) => ({ path: join(directory, file), time: lstatSync(join(directory, file)).mtimeMs }))
      .sort((a, b) => b.time - a.time);
    for (const [at, { path, time }] of files.entries())
      if (at >= MOST_FILES || (path.endsWith(ASIDE) && time < now - HOUR)) rmSync(path, { force: true });
  } catch {
    // Another process tidies at the same time.
  }
}
