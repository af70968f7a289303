/** A text that the caller already has, such as standard input. */
import type { Job, Located, Plan, ReaderContext, Source, TextSink } from '../types/index.ts';
import { DEFAULT_MAX_TEXT_BYTES } from './limits.ts';

export interface StdinOptions {
  readonly bytes: Uint8Array;
  /** Path in sightings. Default `stdin`. */
  readonly name?: string;
  readonly maxTextBytes?: number;
}

export interface StdinJob extends Job {
  readonly reader: 'stdin';
  readonly bytes: Uint8Array;
  readonly maxTextBytes: number;
}

const TEXT = 'stdin';

export function createStdinSource(options: StdinOptions): Source {
  const name = options.name ?? TEXT;
  return {
    plan(): Promise<Plan> {
      const job: StdinJob = {
        reader: 'stdin',
        weight: options.bytes.length,
        objects: 1,
        bytes: options.bytes,
        maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
      };
      return Promise.resolve({ jobs: [job], describes: 'standard input', facts: {} });
    },
    attribute(hits): Promise<readonly Located[]> {
      const located = (hits.get(TEXT) ?? []).map((hit): Located => ({
        text: TEXT,
        hit,
        sighting: {
          kind: 'stdin',
          path: name,
          line: hit.line,
          column: hit.column,
          endLine: hit.endLine,
          endColumn: hit.endColumn,
          ...(hit.decoded.length === 0 ? {} : { decoded: hit.decoded }),
        },
      }));
      return Promise.resolve(located);
    },
    close: () => Promise.resolve(),
  };
}

/** What is given on purpose is scanned whatever it looks like. */
export function readGiven(job: StdinJob, sink: TextSink, _ctx: ReaderContext): Promise<void> {
  if (job.bytes.length > job.maxTextBytes) {
    sink.notScanned({ state: 'excluded', reason: 'too-large', where: TEXT, detail: `${job.bytes.length} bytes` });
  } else {
    sink.text({ id: TEXT, bytes: job.bytes });
  }
  sink.progress(1, job.bytes.length);
  return Promise.resolve();
}
