/**
 * Runs the jobs of a plan: in this thread when they are few bytes, else in worker threads. Each worker holds one job and
 * has one waiting, so memory is bounded by workers, not by jobs. Results come in any order; callers sort.
 */
import type { Job, NotScanned, Ruleset } from '../types/index.ts';
import { JobQueue } from './job-queue.ts';
import type { FromWorker, JobMessage, TextScanSettings, ToWorker } from './messages.ts';
import { runJob } from './run-job.ts';
import { startWorker, type StartedWorker } from './started-worker.ts';
import { createTextScanner, NO_SCANNER } from './text-scanner.ts';

/** Below this many bytes of work, starting a worker costs more than it saves. */
export const INLINE_BYTES: number = 4 << 20;

export interface PoolOptions {
  readonly settings: TextScanSettings;
  /** See Plan. */
  readonly changed?: Ruleset | undefined;
  /** False for jobs without texts: rules are not made ready. */
  readonly hasTexts?: boolean;
  readonly workers: number;
  /** The module of a worker thread (pipeline/worker). */
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  /** How long after the signal a worker may go on with the text that it is at; then it is ended. Default: as long as it takes. */
  readonly patienceMs?: number;
  /** For jobs that run in this thread, in which nobody hears the signal. */
  readonly isOver?: () => boolean;
  /** Workers that were started before there were jobs; those that are needed are taken from it. */
  readonly started?: StartedWorker[];
  onMessage(message: JobMessage): void;
  /** A job that was not begun, or was given up with its worker, because of the signal. */
  onUnread?(job: Job): void;
  /** A job is over, however it ended: the last that is heard of it. */
  onDone?(job: Job): void;
}

/** `later`: jobs that are still being looked for; workers start on those that are there. */
export async function runJobs(jobs: readonly Job[], options: PoolOptions, later?: AsyncIterable<Job>): Promise<void> {
  const coming = later?.[Symbol.asyncIterator]() ?? NOTHING;
  try {
    await runComing(jobs, coming, later === undefined, options);
  } finally {
    // What looks for jobs may hold files open, or a process.
    await coming.return?.();
  }
}

async function runComing(jobs: readonly Job[], coming: Coming, isAll: boolean, options: PoolOptions): Promise<void> {
  const first = [...jobs];
  let weight = first.reduce((sum, job) => sum + job.weight, 0);
  let isComplete = isAll;
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
    if (options.signal.aborted)
      for (let left = queue.take(); left !== undefined; left = queue.take()) giveUp(left.job, options);
  }
}

type Coming = Pick<AsyncIterator<Job, unknown>, 'next' | 'return'>;

const NOTHING: Coming = {
  next: () => Promise.resolve({ done: true, value: undefined }),
};

async function runInline(jobs: readonly Job[], options: PoolOptions): Promise<void> {
  const scanner =
    options.hasTexts === false ? NO_SCANNER : createTextScanner(options.settings, options.changed, options.isOver);
  // While a text is scanned, no timer can say so.
  const isEnded = (): boolean => options.signal.aborted || options.isOver?.() === true;
  for (const job of jobs) {
    if (isEnded()) giveUp(job, options);
    else {
      const isWhole = await runJob(job, scanner, (message) => options.onMessage(message), options.signal);
      if (isWhole) options.onDone?.(job);
      else giveUp(job, options);
    }
  }
}

function giveUp(job: Job, options: PoolOptions): void {
  options.onUnread?.(job);
  options.onDone?.(job);
}

const PER_WORKER = 2;

/** One worker until the queue is empty. A worker that dies is replaced; its jobs are reported as failed. */
async function runWorker(queue: JobQueue, options: PoolOptions): Promise<void> {
  for (;;) {
    const lost = await workUntilDeath(queue, options);
    if (lost === undefined) return;
    // What an interrupt leaves undone is told once, for all workers.
    if (options.signal.aborted) {
      for (const job of lost.jobs) giveUp(job, options);
      return;
    }
    for (const job of lost.jobs) {
      options.onMessage({ type: 'lost', reader: job.reader, notScanned: [failed(job, lost.reason)] });
      options.onDone?.(job);
    }
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

async function workUntilDeath(queue: JobQueue, options: PoolOptions): Promise<Death | undefined> {
  if (queue.isOver) return undefined;
  const { workerUrl, settings, changed, hasTexts } = options;
  const started = options.started?.pop() ?? startWorker(workerUrl, settings, { changed, hasTexts });
  const { worker } = started;
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
  let impatient: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    send({ type: 'abort' });
    goOn();
    if (options.patienceMs !== undefined) impatient = setTimeout(() => void worker.terminate(), options.patienceMs);
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  const stopListening = queue.listen(goOn);

  worker.on('message', (message: FromWorker) => {
    if (message.type !== 'done') {
      options.onMessage(message);
      return;
    }
    const job = running.get(message.number);
    running.delete(message.number);
    if (job !== undefined && !message.begun) options.onUnread?.(job);
    if (job !== undefined) options.onDone?.(job);
    goOn();
  });
  void started.ended.then(() => {
    options.signal.removeEventListener('abort', onAbort);
    clearTimeout(impatient);
    stopListening();
    const isDone = running.size === 0 && (queue.isOver || options.signal.aborted);
    const reason = started.reason === '' ? 'it ended early' : started.reason;
    resolve(isDone ? undefined : { jobs: [...running.values()], reason });
  });

  goOn();
  return promise;
}
