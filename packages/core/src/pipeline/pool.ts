/**
 * Runs the jobs of a plan: in this thread when they are few bytes, else in worker threads. Each worker holds one job and
 * has one waiting, so memory is bounded by workers, not by jobs. Results come in any order; callers sort.
 */
import { Worker } from 'node:worker_threads';
import type { Job, NotScanned } from '../types/index.ts';
import type { FromWorker, JobMessage, TextScanSettings, ToWorker } from './messages.ts';
import { runJob } from './run-job.ts';
import { createTextScanner } from './text-scanner.ts';

/** Below this many bytes of work, starting a worker costs more than it saves. */
export const INLINE_BYTES: number = 4 << 20;

export interface PoolOptions {
  readonly settings: TextScanSettings;
  readonly workers: number;
  /** The module of a worker thread (pipeline/worker). */
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  onMessage(message: JobMessage): void;
}

export async function runJobs(jobs: readonly Job[], options: PoolOptions): Promise<void> {
  if (jobs.length === 0) return;
  const weight = jobs.reduce((sum, job) => sum + job.weight, 0);
  if (weight < INLINE_BYTES) return runInline(jobs, options);
  const count = Math.max(1, Math.min(options.workers, jobs.length));
  const queue = new JobQueue(jobs);
  await Promise.all(Array.from({ length: count }, () => runWorker(queue, options)));
}

async function runInline(jobs: readonly Job[], options: PoolOptions): Promise<void> {
  const scanner = createTextScanner(options.settings);
  for (const job of jobs) {
    if (options.signal.aborted) return;
    await runJob(job, scanner, (message) => options.onMessage(message), options.signal);
  }
}

class JobQueue {
  readonly #jobs: readonly Job[];
  #next = 0;

  constructor(jobs: readonly Job[]) {
    this.#jobs = jobs;
  }

  take(): { number: number; job: Job } | undefined {
    const job = this.#jobs[this.#next];
    return job === undefined ? undefined : { number: this.#next++, job };
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

function workUntilDeath(queue: JobQueue, options: PoolOptions): Promise<Death | undefined> {
  const first = queue.take();
  if (first === undefined) return Promise.resolve(undefined);
  const worker = new Worker(options.workerUrl, { workerData: options.settings, stdout: false, stderr: false });
  const { promise, resolve } = Promise.withResolvers<Death | undefined>();
  const running = new Map<number, Job>();
  const send = (message: ToWorker): void => worker.postMessage(message);
  const start = (next: { number: number; job: Job }): void => {
    running.set(next.number, next.job);
    send({ type: 'job', ...next });
  };
  const onAbort = (): void => send({ type: 'abort' });
  options.signal.addEventListener('abort', onAbort, { once: true });

  worker.on('message', (message: FromWorker) => {
    if (message.type !== 'done') {
      options.onMessage(message);
      return;
    }
    running.delete(message.number);
    if (!options.signal.aborted) {
      const next = queue.take();
      if (next !== undefined) start(next);
    }
    if (running.size === 0) void worker.terminate();
  });
  let reason = '';
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', () => {
    options.signal.removeEventListener('abort', onAbort);
    resolve(
      running.size === 0
        ? undefined
        : { jobs: [...running.values()], reason: reason === '' ? 'it ended early' : reason },
    );
  });

  start(first);
  for (let i = 1; i < PER_WORKER; i++) {
    const next = queue.take();
    if (next !== undefined) start(next);
  }
  return promise;
}
