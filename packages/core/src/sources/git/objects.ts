/** Objects of a repository, a few of them: what was staged or committed a moment ago is loose, and is looked for there first. */
import { readLoose, type StoredObject } from './pack/loose.ts';
import { type ObjectDatabase, openDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import type { HashName } from './oid.ts';

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
        const found = readLoose(directory, oid, limit);
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
