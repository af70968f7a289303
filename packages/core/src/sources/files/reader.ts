/** Reads jobs of files, inside a worker. One buffer serves all of them. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import type { Job, ReaderContext, TextSink } from '../../types/index.ts';
import { isBinary } from '../binary.ts';
import { createMeter } from '../meter.ts';
import { type HashName, hashBytes } from '../git/oid.ts';
import { isLfsPointer } from '../lfs-pointer.ts';
import { absolute, errorCode, type RelativePath, text } from './walk.ts';

export interface FilesJob extends Job {
  readonly reader: 'files';
  readonly root: string;
  readonly paths: readonly RelativePath[];
  readonly maxTextBytes: number;
  readonly scanBinary: boolean;
  /** Symbolic links were followed on the way, so a file may be opened through one. */
  readonly followSymlinks: boolean;
  /** Blob ids that the files have in the last commit, zeros for none: a file that still is that blob is passed over. */
  readonly known?: { readonly hash: HashName; readonly ids: Uint8Array };
}

const KEEP_BYTES = 32 * 1024 * 1024;
let store = new Uint8Array(256 * 1024);

export async function readFiles(job: FilesJob, sink: TextSink, ctx: ReaderContext): Promise<void> {
  const meter = createMeter(sink);
  for (const [index, path] of job.paths.entries()) {
    ctx.signal.throwIfAborted();
    meter.add(readFile(job, path, index, sink));
  }
  meter.flush();
  if (store.length > KEEP_BYTES) store = new Uint8Array(256 * 1024);
  await Promise.resolve();
}

/** Gives the number of bytes read. */
function readFile(job: FilesJob, path: RelativePath, index: number, sink: TextSink): number {
  const where = text(path);
  let file: number;
  try {
    // Between the walk and now the path may have become a pipe, on which opening would wait for ever, or a link.
    const noFollow = job.followSymlinks ? 0 : (constants.O_NOFOLLOW ?? 0);
    file = openSync(absolute(job.root, path), constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = errorCode(error);
    sink.notScanned({ state: 'failed', reason: code === 'ENOENT' ? 'not-found' : 'unreadable', where, detail: code });
    return 0;
  }
  try {
    const before = fstatSync(file, { bigint: true });
    if (!before.isFile()) {
      sink.notScanned({ state: 'excluded', reason: 'special-file', where });
      return 0;
    }
    const length = before.size > BigInt(job.maxTextBytes) ? -1 : readAll(file, Number(before.size), job.maxTextBytes);
    if (length < 0) {
      sink.notScanned({ state: 'excluded', reason: 'too-large', where, detail: `${before.size} bytes` });
      return 0;
    }
    if (hasChanged(before, fstatSync(file, { bigint: true }), length))
      sink.notScanned({ state: 'failed', reason: 'changed-while-read', where });
    push(job, store.subarray(0, length), where, index, sink);
    return length;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    sink.notScanned({ state: 'failed', reason: 'unreadable', where, detail: errorCode(error) });
    return 0;
  } finally {
    closeSync(file);
  }
}

function push(job: FilesJob, bytes: Uint8Array, where: string, index: number, sink: TextSink): void {
  if (job.known !== undefined && isKnown(bytes, job.known, index)) return;
  if (isLfsPointer(bytes)) sink.notScanned({ state: 'excluded', reason: 'lfs-pointer', where });
  else if (!job.scanBinary && isBinary(bytes)) sink.notScanned({ state: 'excluded', reason: 'binary', where });
  else sink.text({ id: `file:${where}`, bytes });
}

/** Reads to the end of the file, whatever size it claims to have; -1 when it is larger than `limit`. */
function readAll(file: number, size: number, limit: number): number {
  let length = 0;
  reserve(Math.min(size, limit) + 1, 0);
  for (;;) {
    const count = readSync(file, store, length, store.length - length, null);
    if (count === 0) return length;
    length += count;
    if (length > limit) return -1;
    if (length === store.length) reserve(length * 2, length);
  }
}

function reserve(capacity: number, used: number): void {
  if (store.length >= capacity) return;
  const larger = new Uint8Array(capacity);
  larger.set(store.subarray(0, used));
  store = larger;
}

/** Files of the kernel claim to be empty, and are not changed by that. */
function hasChanged(before: BigIntStats, after: BigIntStats, length: number): boolean {
  const isHonest = before.size > 0n || before.blocks > 0n;
  return before.size !== after.size || before.mtimeNs !== after.mtimeNs || (isHonest && BigInt(length) !== before.size);
}

function isKnown(
  bytes: Uint8Array,
  known: { readonly hash: HashName; readonly ids: Uint8Array },
  index: number,
): boolean {
  const width = hashBytes(known.hash);
  const id = known.ids.subarray(index * width, (index + 1) * width);
  if (id.every((byte) => byte === 0)) return false;
  return Buffer.compare(blobId(bytes, known.hash), id) === 0;
}

/** The id that git gives to a blob of these bytes. */
export function blobId(bytes: Uint8Array, hash: HashName): Uint8Array {
  return createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest();
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
