/** Reads jobs of a few objects from the files of a repository, without git. */
import { OutOfTime } from '../../bytes/out-of-time.ts';
import type { Job, ReaderContext, TextSink } from '../../types/index.ts';
import { createBreath } from '../breath.ts';
import { createMeter } from '../meter.ts';
import type { ObjectAs } from './cat-file-reader.ts';
import { createLeftOut, pushObject, reportMissing, reportUnread, type TextPolicy } from './object-text.ts';
import { openObjects } from './objects.ts';
import { type HashName, hashBytes, toHex } from './oid.ts';
import { ObjectError } from './pack/object-error.ts';

export interface StagedJob extends Job, TextPolicy {
  readonly reader: 'git-staged';
  /** Object directories, the repository's own first. */
  readonly objectDirs: readonly string[];
  readonly hash: HashName;
  /** Raw object ids, one after the other. */
  readonly ids: Uint8Array;
  /** What each object is called. */
  readonly objectsAs: readonly ObjectAs[];
  /** A missing object is excluded as `missing-allowed`, not failed. */
  readonly allowMissing: boolean;
  /** For what is counted and has no place of its own. */
  readonly where: string;
}

/** How much is read before a signal is looked for again. */
const BREATH_BYTES = 256 * 1024;

export async function readStaged(job: StagedJob, sink: TextSink, ctx: ReaderContext): Promise<void> {
  const objects = openObjects(job.objectDirs, job.hash);
  const width = hashBytes(job.hash);
  const leftOut = createLeftOut(sink);
  const meter = createMeter(sink);
  const breath = createBreath(BREATH_BYTES);
  try {
    for (const [index, { id, place, quiet = false }] of job.objectsAs.entries()) {
      await breath.take();
      if (ctx.signal.aborted) {
        reportUnread(job.objectsAs.slice(index), sink);
        break;
      }
      let read = 0;
      try {
        const { type, bytes } = objects.read(toHex(job.ids, index, width), job.maxTextBytes);
        read = bytes.length;
        const reason = pushObject(id, type, bytes, sink);
        if (reason !== undefined && !quiet) leftOut.add(reason, place);
      } catch (error) {
        if (error instanceof OutOfTime) {
          reportUnread(job.objectsAs.slice(index), sink);
          break;
        }
        if (!(error instanceof ObjectError)) throw error;
        report(error, place, quiet);
      }
      meter.add(read);
      breath.spend(read);
    }
  } finally {
    objects.close();
  }
  meter.flush();
  leftOut.report(job.where);

  function report(error: ObjectError, where: string, quiet: boolean): void {
    if (error.code === 'too-large') {
      if (!quiet) sink.notScanned({ state: 'excluded', reason: 'too-large', where, detail: error.message });
    } else if (error.code === 'missing') reportMissing(where, job.allowMissing, sink);
    else sink.notScanned({ state: 'failed', reason: 'corrupt', where });
  }
}
