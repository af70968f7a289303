/** Loose objects (gitrepository-layout, "objects/[0-9a-f][0-9a-f]"): zlib over `<type> <size>\0<content>`. */
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { namesIn } from '../../look.ts';
import type { ObjectType } from '../batch-parser.ts';
import { type HashName, hashBytes, isOid } from '../oid.ts';
import { ObjectError } from './object-error.ts';
import { readPlain } from './plain-file.ts';

export interface ObjectHeader {
  readonly type: ObjectType;
  readonly size: number;
}

export interface StoredObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 64;
/** Enough of a file to find the header in. */
const HEAD_BYTES = 512;
const SYNC_FLUSH = 2;

/** Ids of the loose objects of one directory, sorted. */
export function listLoose(objects: string, hash: HashName): readonly string[] {
  const ids: string[] = [];
  for (const folder of namesIn(objects)) {
    if (folder.length !== 2) continue;
    for (const name of namesIn(join(objects, folder)))
      if (isOid(folder + name, hash) && name.length === hashBytes(hash) * 2 - 2) ids.push(folder + name);
  }
  return ids.sort();
}

/** Undefined when there is no such file. @throws ObjectError `corrupt` */
export function looseHeader(objects: string, oid: string): ObjectHeader | undefined {
  const bytes = readFile(objects, oid, HEAD_BYTES);
  return bytes === undefined ? undefined : headerOf(bytes);
}

/** Undefined when there is no such file. @throws ObjectError `corrupt`, `too-large` */
export function readLoose(objects: string, oid: string, limit: number): StoredObject | undefined {
  const claimed = looseHeader(objects, oid);
  if (claimed === undefined) return undefined;
  if (claimed.size > limit) throw new ObjectError('too-large', `${claimed.size} bytes`);
  const total = claimed.size + HEADER_BYTES;
  // Deflate adds at most a little to what it cannot compress.
  const stored = readFile(objects, oid, total + (total >> 10) + 1024);
  if (stored === undefined) return undefined;
  try {
    const bytes = inflateSync(stored, { chunkSize: total, maxOutputLength: total });
    const { header, contentAt } = parse(bytes);
    const content = bytes.subarray(contentAt);
    if (content.length !== header.size) throw new ObjectError('corrupt', 'an object has not the length it claims');
    return { type: header.type, bytes: content };
  } catch (error) {
    throw corrupt(error);
  }
}

/** Undefined when it cannot be opened. */
function readFile(objects: string, oid: string, most: number): Buffer | undefined {
  try {
    return readPlain(pathOf(objects, oid), most);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && error.syscall === 'open') return undefined;
    throw corrupt(error);
  }
}

function headerOf(bytes: Uint8Array): ObjectHeader {
  try {
    return parse(inflateSync(bytes.subarray(0, HEAD_BYTES), { finishFlush: SYNC_FLUSH })).header;
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
