/**
 * Objects that cannot be read where they were found first: from another pack, or loose. What is given has the content
 * that its id says.
 */
import { createHash } from 'node:crypto';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { hashBytes, toHex } from '../oid.ts';
import { type EntryTexts, openEntryTexts } from './entry-texts.ts';
import { entryHex, findEntry, type Forest } from './forest.ts';
import { readLoose, type StoredObject } from './loose.ts';
import { linkCopies, MOST_COPIES } from './object-copies.ts';
import { ObjectError } from './object-error.ts';
import { objectType } from './object-types.ts';

export interface OtherCopies {
  /** Another copy of an entry's object. */
  of(entry: number, most: number): Uint8Array | undefined;
  /** The base of an entry whose base is in no pack. */
  outside(entry: number, most: number): Uint8Array | undefined;
  close(): void;
}

/** Bytes that are put together for the sake of other copies; more is not tried. */
const WORK_BYTES = 4 * 1024 * 1024 * 1024;

export function openOtherCopies(forest: Forest, objectDirs: readonly string[]): OtherCopies {
  const memory = linearMemory();
  let texts: EntryTexts | undefined;
  let next: Int32Array | undefined;
  let looseBytes = 0;

  /** A copy in linear memory is copied out: it is in use only if the first one failed. */
  function packed(entry: number, most: number): Uint8Array | undefined {
    texts ??= openEntryTexts(forest);
    const path: number[] = [];
    for (let at = entry; at >= 0; at = forest.base[at] ?? -1) path.push(at);
    let pointer = -1;
    let size = 0;
    const release = (): void => {
      if (pointer >= 0) texts?.release(pointer, size);
    };
    const root = path.at(-1) ?? entry;
    if ((forest.base[root] ?? -1) < -1) {
      const base = outside(root, most);
      if (base === undefined || texts.adopt(base) !== undefined) return undefined;
      ({ pointer, size } = texts);
    }
    for (let at = path.pop(); at !== undefined; at = path.pop()) {
      const failure = texts.work > WORK_BYTES ? 'limit' : texts.build(at, pointer, size, most);
      release();
      if (failure !== undefined) return undefined;
      ({ pointer, size } = texts);
    }
    const bytes = memory.bytes.slice(pointer, pointer + size);
    release();
    return hasId(forest, entry, bytes) ? bytes : undefined;
  }

  function loose(oid: string, most: number): StoredObject | undefined {
    if (looseBytes > WORK_BYTES) return undefined;
    const found = readLooseCopy(objectDirs, oid, forest.hash, most);
    looseBytes += found?.bytes.length ?? 0;
    return found;
  }

  function outside(entry: number, most: number): Uint8Array | undefined {
    const index = indexOf(forest.outside.entries, entry);
    if (index < 0) return undefined;
    return loose(toHex(forest.outside.ids, index, hashBytes(forest.hash)), most)?.bytes;
  }

  return {
    of(entry, most) {
      next ??= linkCopies(forest.slots, forest.ids, forest.repeated);
      const first = findEntry(forest, forest.ids, entry * hashBytes(forest.hash));
      for (let copy = first, tried = 0; copy >= 0 && tried < MOST_COPIES; copy = next[copy] ?? -1, tried += 1) {
        if (copy === entry || forest.type[copy] !== forest.type[entry]) continue;
        const bytes = packed(copy, most);
        if (bytes !== undefined) return bytes;
      }
      const found = loose(entryHex(forest, entry), most);
      return found !== undefined && found.type === objectType(forest.type[entry]) ? found.bytes : undefined;
    },
    outside,
    close() {
      texts?.close();
      texts = undefined;
    },
  };
}

function indexOf(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle] ?? 0;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** A sound loose object; undefined when no directory has one. */
export function readLooseCopy(
  objectDirs: readonly string[],
  oid: string,
  hash: Forest['hash'],
  most: number,
): StoredObject | undefined {
  for (const directory of objectDirs) {
    try {
      const found = readLoose(directory, oid, most);
      if (found !== undefined && objectId(hash, found.type, found.bytes) === oid) return found;
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
    }
  }
  return undefined;
}

/** True when an entry's bytes are those that its id was made from. */
export function hasId(forest: Forest, entry: number, bytes: Uint8Array): boolean {
  return objectId(forest.hash, objectType(forest.type[entry]) ?? '', bytes) === entryHex(forest, entry);
}

export function objectId(hash: Forest['hash'], type: string, bytes: Uint8Array): string {
  return createHash(hash).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
