/**
 * The full history of a local repository, through the installed git: every object that it has once, whether a commit
 * leads to it or not. Attribution comes after the engine, for texts with hits alone.
 */
import type { Hit, Located, Plan, Source, SourceContext, TextId } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../limits.ts';
import { attribute } from './attribution.ts';
import type { ObjectsJob } from './cat-file-reader.ts';
import { closeCatFile } from './cat-file-reader.ts';
import type { Repository } from './detect.ts';
import { git, type OpenDoor, openDoor } from './door.ts';
import { GitError, oneLine } from './git-error.ts';
import { createGitHistory } from './git-history.ts';
import { findMissing, TRUSTED_ABOVE_OBJECTS } from './missing.ts';
import { listObjects, type ObjectList } from './object-list.ts';
import { reportMissing } from './object-text.ts';
import type { PrivateDir } from './private-dir.ts';
import { resolveNames } from './place.ts';
import { narrowTips, readTips, type Tips } from './refs.ts';

export interface HistoryOptions {
  readonly repository: Repository;
  /** Blobs above this are excluded as `too-large`. Default 512 MiB. */
  readonly maxTextBytes?: number;
  /** Missing objects of a partial clone are excluded, not failed. */
  readonly allowMissing?: boolean;
  /** Scan blobs that look binary, too. */
  readonly scanBinary?: boolean;
  /** Only the history of these refs (anything that names a commit). Default: every object that the repository has. */
  readonly refs?: readonly string[];
}

const WHERE = 'history';

export function createHistorySource(options: HistoryOptions, ambient: Ambient): Source {
  let open: OpenDoor | undefined;
  let tips: Tips | undefined;
  let missing: Promise<void> = Promise.resolve();
  const stop = new AbortController();

  async function plan(ctx: SourceContext): Promise<Plan> {
    open = await openDoor(options.repository, ambient);
    const { door, dir } = open;
    reportLayout(dir, ctx);
    tips = await readTips(door, dir, ctx.signal);
    for (const name of tips.broken)
      ctx.notScanned({
        state: 'failed',
        reason: 'missing',
        where: name,
        detail: 'the ref points at an object that cannot be read',
      });
    const isNarrow = options.refs !== undefined && options.refs.length > 0;
    const ids = isNarrow ? await narrow(open, options.refs, ctx) : undefined;
    const list = await listObjects(door, options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES, ctx.signal, ids);
    reportList(list, ctx);
    missing = checkMissing(open, tips, list, ctx);
    // Awaited in attribute(); a failure before that must not count as unhandled.
    missing.catch(() => undefined);
    return {
      jobs: list.batches.map((batch): ObjectsJob => ({
        reader: 'git-cat-file',
        weight: batch.weight,
        objects: batch.objects,
        door,
        ids: batch.ids,
        maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
        scanBinary: options.scanBinary ?? false,
        allowMissing: options.allowMissing ?? false,
        where: WHERE,
      })),
      describes: isNarrow ? `the history of ${options.refs.join(', ')}` : 'the whole history of the repository',
      facts: layoutFacts(dir, list),
    };
  }

  /** Makes the named refs the only tips, and gives the ids of all objects that they reach. */
  async function narrow({ door }: OpenDoor, refs: readonly string[], ctx: SourceContext): Promise<Uint8Array> {
    const found = await resolveNames(door, refs, ctx.signal);
    const commits = await resolveNames(
      door,
      refs.map((ref) => `${ref}^{commit}`),
      ctx.signal,
    );
    for (const [index, ref] of refs.entries())
      if (commits[index] === undefined)
        ctx.notScanned({ state: 'failed', reason: 'not-found', where: ref, detail: 'it names no commit' });
    const oids = found.flatMap((each) => (each === undefined ? [] : [each.oid]));
    if (tips !== undefined)
      tips = narrowTips(
        tips,
        oids,
        commits.flatMap((each) => (each === undefined ? [] : [each.oid])),
      );
    if (oids.length === 0) return new Uint8Array(0);
    const args = ['rev-list', '--objects', '--no-object-names', '--missing=allow-any', '--stdin'];
    return await git(door, args, {
      input: oids.map((oid) => `${oid}\n`).join(''),
      signal: ctx.signal,
      maxBytes: 1024 * 1024 * 1024,
    });
  }

  async function checkMissing(opened: OpenDoor, from: Tips, list: ObjectList, ctx: SourceContext): Promise<void> {
    const objects = list.blobs + list.commits + list.tags + list.trees;
    if (!opened.dir.partial && objects > TRUSTED_ABOVE_OBJECTS) return;
    const signal = AbortSignal.any([ctx.signal, stop.signal]);
    try {
      const unreadable = new Set(list.unreadable);
      const found = await findMissing(opened.door, [...from.commits, ...from.tags], signal);
      for (const oid of found.ids)
        if (!unreadable.has(oid)) reportMissing(`git:${oid}`, options.allowMissing ?? false, ctx);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GitError)) throw error;
      ctx.notScanned({ state: 'failed', reason: 'missing', where: WHERE, detail: error.message });
    }
  }

  return {
    plan,
    async attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: SourceContext): Promise<readonly Located[]> {
      await missing;
      if (open === undefined || tips === undefined || hits.size === 0) return [];
      return await attribute(createGitHistory(open.door, ambient.parallelism), tips, hits, ctx);
    },
    async close() {
      stop.abort();
      await missing.catch(() => undefined);
      if (open !== undefined) closeCatFile(open.door);
      await open?.close();
      open = undefined;
    },
  };
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
  list: Pick<ObjectList, 'tooLarge' | 'unreadable' | 'damaged'>,
  ctx: Pick<SourceContext, 'notScanned'>,
): void {
  for (const { oid, size } of list.tooLarge)
    ctx.notScanned({ state: 'excluded', reason: 'too-large', where: `git:${oid}`, detail: `${size} bytes` });
  for (const name of list.damaged)
    ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `objects/pack/${name}` });
  for (const oid of list.unreadable) ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `git:${oid}` });
}

export function layoutFacts(dir: PrivateDir, list: Pick<ObjectList, 'blobs' | 'commits' | 'tags'>): Plan['facts'] {
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
