/** Reads jobs of files, inside a worker: straight into linear memory, where the engine scans them. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { linearMemory } from '../../bytes/linear-memory.ts';
import type { Job, ReaderContext, TextSink } from '../../types/index.ts';
import { isBinary, SNIFF_BYTES } from '../binary.ts';
import { type HashName, hashBytes } from '../git/oid.ts';
import { packKernel } from '../git/pack/kernel.ts';
import { isLfsPointer } from '../lfs-pointer.ts';
import { createMeter } from '../meter.ts';
import { errorCode } from './directory.ts';
import { absolute, type RelativePath, text } from './relative-path.ts';

export interface FilesJob extends Job {
  readonly reader: 'files';
  readonly root: string;
  readonly paths: readonly RelativePath[];
  readonly maxTextBytes: number;
  /** Symbolic links were followed on the way, so a file may be opened through one. */
  readonly followSymlinks: boolean;
  /**
   * Milliseconds since 1970, a while before the scan. What was changed last before that, as is said after it was read,
   * did not change while it was read.
   */
  readonly begun: number;
  /** Blob ids that the files have in the last commit, zeros for none: a file that still is that blob is passed over. */
  readonly known?: { readonly hash: HashName; readonly ids: Uint8Array };
}

/** File systems tell times in steps of up to two seconds, and by a clock of their own. */
export const CLOCK_SLACK_MS = 3000;

/** That the engine wants behind a text. */
const ROOM = 64;
const KEEP_BYTES = 32 * 1024 * 1024;
const FIRST_BYTES = 256 * 1024;
/** One block serves all files of this thread. */
let block: { readonly pointer: number; readonly size: number } | undefined;

export async function readFiles(job: FilesJob, sink: TextSink, ctx: ReaderContext): Promise<void> {
  const meter = createMeter(sink);
  for (const [index, path] of job.paths.entries()) {
    ctx.signal.throwIfAborted();
    meter.add(readFile(job, path, index, sink));
  }
  meter.flush();
  if (block !== undefined && block.size > KEEP_BYTES) release();
  await Promise.resolve();
}

/** Gives the number of bytes read. */
function readFile(job: FilesJob, path: RelativePath, index: number, sink: TextSink): number {
  const where = text(path);
  let file: number;
  try {
    // Between the walk and now the path may have become a pipe, on which opening would wait for ever, or a link.
    file = openSync(absolute(job.root, path), job.followSymlinks ? READ : READ_NO_LINK);
  } catch (error) {
    const code = errorCode(error);
    sink.notScanned({ state: 'failed', reason: code === 'ENOENT' ? 'not-found' : 'unreadable', where, detail: code });
    return 0;
  }
  let length: number;
  try {
    length = readAtOnce(job, file);
    if (length < 0) length = readOpen(job, file, where, sink);
  } finally {
    closeSync(file);
  }
  if (length >= 0) push(job, length, where, index, sink);
  return Math.max(0, length);
}

/**
 * Most files are old and small: one question for their bytes, and one for their size and time, which then tells that these
 * are all, and were not changed meanwhile. Gives the length, -1 for a file that is to be read with more care.
 */
function readAtOnce(job: FilesJob, file: number): number {
  const start = reserve(0, 0);
  const room = Math.min((block?.size ?? 0) - ROOM, job.maxTextBytes + 1);
  let length: number;
  try {
    length = readSync(file, linearMemory().bytes, start, room, null);
  } catch {
    return -1;
  }
  if (length === 0 || length === room) return -1;
  const { size, mtimeMs } = fstatSync(file);
  // What is no file has no size, or gives no bytes.
  return size === length && mtimeMs < job.begun ? length : -1;
}

/** Into the block; gives the length, -1 for what is not to be scanned. */
function readOpen(job: FilesJob, file: number, where: string, sink: TextSink): number {
  try {
    const before = fstatSync(file);
    if (!before.isFile()) {
      sink.notScanned({ state: 'excluded', reason: 'special-file', where });
      return -1;
    }
    const length = before.size > job.maxTextBytes ? -1 : readAll(file, before.size, job.maxTextBytes);
    if (length < 0) sink.notScanned({ state: 'excluded', reason: 'too-large', where, detail: `${before.size} bytes` });
    else if (hasChanged(before, fstatSync(file), length))
      sink.notScanned({ state: 'failed', reason: 'changed-while-read', where });
    return length;
  } catch (error) {
    // More than linear memory can hold.
    if (error instanceof RangeError)
      sink.notScanned({ state: 'failed', reason: 'limit', where, detail: error.message });
    else if (isSystemError(error))
      sink.notScanned({ state: 'failed', reason: 'unreadable', where, detail: errorCode(error) });
    else throw error;
    return -1;
  }
}

const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const READ_NO_LINK = READ | (constants.O_NOFOLLOW ?? 0);

function push(job: FilesJob, length: number, where: string, index: number, sink: TextSink): void {
  const start = reserve(length, 0);
  const bytes = linearMemory().bytes.subarray(start, start + length);
  if (job.known !== undefined && isKnown(bytes, job.known, index)) return;
  if (isLfsPointer(bytes)) sink.notScanned({ state: 'excluded', reason: 'lfs-pointer', where });
  else if (isBinary(bytes, hasNul(start, length))) sink.notScanned({ state: 'excluded', reason: 'binary', where });
  else sink.text({ id: `file:${where}`, bytes });
}

/** Of what is looked at to tell text from other files. */
function hasNul(start: number, length: number): boolean {
  return packKernel().hasZero(start, Math.min(length, SNIFF_BYTES)) !== 0;
}

/**
 * Reads to the end of the file into the block, whatever size it claims to have; -1 when it is larger than `limit`. Who
 * has read as many bytes as it claims is at its end, or will see by its size that it has grown.
 */
function readAll(file: number, size: number, limit: number): number {
  let length = 0;
  let capacity = Math.min(size, limit) + 1;
  for (;;) {
    const start = reserve(capacity, length);
    const count = readSync(file, linearMemory().bytes, start + length, capacity - length, length);
    length += count;
    if (length > limit) return -1;
    if (count === 0 || (length === size && size > 0)) return length;
    if (length === capacity) capacity = Math.max(capacity * 2, FIRST_BYTES);
  }
}

/** The start of a block with room for so many bytes; the first `used` are what they were. */
function reserve(bytes: number, used: number): number {
  if (block !== undefined && block.size >= bytes + ROOM) return block.pointer;
  const memory = linearMemory();
  if (used === 0) release();
  const size = Math.max(bytes + ROOM, FIRST_BYTES);
  const larger = { pointer: memory.allocate(size), size };
  if (block !== undefined) memory.bytes.copyWithin(larger.pointer, block.pointer, block.pointer + used);
  release();
  block = larger;
  return larger.pointer;
}

function release(): void {
  if (block !== undefined) linearMemory().free(block.pointer, block.size);
  block = undefined;
}

/** Files of the kernel claim to be empty, and are not changed by that. */
function hasChanged(before: Stats, after: Stats, length: number): boolean {
  const isHonest = before.size > 0 || before.blocks > 0;
  return before.size !== after.size || before.mtimeMs !== after.mtimeMs || (isHonest && length !== before.size);
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
