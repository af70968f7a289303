/** A worker thread, and what became of it. */
import { Worker } from 'node:worker_threads';
import { re2Module } from '../engine/regex.ts';
import type { Ruleset } from '../types/index.ts';
import type { TextScanSettings, WorkerSettings } from './messages.ts';

export interface StartedWorker {
  readonly worker: Worker;
  /** Why it ended; empty while it runs, or where it was not told. */
  readonly reason: string;
  readonly ended: Promise<void>;
}

export interface WorkerPurpose {
  /** As in Plan. */
  readonly changed?: Ruleset | undefined;
  /** False for jobs without texts. Default true. */
  readonly hasTexts?: boolean | undefined;
}

/** `url`: the module of a worker thread (pipeline/worker). */
export function startWorker(url: URL, settings: TextScanSettings, purpose: WorkerPurpose = {}): StartedWorker {
  const worker = new Worker(url, {
    workerData: forWorker(settings, purpose),
    // Texts lie in linear memory: what JavaScript makes of them is gone soon.
    resourceLimits: { maxYoungGenerationSizeMb: 6 },
    stdout: false,
    stderr: false,
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  let reason = '';
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', () => resolve());
  return {
    worker,
    get reason() {
      return reason;
    },
    ended: promise,
  };
}

function forWorker(
  settings: TextScanSettings,
  { changed, hasTexts = true }: WorkerPurpose,
): WorkerSettings | undefined {
  if (!hasTexts) return undefined;
  const { ruleset } = settings;
  return { ...settings, ruleset: ruleset.late === undefined ? ruleset : ruleset.digest, changed, re2: re2Module() };
}
