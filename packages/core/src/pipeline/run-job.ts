/** Runs one job where it is called: reads texts, scans each at once, and passes on what was found in small batches. */
import { OutOfMemory } from '../bytes/linear-memory.ts';
import { OutOfTime } from '../bytes/out-of-time.ts';
import type { Job, NotScanned, Text, TextReport, TextSink } from '../types/index.ts';
import { loadReader } from '../sources/readers.ts';
import type { JobMessage } from './messages.ts';
import type { TextScanner } from './text-scanner.ts';

const BATCH = 64;
/** Some times a second: each wakes the thread that listens. */
const PROGRESS_BYTES = 32 << 20;

/** Gives false for a job that was given up in the middle of a text, since time was over. */
export async function runJob(
  job: Job,
  scanner: TextScanner,
  post: (message: JobMessage) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { reader } = job;
  const read = await loadReader(reader);
  let reports: TextReport[] = [];
  let notScanned: NotScanned[] = [];
  let objects = 0;
  let bytes = 0;
  let texts = 0;

  const flushProgress = (): void => {
    if (objects + bytes + texts === 0) return;
    post({ type: 'progress', reader, objects, bytes, texts });
    objects = bytes = texts = 0;
  };
  const flush = (): void => {
    if (reports.length + notScanned.length === 0) return;
    post({ type: 'results', reader, reports, notScanned });
    reports = [];
    notScanned = [];
  };

  /** A text that is too much for memory is one that was not scanned, and no reason to give up the others. */
  function scanOne(text: Text): TextReport | undefined {
    try {
      return scanner.scan(text);
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error;
      sink.notScanned({ state: 'failed', reason: 'limit', where: text.id, detail: error.message });
      return undefined;
    }
  }

  const sink: TextSink = {
    text(text) {
      texts++;
      const report = scanOne(text);
      if (report === undefined) return;
      reports.push(report);
      if (reports.length >= BATCH) flush();
    },
    notScanned(event) {
      notScanned.push(event);
      if (notScanned.length >= BATCH) flush();
    },
    tell: (what) => post({ type: 'told', reader, what }),
    progress(doneObjects, doneBytes) {
      objects += doneObjects;
      bytes += doneBytes;
      if (bytes >= PROGRESS_BYTES) flushProgress();
    },
  };
  try {
    await read(job, sink, { signal });
    return true;
  } catch (error) {
    if (error instanceof OutOfTime) return false;
    // A reader that is told to stop may end in an error of its own.
    if (!signal.aborted) throw error;
    return true;
  } finally {
    flush();
    flushProgress();
  }
}
