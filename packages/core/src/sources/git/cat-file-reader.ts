/** Reads jobs of objects through `git cat-file`, inside a worker. */
import type { Job, ReaderContext, TextId, TextSink } from '../../types/index.ts';
import { type CatFile, createCatFile, readEach } from './cat-file-process.ts';
import type { GitDoor } from './door.ts';
import { createMeter } from '../meter.ts';
import { createLeftOut, pushObject, reportMissing, reportUnread, type TextPolicy } from './object-text.ts';
import { hashBytes, toHex } from './oid.ts';

export interface ObjectsJob extends Job, TextPolicy {
  readonly reader: 'git-cat-file';
  readonly door: GitDoor;
  /** Raw object ids, one after the other. */
  readonly ids: Uint8Array;
  /** What each object is called; without it, `git:<oid>`. */
  readonly objectsAs?: readonly ObjectAs[];
  /** A missing object is excluded as `missing-allowed`, not failed. */
  readonly allowMissing: boolean;
  /** For what is counted and has no place of its own. */
  readonly where: string;
}

export interface ObjectAs {
  readonly id: TextId;
  /** Where it is, in events. */
  readonly place: string;
  /** It is read only to be compared with: that it is left out by policy is no news. */
  readonly quiet?: boolean;
}

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
  const leftOut = createLeftOut(sink);
  const meter = createMeter(sink);
  const idOf = (index: number): string => job.objectsAs?.[index]?.id ?? `git:${toHex(job.ids, index, width)}`;
  const placeOf = (index: number): string | undefined => job.objectsAs?.[index]?.place;
  const isQuiet = (index: number): boolean => job.objectsAs?.[index]?.quiet === true;
  let next = 0;
  const reading = readEach(catFileOf(job.door), job.ids, width, ctx.signal, {
    maxBlobBytes: job.maxTextBytes,
    tooLarge(index, size) {
      if (!isQuiet(index))
        sink.notScanned({
          state: 'excluded',
          reason: 'too-large',
          where: placeOf(index) ?? idOf(index),
          detail: `${size} bytes`,
        });
      meter.add(0);
      next = index + 1;
    },
    object(index, type, bytes) {
      const reason = pushObject(idOf(index), type, bytes, sink);
      if (reason !== undefined && !isQuiet(index)) leftOut.add(reason, placeOf(index));
      meter.add(bytes.length);
      next = index + 1;
    },
    missing(index) {
      reportMissing(placeOf(index) ?? idOf(index), job.allowMissing, sink);
      meter.add(0);
    },
    corrupt(index) {
      sink.notScanned({ state: 'failed', reason: 'corrupt', where: placeOf(index) ?? idOf(index) });
      meter.add(0);
    },
    gaveUp(index, count) {
      sink.notScanned({
        state: 'failed',
        reason: 'corrupt',
        where: job.where,
        detail: `git read no object from ${idOf(index)} on`,
        count,
      });
    },
  });
  try {
    await reading;
  } catch (error) {
    if (ctx.signal.aborted && job.objectsAs !== undefined) reportUnread(job.objectsAs.slice(next), sink);
    throw error;
  }
  meter.flush();
  leftOut.report(job.where);
}
