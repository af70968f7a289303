/**
 * A few objects of a repository. What was staged or committed a moment ago is loose, and is looked for there first; small
 * files are read and inflated at once.
 */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { linkStatOf } from '../look.ts';
import type { HashName } from './oid.ts';
import { readLoose, type StoredObject } from './pack/loose.ts';
import { type ObjectDatabase, openDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';

export interface Objects {
  /** @throws ObjectError */
  read(oid: string, limit: number): StoredObject;
  close(): void;
}

export function openObjects(objectDirs: readonly string[], hash: HashName): Objects {
  let database: ObjectDatabase | undefined;

  function loose(oid: string, limit: number): StoredObject | undefined {
    for (const directory of objectDirs) {
      try {
        const found = readSmall(directory, oid, limit) ?? readLoose(directory, oid, limit);
        if (found !== undefined) return found;
      } catch (error) {
        // There may be a sound copy elsewhere.
        if (!(error instanceof ObjectError) || error.code === 'too-large') throw error;
      }
    }
    return undefined;
  }

  return {
    read(oid, limit) {
      const found = loose(oid, limit);
      if (found !== undefined) return found;
      database ??= openDatabase(objectDirs, hash);
      return database.read(oid, limit);
    },
    close() {
      database?.close();
      database = undefined;
    },
  };
}

/** Of so many bytes deflate makes 64 MiB at most. */
const SMALL_BYTES = 64 * 1024;
const HEADER_BYTES = 64;
const TYPES: readonly StoredObject['type'][] = ['blob', 'commit', 'tag', 'tree'];

/** Undefined for everything but a plain object in a small file: whoever looks closer says what it is. */
function readSmall(directory: string, oid: string, limit: number): StoredObject | undefined {
  const path = `${directory}/${oid.slice(0, 2)}/${oid.slice(2)}`;
  const stats = linkStatOf(path);
  if (stats?.isFile() !== true || stats.size > SMALL_BYTES) return undefined;
  try {
    const bytes = inflateSync(readFileSync(path), { maxOutputLength: limit + HEADER_BYTES });
    const end = bytes.indexOf(0);
    const [name, size] = bytes.toString('latin1', 0, Math.min(Math.max(end, 0), HEADER_BYTES)).split(' ');
    const type = TYPES.find((known) => known === name);
    const content = bytes.subarray(end + 1);
    if (type === undefined || size !== String(content.length) || content.length > limit) return undefined;
    return { type, bytes: content };
  } catch {
    return undefined;
  }
}
