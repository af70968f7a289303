/**
 * Objects of a repository without git: packs, loose objects and alternates, any of which may hold a copy. Whole objects
 * only: exact and plain, it serves where git is not installed and is the measure for faster readers.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { namesIn } from '../../look.ts';
import { fromHex, type HashName } from '../oid.ts';
import { applyDelta, deltaSizes } from './delta.ts';
import { looseHeader, type ObjectHeader, readLoose, type StoredObject } from './loose.ts';
import { ObjectError } from './object-error.ts';
import { openPack, type PackFile } from './pack-file.ts';
import { type PackIndex, readPackIndex } from './pack-index.ts';

/** Memory for bases that may be needed again. */
const CACHE_BYTES = 64 * 1024 * 1024;
const MAX_CACHED_BYTES = 8 * 1024 * 1024;
/** git makes chains of at most 4,095; this stops a made-up one. */
const MAX_CHAIN = 20_000;
/** A base must be in memory whole, also where the text made from it is small. */
const MAX_BASE_BYTES = 1024 * 1024 * 1024;

interface Pack {
  readonly number: number;
  readonly file: PackFile;
  /** Read on first use. */
  index(): PackIndex;
}

export interface ObjectDatabase {
  readonly hash: HashName;
  /** Reads an object from wherever a sound copy is. @throws ObjectError */
  read(oid: string, limit: number): StoredObject;
  /** Type and size. @throws ObjectError */
  header(oid: string): ObjectHeader;
  close(): void;
}

export function openDatabase(objectDirs: readonly string[], hash: HashName): ObjectDatabase {
  const packs = openPacks(objectDirs, hash);
  const cache = createCache();

  function locate(oid: string): { readonly pack: Pack; readonly offset: number }[] {
    const id = fromHex(oid);
    const places: { pack: Pack; offset: number }[] = [];
    for (const pack of packs) {
      const at = pack.index().find(id);
      if (at >= 0) places.push({ pack, offset: pack.index().offset(at) });
    }
    return places;
  }

  function readEntry(start: Pack, startOffset: number, limit: number): StoredObject {
    const deltas: { pack: Pack; offset: number; dataAt: number; size: number }[] = [];
    const seen = new Set<string>();
    let pack = start;
    let offset = startOffset;
    let found: StoredObject | undefined;
    while (found === undefined) {
      const key = `${pack.number}:${offset}`;
      found = cache.get(key);
      if (found !== undefined) break;
      if (seen.has(key)) throw new ObjectError('corrupt', 'a delta is its own base');
      seen.add(key);
      if (seen.size > MAX_CHAIN) throw new ObjectError('limit', 'a chain of deltas is too long');
      const header = pack.file.header(offset);
      if (header.base === undefined) {
        if (header.type === undefined) throw new ObjectError('corrupt', 'an entry has no type');
        const most = deltas.length === 0 ? limit : MAX_BASE_BYTES;
        if (header.size > most) throw new ObjectError('too-large', `${header.size} bytes`);
        found = { type: header.type, bytes: pack.file.inflate(header.dataAt, header.size) };
        cache.put(key, found);
        break;
      }
      deltas.push({ pack, offset, dataAt: header.dataAt, size: header.size });
      if ('offset' in header.base) {
        offset = header.base.offset;
        continue;
      }
      const place = locate(header.base.oid)[0];
      if (place === undefined) found = readAnyLoose(header.base.oid, MAX_BASE_BYTES);
      else ({ pack, offset } = place);
    }
    for (let delta = deltas.pop(); delta !== undefined; delta = deltas.pop()) {
      const instructions = delta.pack.file.inflate(delta.dataAt, delta.size);
      found = {
        type: found.type,
        bytes: applyDelta(found.bytes, instructions, deltas.length === 0 ? limit : MAX_BASE_BYTES),
      };
      cache.put(`${delta.pack.number}:${delta.offset}`, found);
    }
    if (found.bytes.length > limit) throw new ObjectError('too-large', `${found.bytes.length} bytes`);
    return found;
  }

  function readAnyLoose(oid: string, limit: number): StoredObject {
    let failure: ObjectError | undefined;
    for (const directory of objectDirs) {
      try {
        const found = readLoose(directory, oid, limit);
        if (found !== undefined) return found;
      } catch (error) {
        failure = objectError(error);
      }
    }
    throw failure ?? new ObjectError('missing', 'the object is missing');
  }

  /** The first copy that can be read and has the right id. */
  function readSound(oid: string, limit: number): StoredObject {
    let failure: ObjectError | undefined;
    for (const { pack, offset } of locate(oid)) {
      try {
        return verified(readEntry(pack, offset, limit), oid, hash);
      } catch (error) {
        failure ??= objectError(error);
      }
    }
    try {
      return verified(readAnyLoose(oid, limit), oid, hash);
    } catch (error) {
      throw failure ?? objectError(error);
    }
  }

  function headerAt(start: Pack, startOffset: number): ObjectHeader {
    const first = start.file.header(startOffset);
    if (first.type !== undefined) return { type: first.type, size: first.size };
    const { result: size } = deltaSizes(start.file.peek(first.dataAt, 64));
    let pack = start;
    let offset = startOffset;
    for (let steps = 0; steps < MAX_CHAIN; steps += 1) {
      const { type, base } = pack.file.header(offset);
      if (type !== undefined) return { type, size };
      if (base === undefined) break;
      if ('offset' in base) {
        offset = base.offset;
        continue;
      }
      const place = locate(base.oid)[0];
      if (place === undefined) return { type: looseHeaderOf(base.oid).type, size };
      ({ pack, offset } = place);
    }
    throw new ObjectError('limit', 'a chain of deltas is too long');
  }

  function looseHeaderOf(oid: string): ObjectHeader {
    for (const directory of objectDirs) {
      const header = looseHeader(directory, oid);
      if (header !== undefined) return header;
    }
    throw new ObjectError('missing', 'the object is missing');
  }

  return {
    hash,
    read: readSound,
    header(oid) {
      const place = locate(oid)[0];
      return place === undefined ? looseHeaderOf(oid) : headerAt(place.pack, place.offset);
    },
    close() {
      for (const pack of packs) pack.file.close();
    },
  };
}

/** An object is what its id says, or it is corrupt. */
function verified(object: StoredObject, oid: string, hash: HashName): StoredObject {
  const digest = createHash(hash).update(`${object.type} ${object.bytes.length}\0`).update(object.bytes).digest('hex');
  if (digest !== oid) throw new ObjectError('corrupt', 'an object has not the content that its id says');
  return object;
}

function objectError(error: unknown): ObjectError {
  if (error instanceof ObjectError) return error;
  if (error instanceof Error && 'syscall' in error)
    return new ObjectError('corrupt', 'a file cannot be read', { cause: error });
  throw error;
}

/** Packs that cannot be opened, or whose index cannot be read, have no objects here: the forest tells of them. */
function openPacks(objectDirs: readonly string[], hash: HashName): readonly Pack[] {
  const packs: Pack[] = [];
  for (const directory of objectDirs) {
    for (const name of indexNames(join(directory, 'pack'))) {
      const stem = join(directory, 'pack', name.slice(0, -'.idx'.length));
      const file = quietly(() => openPack(`${stem}.pack`, hash));
      let index: PackIndex | undefined;
      const readIndex = (): PackIndex => quietly(() => readPackIndex(`${stem}.idx`, hash)) ?? NO_OBJECTS;
      if (file !== undefined) packs.push({ number: packs.length, file, index: () => (index ??= readIndex()) });
    }
  }
  return packs;
}

const NO_OBJECTS: PackIndex = { count: 0, ids: new Uint8Array(0), offset: () => 0, find: () => -1 };

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    // What is no fault of the file is thrown.
    objectError(error);
    return undefined;
  }
}

function indexNames(directory: string): readonly string[] {
  return namesIn(directory)
    .filter((name) => name.endsWith('.idx'))
    .sort();
}

/** The bases used last. */
function createCache(): { get(key: string): StoredObject | undefined; put(key: string, object: StoredObject): void } {
  const entries = new Map<string, StoredObject>();
  let total = 0;
  return {
    get(key) {
      const object = entries.get(key);
      if (object !== undefined) {
        entries.delete(key);
        entries.set(key, object);
      }
      return object;
    },
    put(key, object) {
      if (object.bytes.length > MAX_CACHED_BYTES || entries.has(key)) return;
      entries.set(key, object);
      total += object.bytes.length;
      for (const [oldest, { bytes }] of entries) {
        if (total <= CACHE_BYTES) break;
        entries.delete(oldest);
        total -= bytes.length;
      }
    },
  };
}
