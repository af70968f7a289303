/** The real pipeline on test repositories: real rules, real readers, real attribution. */
import { defaultRuleset } from '../../packages/core/src/rules/default-ruleset.ts';
import { INLINE_MARKERS } from '../../packages/core/src/suppress/inline.ts';
import { run } from '../../packages/core/src/pipeline/run.ts';
import type { TextScanSettings } from '../../packages/core/src/pipeline/messages.ts';
import { reporterFor } from '../../packages/core/src/reports/formats.ts';
import type { DeltaJob } from '../../packages/core/src/sources/git/delta-job.ts';
import { hashBytes } from '../../packages/core/src/sources/git/oid.ts';
import { detect, type Repository } from '../../packages/core/src/sources/git/detect.ts';
import type { Hit, Job, Plan, Report, Source, TextId } from '../../packages/core/src/types/index.ts';

export async function scanSettings(changes: Partial<TextScanSettings> = {}): Promise<TextScanSettings> {
  return {
    ruleset: await defaultRuleset(),
    maxDecodeDepth: 3,
    inherit: true,
    salt: 'a salt for tests',
    repository: '',
    fingerprintKey: new Uint8Array(32).fill(7),
    reveal: false,
    inlineMarkers: INLINE_MARKERS,
    sha1: false,
    ...changes,
  };
}

export interface RealScan {
  readonly report: Report;
  /** As `--format json` writes it. */
  readonly json: string;
  /** What the engine found in each text, before attribution. */
  readonly hits: ReadonlyMap<TextId, readonly Hit[]>;
  readonly jobs: readonly Job[];
}

export interface RealScanOptions {
  readonly workers?: number;
  readonly settings?: Partial<TextScanSettings>;
  /** Changes the plan before it is run. */
  readonly replan?: (jobs: readonly Job[]) => readonly Job[];
}

/** Closes the source. */
export async function realScan(source: Source, options: RealScanOptions = {}): Promise<RealScan> {
  let hits: ReadonlyMap<TextId, readonly Hit[]> = new Map();
  let jobs: Job[] = [];
  const watched: Source = {
    async plan(ctx): Promise<Plan> {
      const plan = await source.plan(ctx);
      jobs = [...plan.jobs];
      if (options.replan === undefined) return { ...plan, later: noted(plan.later, jobs) };
      for await (const job of plan.later ?? []) jobs.push(job);
      jobs = [...options.replan(jobs)];
      return { ...plan, jobs, later: undefined };
    },
    attribute(found, ctx) {
      hits = found;
      return source.attribute(found, ctx);
    },
    close: () => source.close(),
  };
  try {
    const report = await run({
      tool: { name: 'unleak', version: '0.0.0' },
      targets: [{ name: 'target', prefix: '', whole: true, source: watched }],
      settings: await scanSettings(options.settings),
      entries: [],
      places: [],
      include: [],
      exclude: [],
      minSeverity: 'low',
      workers: options.workers ?? 1,
      workerUrl: new URL('../../packages/core/src/pipeline/worker.ts', import.meta.url),
      signal: new AbortController().signal,
      now: () => new Date('2026-01-01T00:00:00Z'),
      log: () => undefined,
    });
    return { report, json: asJson(report), hits, jobs };
  } finally {
    await source.close();
  }
}

async function* noted(later: Plan['later'], jobs: Job[]): AsyncGenerator<Job, void> {
  for await (const job of later ?? []) {
    jobs.push(job);
    yield job;
  }
}

export function asJson(report: Report): string {
  return [...reporterFor('json').render(report)].join('');
}

export async function repositoryAt(path: string): Promise<Repository> {
  const found = await detect(path);
  if (found.kind !== 'repository') throw new Error(`${path} is a ${found.kind}`);
  return found;
}

/** Every credential that a report knows of, suppressed or not, as rule and id. */
export function credentialsOf(report: Report): readonly string[] {
  return [...report.findings, ...report.suppressed].map(({ id }) => id).sort();
}

/**
 * Cuts jobs into single texts, or families of deltas, that claim to be heavy, so that few bytes keep many worker threads
 * busy.
 */
export function singleTexts(jobs: readonly Job[]): readonly Job[] {
  return jobs.flatMap((job) =>
    isDeltaJob(job) ? families(job) : Array.from({ length: job.objects }, (_, at) => oneOf(job, at)),
  );
}

function isDeltaJob(job: Job): job is DeltaJob {
  return job.reader === 'git-deltas';
}

function families(job: DeltaJob): readonly Job[] {
  const width = hashBytes(job.forest.hash);
  const whole = Array.from(job.roots, (root) => ({
    ...job,
    weight: 1 << 20,
    roots: Int32Array.of(root),
    loose: new Uint8Array(0),
    objects: job.wanted.filter((wanted, entry) => wanted !== 0 && job.forest.root[entry] === root).length,
  }));
  const loose = Array.from({ length: job.loose.length / width }, (_, at) => ({
    ...job,
    weight: 1 << 20,
    roots: new Int32Array(0),
    loose: job.loose.slice(at * width, (at + 1) * width),
    objects: 1,
  }));
  return [...whole, ...loose];
}

function oneOf(job: Job, at: number): Job {
  const part: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(job)) {
    if (name === 'paths' || name === 'objectsAs' || name === 'ids') part[name] = itemOf(value, at, job.objects);
    else if (name === 'known')
      part[name] = { ...(value as object), ids: itemOf((value as { ids: unknown }).ids, at, job.objects) };
    else part[name] = value;
  }
  return { ...part, reader: job.reader, weight: 1 << 20, objects: 1 };
}

/** Of a list with the same number of bytes or values for each object. */
function itemOf(list: unknown, at: number, objects: number): unknown {
  if (!Array.isArray(list) && !(list instanceof Uint8Array) && !(list instanceof Float64Array))
    throw new Error('a job that cannot be cut');
  const width = list.length / objects;
  if (!Number.isInteger(width)) throw new Error('a job that cannot be cut evenly');
  return list.slice(at * width, (at + 1) * width);
}
