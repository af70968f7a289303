/** Reads jobs of objects with our own pack reader, inside a worker. */
import { setImmediate } from 'node:timers/promises';
import type { Job, ReaderContext, TextSink } from '../../types/index.ts';
import { createMeter } from '../meter.ts';
import { createLeftOut, pushObject, reportMissing, type TextPolicy } from './object-text.ts';
import { type HashName, hashBytes, toHex } from './oid.ts';
import { type ObjectDatabase, openDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';

export interface PackJob extends Job, TextPolicy {
  readonly reader: 'git-pack';
  /** Object directories, the target's first. */
  readonly objectDirs: readonly string[];
  readonly hash: HashName;
  /** Path of the pack that the offsets are in; undefined for loose objects. */
  readonly pack?: string;
  readonly ids: Uint8Array;
  readonly offsets: Float64Array;
  readonly allowMissing: boolean;
  readonly where: string;
}

/** Databases of this thread, by their directories. */
const databases = new Map<string, ObjectDatabase>();

function databaseOf(job: PackJob): ObjectDatabase {
  const key = JSON.stringify([job.hash, ...job.objectDirs]);
  let database = databases.get(key);
  if (database === undefined) {
    database = openDatabase(job.objectDirs, job.hash);
    databases.set(key, database);
  }
  return database;
}

/** Closes the files of this thread's databases. */
export function closeDatabases(): void {
  for (const database of databases.values()) database.close();
  databases.clear();
}

const OBJECTS_BETWEEN_PAUSES = 2048;

export async function readPackedObjects(job: PackJob, sink: TextSink, ctx: ReaderContext): Promise<void> {
  const database = databaseOf(job);
  const width = hashBytes(job.hash);
  const pack = database.packs.find(({ file }) => file.path === job.pack);
  const leftOut = createLeftOut(sink);
  const meter = createMeter(sink);
  const total = job.ids.length / width;
  for (let index = 0; index < total; index += 1) {
    if (index % OBJECTS_BETWEEN_PAUSES === 0) await setImmediate();
    ctx.signal.throwIfAborted();
    const oid = toHex(job.ids, index, width);
    const offset = job.offsets[index];
    let read = 0;
    try {
      const object =
        pack === undefined || offset === undefined
          ? database.read(oid, job.maxTextBytes)
          : database.readAt(pack, offset, oid, job.maxTextBytes);
      read = object.bytes.length;
      const reason = pushObject(`git:${oid}`, object.type, object.bytes, sink, job);
      if (reason !== undefined) leftOut.add(reason, undefined);
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
      reportObjectError(error, `git:${oid}`, job.allowMissing, sink);
    }
    meter.add(read);
  }
  meter.flush();
  leftOut.report(job.where);
}

function reportObjectError(error: ObjectError, where: string, allowMissing: boolean, sink: TextSink): void {
  if (error.code === 'too-large')
    sink.notScanned({ state: 'excluded', reason: 'too-large', where, detail: error.message });
  else if (error.code === 'missing') reportMissing(where, allowMissing, sink);
  else if (error.code === 'limit') sink.notScanned({ state: 'failed', reason: 'limit', where, detail: error.message });
  else sink.notScanned({ state: 'failed', reason: 'corrupt', where });
}
