/**
 * Runs the jobs of a plan: in this thread when they are few bytes, else in worker threads. Each worker holds one job and
 * has one waiting, so memory is bounded by workers, not by jobs. Results come in any order; callers sort.
 */
import { Worker } from 'node:worker_threads';
import { re2Module } from '../engine/regex.ts';
import type { Job, NotScanned, Ruleset } from '../types/index.ts';
import { JobQueue } from './job-queue.ts';
import type { FromWorker, JobMessage, TextScanSettings, ToWorker, WorkerSettings } from './messages.ts';
import { runJob } from './run-job.ts';
import { createTextScanner } from './text-scanner.ts';

/** Below this many bytes of work, starting a worker costs more than it saves. */
export const INLINE_BYTES: number = 4 << 20;

export interface PoolOptions {
  readonly settings: TextScanSettings;
  /** See Plan. */
  readonly changed?: Ruleset | undefined;
  readonly workers: number;
  /** The module of a worker thread (pipeline/worker). */
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  onMessage(message: JobMessage): void;
}

/** `later`: jobs that are still being looked for; workers start on those that are there. */
export async function runJobs(jobs: readonly Job[], options: PoolOptions, later?: AsyncIterable<Job>): Promise<void> {
  const coming = later?.[Symbol.asyncIterator]() ?? NOTHING;
  const first = [...jobs];
  let weight = first.reduce((sum, job) => sum + job.weight, 0);
  let isComplete = later === undefined;
  while (!isComplete && weight < INLINE_BYTES) {
    const next = await coming.next();
    if (next.done === true) isComplete = true;
    else {
      first.push(next.value);
      weight += next.value.weight;
    }
  }
  if (isComplete && weight < INLINE_BYTES) return first.length === 0 ? undefined : runInline(first, options);
  const queue = new JobQueue(first);
  const count = Math.max(1, isComplete ? Math.min(options.workers, first.length) : options.workers);
  const working = Promise.all(Array.from({ length: count }, () => runWorker(queue, options)));
  try {
    while (!isComplete && !options.signal.aborted) {
      const next = await coming.next();
      if (next.done === true) isComplete = true;
      else queue.add(next.value);
    }
  } finally {
    queue.complete();
    await working;
  }
}

const NOTHING: Pick<AsyncIterator<Job, unknown>, 'next'> = {
  next: () => Promise.resolve({ done: true, value: undefined }),
};

async function runInline(jobs: readonly Job[], options: PoolOptions): Promise<void> {
  const scanner = createTextScanner(options.settings, options.changed);
  for (const job of jobs) {
    if (options.signal.aborted) return;
    await runJob(job, scanner, (message) => options.onMessage(message), options.signal);
  }
}

const PER_WORKER = 2;

/** One worker until the queue is empty. A worker that dies is replaced; its jobs are reported as failed. */
async function runWorker(queue: JobQueue, options: PoolOptions): Promise<void> {
  for (;;) {
    const lost = await workUntilDeath(queue, options);
    // What an interrupt leaves undone is told once, for all workers.
    if (lost === undefined || options.signal.aborted) return;
    for (const job of lost.jobs)
      options.onMessage({ type: 'lost', reader: job.reader, notScanned: [failed(job, lost.reason)] });
  }
}

function failed(job: Job, reason: string): NotScanned {
  return {
    state: 'failed',
    reason: 'limit',
    where: `${job.objects} objects`,
    detail: `a worker stopped: ${reason}`,
    count: job.objects,
  };
}

interface Death {
  readonly jobs: readonly Job[];
  readonly reason: string;
}

function forWorker({ settings, changed }: PoolOptions): WorkerSettings {
  const { ruleset } = settings;
  return { ...settings, ruleset: ruleset.late === undefined ? ruleset : ruleset.digest, changed, re2: re2Module() };
}

async function workUntilDeath(queue: JobQueue, options: PoolOptions): Promise<Death | undefined> {
  if (queue.isOver) return undefined;
  const worker = new Worker(options.workerUrl, {
    workerData: forWorker(options),
    // Texts lie in linear memory: what JavaScript makes of them is gone soon.
    resourceLimits: { maxYoungGenerationSizeMb: 6 },
    stdout: false,
    stderr: false,
  });
  const { promise, resolve } = Promise.withResolvers<Death | undefined>();
  const running = new Map<number, Job>();
  const send = (message: ToWorker): void => worker.postMessage(message);
  const goOn = (): void => {
    while (running.size < PER_WORKER && !options.signal.aborted) {
      const next = queue.take();
      if (next === undefined) break;
      running.set(next.number, next.job);
      send({ type: 'job', ...next });
    }
    if (running.size === 0 && (queue.isOver || options.signal.aborted)) void worker.terminate();
  };
  const onAbort = (): void => {
    send({ type: 'abort' });
    goOn();
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  const stopListening = queue.listen(goOn);

  worker.on('message', (message: FromWorker) => {
    if (message.type !== 'done') {
      options.onMessage(message);
      return;
    }
    running.delete(message.number);
    goOn();
  });
  let reason = '';
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', () => {
    options.signal.removeEventListener('abort', onAbort);
    stopListening();
    const isDone = running.size === 0 && (queue.isOver || options.signal.aborted);
    resolve(isDone ? undefined : { jobs: [...running.values()], reason: reason === '' ? 'it ended early' : reason });
  });

  goOn();
  return promise;
}
