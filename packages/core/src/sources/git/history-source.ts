/**
 * The full history of a local repository: every object that it has once, whether a commit leads to it or not, read from
 * its packs by ourselves. Refs and graph come through git, or by our own reading where it is not installed; both find the
 * same. Attribution comes after the engine, for texts with hits alone.
 */
import { setImmediate } from 'node:timers/promises';
import type {
  Hit,
  Job,
  Located,
  NotScanned,
  PlacingContext,
  Plan,
  Source,
  SourceContext,
  TextId,
} from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../limits.ts';
import { attribute } from './attribution.ts';
import type { CommitGraph } from './commit-graph.ts';
import { type DeltaPlan, planDeltas } from './delta-plan.ts';
import type { Repository } from './detect.ts';
import { openGitAccess } from './git-access.ts';
import { oneLine } from './git-error.ts';
import type { HistoryAccess } from './history-access.ts';
import type { ObjectList } from './object-list.ts';
import { reportMissing } from './object-text.ts';
import type { OidTable } from './oid.ts';
import { openOwnAccess } from './own-access.ts';
import { openForest, type Forest } from './pack/forest.ts';
import type { PrivateDir } from './private-dir.ts';
import type { Tips } from './refs.ts';
import type { RepositoryAccess } from './repository-access.ts';
import { mayMiss } from './trees/missing-objects.ts';
import { placedOrNot } from './unplaced.ts';

export interface HistoryOptions {
  readonly repository: Repository;
  /** Blobs above this are excluded as `too-large`. Default 512 MiB. */
  readonly maxTextBytes?: number;
  /** Missing objects of a partial clone are excluded, not failed. */
  readonly allowMissing?: boolean;
  /** Only the history of these refs (anything that names a commit). Default: every object that the repository has. */
  readonly refs?: readonly string[];
  /** Compare every object with its id, not a sample of them. */
  readonly verifyObjects?: boolean;
  /** True for an object that was scanned before: it is left out. */
  readonly isKnown?: (id: Uint8Array, at: number) => boolean;
  /** Some objects are known: there may be little to do. */
  readonly someKnown?: boolean;
  /** True for an object that was scanned before, but for some rules: asked for those that are not known. */
  readonly isToProbe?: (id: Uint8Array, at: number) => boolean;
  /** Jobs note which objects were scanned (`DeltaJob.pushed`). */
  readonly notePushed?: boolean;
}

const WHERE = 'history';
const NOT_LOOKED_FOR = 'not looked for: a complete clone of many objects is trusted to have them';
/** Bytes in packs from which on workers are started before it is known what is in them. */
const MUCH = 2 << 20;

/** Refs and graph through the installed git. */
export function createHistorySource(options: HistoryOptions, ambient: Ambient): Source {
  return createSource(options, () => openGitAccess(options.repository, ambient));
}

/** Refs and graph by our own reading. */
export function createNoGitSource(options: HistoryOptions, ambient: Ambient): Source {
  return createSource(options, () => openOwnAccess(options.repository, ambient));
}

function createSource(options: HistoryOptions, openAccess: () => Promise<RepositoryAccess>): Source {
  const allowMissing = options.allowMissing ?? false;
  let access: RepositoryAccess | undefined;
  let beside: Beside | undefined;
  /** What was met while the graph was read: told only if somebody asks for it. */
  const met: NotScanned[] = [];
  /** Jobs that note what they learn of commits. */
  const noting = new Set<Job>();
  const noted = Promise.withResolvers<void>();
  const stop = new AbortController();

  async function plan(ctx: SourceContext): Promise<Plan> {
    access = await openAccess();
    const { dir } = access;
    reportLayout(dir, ctx);
    const forest = await openForest(dir.objectDirs, dir.hash, ctx.signal, (bytes) => {
      if (options.someKnown !== true && bytes > MUCH) ctx.expectMuch?.();
    });
    const isNarrow = options.refs !== undefined && options.refs.length > 0;
    const narrowed = isNarrow
      ? await access.narrow(options.refs, { forest, tips: await readTips(access, forest, ctx) }, ctx)
      : undefined;
    const list = planDeltas(forest, dir.objectDirs, {
      allowMissing,
      maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
      verifyObjects: options.verifyObjects ?? false,
      only: narrowed?.ids,
      ...(options.isKnown === undefined ? {} : { isKnown: options.isKnown }),
      ...(options.isToProbe === undefined ? {} : { isToProbe: options.isToProbe }),
      notePushed: options.notePushed ?? false,
      where: WHERE,
    });
    reportForest(forest, list, ctx);
    for (const job of list.jobs) if (job.commits !== undefined) noting.add(job);
    if (noting.size === 0) noted.resolve();
    const facts = { ...layoutFacts(dir, list), ...access.facts };
    beside = goOn(access, forest, list, { narrowed, facts }, ctx);
    return {
      jobs: list.jobs,
      describes: isNarrow ? `the history of ${options.refs.join(', ')}` : 'the whole history of the repository',
      facts,
    };
  }

  /** What can be found out while the workers have the first jobs. */
  function goOn(
    opened: RepositoryAccess,
    forest: Forest,
    list: DeltaPlan,
    { narrowed, facts }: Planned,
    ctx: SourceContext,
  ): Beside {
    // A deadline ends the scanning alone, so it is no reason to stop here.
    const { signal } = stop;
    const checks = mayMiss(opened.dir.partial, list.blobs + list.commits + list.tags + list.trees);
    const history = opened.history(forest, {
      noted: { notes: list.notes, isRead: list.isRead, over: noted.promise },
      checks,
    });
    const tips =
      narrowed === undefined ? setImmediate().then(() => readTips(opened, forest, { ...ctx, signal })) : narrowed.tips;

    async function readGraph(): Promise<CommitGraph> {
      const { commits } = await tips;
      return await history.graph(commits, [], { signal, notScanned: (event) => met.push(event) });
    }

    async function reportMissed(placing: SourceContext): Promise<void> {
      if (!checks && !history.isChecked) {
        facts['missingObjects'] = NOT_LOOKED_FOR;
        return;
      }
      const { commits } = await tips;
      const known = { ...list, objectDirs: opened.dir.objectDirs, only: narrowed?.ids };
      for (const oid of await history.missing(known, commits, placing))
        reportMissing(`git:${oid}`, allowMissing, placing);
    }

    const started = { history, tips: Promise.resolve(tips), graph: readGraph(), reportMissed };
    // Awaited in attribute(); a failure before that must not count as unhandled.
    for (const each of [started.tips, started.graph]) each.catch(() => undefined);
    return started;
  }

  async function locate(
    { history, ...reading }: Beside,
    hits: ReadonlyMap<TextId, readonly Hit[]>,
    ctx: SourceContext,
  ): Promise<readonly Located[]> {
    const [tips, graph] = [await reading.tips, await reading.graph];
    for (const event of met.splice(0)) ctx.notScanned(event);
    return await attribute(history, { tips, graph, range: false }, hits, ctx);
  }

  return {
    plan,
    done(job) {
      if (noting.delete(job) && noting.size === 0) noted.resolve();
    },
    async attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: PlacingContext): Promise<readonly Located[]> {
      noted.resolve();
      if (beside === undefined) return [];
      const opened = beside;
      if (ctx.signal.aborted) stop.abort(ctx.signal.reason);
      ctx.signal.addEventListener('abort', () => stop.abort(ctx.signal.reason), { once: true });
      const located = hits.size === 0 ? [] : await placedOrNot(() => locate(opened, hits, ctx), hits, WHERE, ctx);
      // Of a scan that was stopped it is known that objects are left.
      if (!ctx.isCut && !ctx.signal.aborted) await opened.reportMissed(ctx);
      return located;
    },
    async close() {
      stop.abort();
      noted.resolve();
      if (beside !== undefined) await Promise.allSettled([beside.tips, beside.graph]);
      await access?.close();
      access = undefined;
    },
  };
}

interface Planned {
  readonly narrowed: { readonly tips: Tips; readonly ids: OidTable } | undefined;
  /** Of the plan; what becomes known later is added. */
  readonly facts: Record<string, string | number | boolean>;
}

interface Beside {
  readonly history: HistoryAccess;
  readonly tips: Promise<Tips>;
  readonly graph: Promise<CommitGraph>;
  /** Reports what is missed, in a repository that may miss something; of others it is a fact that nobody looked. */
  reportMissed(ctx: SourceContext): Promise<void>;
}

async function readTips(access: RepositoryAccess, forest: Forest, ctx: SourceContext): Promise<Tips> {
  const tips = await access.tips(forest, ctx);
  for (const name of tips.broken)
    ctx.notScanned({
      state: 'failed',
      reason: 'missing',
      where: name,
      detail: 'the ref points at an object that cannot be read',
    });
  return tips;
}

function reportForest(forest: Forest, list: DeltaPlan, ctx: Pick<SourceContext, 'notScanned'>): void {
  for (const { name, detail } of forest.broken)
    ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `objects/pack/${oneLine(name)}`, detail });
  for (const oid of list.unreadable) ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `git:${oid}` });
}

/** What the layout of a repository takes out of a scan. */
export function reportLayout(dir: PrivateDir, ctx: Pick<SourceContext, 'notScanned'>): void {
  if (dir.shallow.length > 0) {
    ctx.notScanned({
      state: 'excluded',
      reason: 'shallow-boundary',
      where: WHERE,
      detail: 'the clone is shallow: what came before is not there',
      count: dir.shallow.length,
    });
  }
  for (const { entry, why } of dir.alternates.refused) {
    ctx.notScanned({
      state: 'failed',
      reason: 'missing',
      where: 'objects/info/alternates',
      detail: oneLine(`${entry}: ${why}`),
    });
  }
  if (dir.refs.broken > 0)
    ctx.notScanned({ state: 'failed', reason: 'corrupt', where: 'refs', count: dir.refs.broken });
}

export function reportList(
  list: Pick<ObjectList, 'tooLarge' | 'damaged'>,
  ctx: Pick<SourceContext, 'notScanned'>,
): void {
  for (const { oid, size } of list.tooLarge)
    ctx.notScanned({ state: 'excluded', reason: 'too-large', where: `git:${oid}`, detail: `${size} bytes` });
  for (const name of list.damaged)
    ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `objects/pack/${name}` });
}

function layoutFacts(dir: PrivateDir, list: Pick<DeltaPlan, 'blobs' | 'commits' | 'tags'>): Plan['facts'] {
  return {
    commits: list.commits,
    blobs: list.blobs,
    tags: list.tags,
    objectFormat: dir.hash,
    shallow: dir.shallow.length > 0,
    partial: dir.partial,
    alternates: dir.alternates.outside,
  };
}
