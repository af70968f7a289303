/** Reads jobs of objects through `git cat-file`, inside a worker. */
import type { Job, ReaderContext, TextSink } from '../../types/index.ts';
import { type CatFile, createCatFile, readEach } from './cat-file-process.ts';
import type { GitDoor } from './door.ts';
import { type LeftOut, pushObject, reportLeftOut, type TextPolicy } from './object-text.ts';
import { hashBytes, toHex } from './oid.ts';

export interface ObjectsJob extends Job, TextPolicy {
  readonly reader: 'git-cat-file';
  readonly door: GitDoor;
  /** Raw object ids, one after the other. */
  readonly ids: Uint8Array;
  /** Text id of each object; without it, `git:<oid>`. */
  readonly names?: readonly string[];
  /** A missing object is excluded as `missing-allowed`, not failed. */
  readonly allowMissing: boolean;
  /** For what is counted and has no place of its own. */
  readonly where: string;
}

const PROGRESS_BYTES = 4 * 1024 * 1024;

/** One process for each door that this thread reads from. */
const processes = new Map<string, CatFile>();

function catFileOf(door: GitDoor): CatFile {
  let process = processes.get(door.gitDir);
  if (process === undefined) {
    process = createCatFile(door);
    processes.set(door.gitDir, process);
  }
  return process;
}

/** Ends this thread's process for a door. It would also end by itself with the thread. */
export function closeCatFile(door: GitDoor): void {
  processes.get(door.gitDir)?.close();
  processes.delete(door.gitDir);
}

export async function readObjects(job: ObjectsJob, sink: TextSink, ctx: ReaderContext): Promise<void> {
  const width = hashBytes(job.door.hash);
  const leftOut: LeftOut = { binary: 0, lfsPointers: 0 };
  const meter = createMeter(sink);
  const idOf = (index: number): string => job.names?.[index] ?? `git:${toHex(job.ids, index, width)}`;
  await readEach(catFileOf(job.door), job.ids, width, ctx.signal, {
    object(index, type, bytes) {
      pushObject(idOf(index), type, bytes, sink, job, leftOut);
      meter.add(bytes.length);
    },
    missing(index) {
      reportMissing(idOf(index), job.allowMissing, sink);
      meter.add(0);
    },
    corrupt(index) {
      sink.notScanned({ state: 'failed', reason: 'corrupt', where: idOf(index) });
      meter.add(0);
    },
    gaveUp(index, count) {
      sink.notScanned({ state: 'failed', reason: 'corrupt', where: job.where, detail: `git read no object from ${idOf(index)} on`, count });
    },
  });
  meter.flush();
  reportLeftOut(leftOut, job.where, sink);
}

export function reportMissing(where: string, allowed: boolean, sink: Pick<TextSink, 'notScanned'>): void {
  if (allowed) sink.notScanned({ state: 'excluded', reason: 'missing-allowed', where });
  else sink.notScanned({ state: 'failed', reason: 'missing', where });
}

/** Progress in pieces that are worth a message. */
export function createMeter(sink: Pick<TextSink, 'progress'>): { add(bytes: number): void; flush(): void } {
  let objects = 0;
  let read = 0;
  function flush(): void {
    if (objects > 0) sink.progress(objects, read);
    objects = 0;
    read = 0;
  }
  return {
    add(bytes) {
      objects += 1;
      read += bytes;
      if (read >= PROGRESS_BYTES || objects >= 4096) flush();
    },
    flush,
  };
}
