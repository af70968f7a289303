/** One target from plan to located hits: plan → jobs → texts → hits → attribution. */
import { GitError } from '../sources/git/git-error.ts';
import type {
  Hit,
  Job,
  Known,
  Located,
  NotScanned,
  PlacingContext,
  Plan,
  Source,
  SourceContext,
  TextFlags,
  TextId,
  TextReport,
} from '../types/index.ts';
import type { Deadline } from './deadline.ts';
import { graceAfter } from './grace.ts';
import type { TextScanSettings } from './messages.ts';
import { runJobs } from './pool.ts';
import type { PoolOptions } from './pool.ts';
import { startWorker, type StartedWorker } from './started-worker.ts';

export interface Progress {
  readonly phase: 'plan' | 'scan' | 'attribute';
  readonly objects: number;
  readonly totalObjects: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Distinct credentials so far. */
  readonly credentials: number;
}

export interface ScanOptions {
  readonly source: Source;
  readonly settings: TextScanSettings;
  readonly workers: number;
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  /** Ends the scanning too, but is no interrupt: what was found until then is placed and judged as ever. */
  readonly deadline?: Deadline;
  /** How long finding the places of what was found may go on after an interrupt. Default 10 seconds. */
  readonly placingMs?: number;
  readonly now: () => Date;
  readonly log: SourceContext['log'];
  /** Called once, when it is known what will be scanned. */
  readonly onPlan?: (describes: string) => void;
  readonly onProgress?: (progress: Progress) => void;
}

export interface ScanResult {
  readonly describes: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** Sorted by text, span and rule, so independent of workers. */
  readonly located: readonly Located[];
  readonly notScanned: readonly NotScanned[];
  readonly flags: ReadonlyMap<TextId, TextFlags>;
  /** Known from before or scanned now: facts say how many were known. */
  readonly texts: number;
  readonly bytes: number;
  readonly interrupted: boolean;
}

export async function scan(options: ScanOptions): Promise<ScanResult> {
  const started: StartedWorker[] = [];
  try {
    return await scanWith(options, started);
  } finally {
    // There was less to do than was expected, or nothing came of it.
    for (const { worker } of started) void worker.terminate();
  }
}

/** `started`: workers that wait for jobs; those that get some are taken out of it. */
async function scanWith(options: ScanOptions, started: StartedWorker[]): Promise<ScanResult> {
  const { source, deadline } = options;
  const signal = deadline === undefined ? options.signal : AbortSignal.any([options.signal, deadline.signal]);
  const notScanned: NotScanned[] = [];
  const ctx: SourceContext = {
    signal,
    now: options.now,
    log: options.log,
    notScanned: (event) => notScanned.push(event),
    expectMuch() {
      while (started.length < options.workers) started.push(startWorker(options.workerUrl, options.settings));
    },
  };

  const plan = await attempt(() => source.plan(ctx), NO_PLAN, ctx, 'the target');
  options.onPlan?.(plan.describes);
  const hits = new Map<TextId, Hit[]>();
  const flags = new Map<TextId, TextFlags>();
  const credentials = new Set<string>();
  let totalObjects = plan.jobs.reduce((sum, job) => sum + job.objects, 0);
  let totalBytes = plan.jobs.reduce((sum, job) => sum + job.weight, 0);
  let objects = 0;
  let bytes = 0;
  let texts = 0;
  const progress = (phase: Progress['phase']): void =>
    options.onProgress?.({ phase, objects, totalObjects, bytes, totalBytes, credentials: credentials.size });

  async function* counted(later: AsyncIterable<Job>): AsyncGenerator<Job, void> {
    for await (const job of later) {
      totalObjects += job.objects;
      totalBytes += job.weight;
      yield job;
    }
  }

  const take = (reports: readonly TextReport[]): void => {
    for (const report of reports) {
      if (report.replaces === true) {
        hits.delete(report.text);
        flags.delete(report.text);
      }
      if (report.flags !== undefined) flags.set(report.text, report.flags);
      if (report.hits.length === 0) continue;
      hits.set(report.text, [...(hits.get(report.text) ?? []), ...report.hits]);
      for (const hit of report.hits) credentials.add(hit.credential);
    }
  };

  const unread: Job[] = [];
  const known = plan.known ?? NOTHING_KNOWN;
  take(known.reports);
  progress('scan');
  const pool: PoolOptions = {
    settings: options.settings,
    changed: plan.changed,
    workers: options.workers,
    workerUrl: options.workerUrl,
    signal,
    ...(deadline === undefined ? {} : { patienceMs: PATIENCE_MS, isOver: deadline.isOver }),
    onUnread: (job) => unread.push(job),
    onDone: (job) => source.done?.(job),
    started,
    onMessage({ reader, ...message }) {
      source.heard?.(reader, message);
      if (message.type === 'progress') {
        objects += message.objects;
        bytes += message.bytes;
        texts += message.texts;
        progress('scan');
        return;
      }
      if (message.type === 'told') return;
      notScanned.push(...message.notScanned);
      if (message.type === 'results') take(message.reports);
    },
  };
  const { later } = plan;
  const runAll = async (): Promise<boolean> => {
    await runJobs(plan.jobs, pool, later && counted(later));
    return true;
  };
  const hasRun = await attempt(runAll, false, ctx, plan.describes);

  if (unread.length > 0) source.unread?.(unread, ctx);
  const interrupted = options.signal.aborted;
  // A deadline that passes when all is done cuts nothing short.
  const isCut =
    (signal.aborted || deadline?.isOver() === true) &&
    (interrupted ||
      plan === NO_PLAN ||
      objects < totalObjects ||
      unread.length > 0 ||
      notScanned.some(({ reason }) => reason === 'interrupted'));
  if (isCut)
    notScanned.push({
      state: 'failed',
      reason: 'interrupted',
      where: plan.describes === '' ? 'the target' : plan.describes,
      detail: `${interrupted ? '' : 'the time was over: '}${objects} of ${totalObjects} objects were scanned`,
    });
  progress('attribute');
  const sorted = new Map([...hits].sort(([a], [b]) => (a < b ? -1 : 1)));
  const grace = graceAfter(options.signal, options.placingMs ?? PLACING_MS);
  // Also without hits: a source may still be finding out what is missing.
  const placing: PlacingContext = {
    ...ctx,
    signal: grace.signal,
    isCut: isCut || !hasRun,
    run: (jobs, hear) =>
      runJobs(jobs, {
        settings: options.settings,
        hasTexts: false,
        workers: options.workers,
        workerUrl: options.workerUrl,
        signal: grace.signal,
        onMessage: hear,
      }),
  };
  const attribute = (): Promise<readonly Located[]> => source.attribute(sorted, placing);
  const located = await attempt(attribute, [], placing, plan.describes).finally(() => grace.release());
  return {
    describes: plan.describes,
    facts: known.texts === 0 ? plan.facts : { ...plan.facts, known: known.texts },
    located: [...located].sort(compareLocated),
    notScanned,
    flags,
    texts: known.texts + texts,
    bytes: known.bytes + bytes,
    interrupted,
  };
}

/** Of a scan that somebody waits for: a worker that is at a huge text is not waited for. */
const PATIENCE_MS = 250;

/** What an interrupt leaves for the places of what was found: somebody waits for the end. */
const PLACING_MS = 10_000;

const NOTHING_KNOWN: Known = { texts: 0, bytes: 0, reports: [] };
const NO_PLAN: Plan = { jobs: [], describes: '', facts: {} };

/** A source that is told to stop, or that git fails, gives nothing; what it was is said, and the run goes on. */
async function attempt<T>(step: () => Promise<T>, otherwise: T, ctx: SourceContext, where: string): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (ctx.signal.aborted) return otherwise;
    if (!(error instanceof GitError)) throw error;
    ctx.notScanned({ state: 'failed', reason: 'git-failed', where, detail: error.message });
    return otherwise;
  }
}

function compareLocated(a: Located, b: Located): number {
  return (
    compare(a.sighting.path, b.sighting.path) ||
    compare(a.text, b.text) ||
    a.hit.span.start - b.hit.span.start ||
    a.hit.span.end - b.hit.span.end ||
    compare(a.hit.rule, b.hit.rule) ||
    compare(a.hit.credential, b.hit.credential)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
