/**
 * One `git cat-file` that answers for many batches of objects. With git 2.36 and later the process is kept between
 * batches (`--batch-command` has `flush`); an older one is started for each.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { type BatchHandlers, createBatchParser, type ObjectType } from './batch-parser.ts';
import { drain, type GitDoor, hasBatchCommand, spawnGit } from './door.ts';
import { GitError } from './git-error.ts';
import { hashBytes } from './oid.ts';

export interface CatFile {
  /**
   * Asks for the objects with the ids in `ids` (raw, one after the other) and calls a handler for each, in order.
   * @returns how many were answered: fewer than asked when git died, as it does on a corrupt object.
   */
  read(ids: Uint8Array, handlers: BatchHandlers, signal: AbortSignal): Promise<number>;
  /** Ends the process that was kept. */
  close(): void;
}

/** Closed by the caller: its process does not end by itself. */
export function createCatFile(door: GitDoor): CatFile {
  return hasBatchCommand(door) ? keptProcess(door) : freshProcesses(door);
}

/** The same for as long as `use` takes: no process is left. */
export async function withCatFile<T>(door: GitDoor, use: (catFile: CatFile) => Promise<T>): Promise<T> {
  const catFile = createCatFile(door);
  try {
    return await use(catFile);
  } finally {
    catFile.close();
  }
}

export interface EachHandlers {
  /** Blobs above this are passed over, unread. Default: none are. */
  readonly maxBlobBytes?: number;
  tooLarge?(index: number, size: number): void;
  /** `bytes` is valid during the call only. */
  object(index: number, type: ObjectType, bytes: Uint8Array): void;
  missing(index: number): void;
  corrupt(index: number): void;
  /** git died on object after object; this one and those behind it, `count` in all, were not read. */
  gaveUp(index: number, count: number): void;
}

/** After so many deaths of git in a row without one object read, the rest is given up. */
const MAX_DEATHS = 100;

/** Reads all of `ids`; where git dies on one object, that one is corrupt and the reading goes on behind it. */
export async function readEach(
  catFile: CatFile,
  ids: Uint8Array,
  width: number,
  signal: AbortSignal,
  handlers: EachHandlers,
): Promise<void> {
  const total = ids.length / width;
  let done = 0;
  let deaths = 0;
  while (done < total) {
    let index = done;
    const answered = await catFile.read(
      ids.subarray(done * width),
      {
        accepts: (type, size) => type !== 'blob' || size <= (handlers.maxBlobBytes ?? Number.POSITIVE_INFINITY),
        skipped(_type, size) {
          handlers.tooLarge?.(index, size);
          index += 1;
        },
        object(type, bytes) {
          handlers.object(index, type, bytes);
          index += 1;
        },
        missing() {
          handlers.missing(index);
          index += 1;
        },
      },
      signal,
    );
    done += answered;
    if (done >= total) return;
    deaths = answered === 0 ? deaths + 1 : 1;
    // It never began, as a process that ended while it was idle: once more.
    if (deaths === 1 && answered === 0) continue;
    if (deaths > MAX_DEATHS) {
      handlers.gaveUp(done, total - done);
      return;
    }
    handlers.corrupt(done);
    done += 1;
  }
}

/** `prefix` + hex + LF for every id. */
function request(ids: Uint8Array, width: number, prefix: string): Buffer {
  const count = ids.length / width;
  const line = prefix.length + width * 2 + 1;
  const out = Buffer.allocUnsafe(count * line);
  const hex = Buffer.from(ids.buffer, ids.byteOffset, ids.length).toString('hex');
  for (let index = 0; index < count; index += 1) {
    const at = index * line;
    out.write(prefix, at, 'latin1');
    out.write(hex.slice(index * width * 2, (index + 1) * width * 2), at + prefix.length, 'latin1');
    out[at + line - 1] = 0x0a;
  }
  return out;
}

function freshProcesses(door: GitDoor): CatFile {
  return {
    async read(ids, handlers, signal) {
      const parser = createBatchParser(handlers);
      const child = spawnGit(door, ['cat-file', '--batch', '--buffer'], { signal });
      child.stdin.on('error', () => undefined);
      child.stdin.end(request(ids, hashBytes(door.hash), ''));
      try {
        await drain(child, { what: 'git cat-file', folder: door.gitDir }, (chunk) => parser.push(chunk));
      } catch (error) {
        if (!(error instanceof GitError) || error.code !== 'git-failed') throw error;
      }
      return parser.answers;
    },
    close: () => undefined,
  };
}

interface Kept {
  readonly child: ChildProcessWithoutNullStreams;
  /** Set while a batch is under way. */
  onData: (chunk: Uint8Array) => void;
  onEnd: (error: unknown) => void;
}

function keptProcess(door: GitDoor): CatFile {
  let kept: Kept | undefined;

  function start(): Kept {
    const child = spawnGit(door, ['cat-file', '--batch-command', '--buffer']);
    const process: Kept = { child, onData: () => undefined, onEnd: () => undefined };
    child.stdin.on('error', () => undefined);
    drain(child, { what: 'git cat-file', folder: door.gitDir }, (chunk) => process.onData(chunk)).then(
      () => end(process, undefined),
      (error: unknown) => end(process, error),
    );
    return process;
  }

  function end(process: Kept, error: unknown): void {
    if (kept === process) kept = undefined;
    process.onEnd(error);
  }

  function close(): void {
    kept?.child.stdin.end();
    kept = undefined;
  }

  async function read(ids: Uint8Array, handlers: BatchHandlers, signal: AbortSignal): Promise<number> {
    const width = hashBytes(door.hash);
    const count = ids.length / width;
    if (count === 0) return 0;
    kept ??= start();
    const process = kept;
    const parser = createBatchParser(handlers);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    process.onData = (chunk) => {
      parser.push(chunk);
      if (parser.answers === count && !parser.inside) resolve();
    };
    process.onEnd = (error) => {
      const isDeath = error === undefined || (error instanceof GitError && error.code === 'git-failed');
      if (isDeath && !signal.aborted) resolve();
      else reject(signal.aborted ? new GitError('aborted', 'reading objects was interrupted') : error);
    };
    const abort = (): void => {
      process.child.kill();
    };
    signal.addEventListener('abort', abort, { once: true });
    hold(process.child, true);
    if (signal.aborted) abort();
    process.child.stdin.write(request(ids, width, 'contents '));
    process.child.stdin.write('flush\n');
    try {
      await promise;
    } catch (error) {
      process.child.kill();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      process.onData = () => undefined;
      process.onEnd = () => undefined;
      hold(process.child, false);
    }
    return parser.answers;
  }

  return { read, close };
}

/** An idle process must not keep a worker, or a program, from ending: it ends by itself when its input closes. */
function hold(child: ChildProcessWithoutNullStreams, held: boolean): void {
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
    const it = handle as unknown as { ref?(): void; unref?(): void };
    if (held) it.ref?.();
    else it.unref?.();
  }
}
