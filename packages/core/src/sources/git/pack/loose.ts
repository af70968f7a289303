/** Loose objects (gitrepository-layout, "objects/[0-9a-f][0-9a-f]"): zlib over `<type> <size>\0<content>`. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { ObjectType } from '../batch-parser.ts';
import { type HashName, hashBytes, isOid } from '../oid.ts';
import { ObjectError } from './object-error.ts';

export interface ObjectHeader {
  readonly type: ObjectType;
  readonly size: number;
}

export interface StoredObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 64;
const SYNC_FLUSH = 2;

/** Ids of the loose objects of one directory, sorted. */
export function listLoose(objects: string, hash: HashName): readonly string[] {
  const ids: string[] = [];
  for (const folder of names(objects)) {
    if (folder.length !== 2) continue;
    for (const name of names(join(objects, folder)))
      if (isOid(folder + name, hash) && name.length === hashBytes(hash) * 2 - 2) ids.push(folder + name);
  }
  return ids.sort();
}

function names(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Undefined when there is no such file. @throws ObjectError `corrupt` */
export function looseHeader(objects: string, oid: string): ObjectHeader | undefined {
  let file: number;
  try {
    file = openSync(pathOf(objects, oid), 'r');
  } catch {
    return undefined;
  }
  try {
    const bytes = new Uint8Array(512);
    const count = readSync(file, bytes, 0, bytes.length, 0);
    return parse(inflateSync(bytes.subarray(0, count), { finishFlush: SYNC_FLUSH })).header;
  } catch (error) {
    throw corrupt(error);
  } finally {
    closeSync(file);
  }
}

/** Undefined when there is no such file. @throws ObjectError `corrupt`, `too-large` */
export function readLoose(objects: string, oid: string, limit: number): StoredObject | undefined {
  const claimed = looseHeader(objects, oid);
  if (claimed === undefined) return undefined;
  if (claimed.size > limit) throw new ObjectError('too-large', `${claimed.size} bytes`);
  try {
    const total = claimed.size + HEADER_BYTES;
    const bytes = inflateSync(readFileSync(pathOf(objects, oid)), { chunkSize: total, maxOutputLength: total });
    const { header, contentAt } = parse(bytes);
    const content = bytes.subarray(contentAt);
    if (content.length !== header.size) throw new ObjectError('corrupt', 'an object has not the length it claims');
    return { type: header.type, bytes: content };
  } catch (error) {
    throw corrupt(error);
  }
}

function pathOf(objects: string, oid: string): string {
  return join(objects, oid.slice(0, 2), oid.slice(2));
}

function parse(bytes: Uint8Array): { readonly header: ObjectHeader; readonly contentAt: number } {
  const end = bytes.subarray(0, HEADER_BYTES).indexOf(0);
  const [type, size] = Buffer.from(bytes.subarray(0, Math.max(end, 0)))
    .toString('latin1')
    .split(' ');
  if (type !== 'blob' && type !== 'commit' && type !== 'tag' && type !== 'tree')
    throw new ObjectError('corrupt', 'an object has an unknown type');
  const length = Number(size);
  if (!Number.isSafeInteger(length) || length < 0) throw new ObjectError('corrupt', 'an object has no size');
  return { header: { type, size: length }, contentAt: end + 1 };
}

function corrupt(cause: unknown): ObjectError {
  return cause instanceof ObjectError ? cause : new ObjectError('corrupt', 'an object cannot be inflated', { cause });
}
