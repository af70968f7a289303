/**
 * What a range of commits brought in: every commit that leads to the head and not to the base, so that what was added
 * and taken out again in between is found. A credential counts as brought in by a commit that holds it on a path where
 * no parent does; so the parents' texts on the changed paths are read as well.
 */
import type { Hit, Located, PlacingContext, Plan, Source, SourceContext, TextId } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../limits.ts';
import { attribute } from './attribution.ts';
import { closeCatFile, type ObjectsJob } from './cat-file-reader.ts';
import { type CommitChoice, chosenGraph, hasBase } from './chosen-commits.ts';
import type { CommitGraph } from './commit-graph.ts';
import type { Repository } from './detect.ts';
import { comparePairs, listPairs, type RawChange } from './diff-tree.ts';
import { git, type GitDoor, type OpenDoor, openDoor } from './door.ts';
import { GitError } from './git-error.ts';
import { createGitHistory } from './git-history.ts';
import type { HistoryAccess } from './history-access.ts';
import { reportLayout, reportList } from './history-source.ts';
import { listObjects } from './object-list.ts';
import { createOidTable, type OidTable } from './oid.ts';
import { resolveNames } from './place.ts';
import { type PushedCommits, readPushed } from './pushed-commits.ts';
import type { Tips } from './refs.ts';
import { placedOrNot } from './unplaced.ts';

export interface RangeOptions {
  readonly repository: Repository;
  /** From this commit (not included) to the head. */
  readonly since?: string;
  /** `A..B`, or `A...B`; a side left out is HEAD. */
  readonly range?: string;
  /** The head, where it is not HEAD. Alone: all of its history. */
  readonly branch?: string;
  /** Commits chosen in another way; stands alone. */
  readonly commits?: CommitChoice;
  /** What a push sends; stands alone. */
  readonly pushed?: PushedCommits;
  readonly maxTextBytes?: number;
  readonly allowMissing?: boolean;
}

interface Ends {
  readonly base: string | undefined;
  readonly head: string;
}

interface Range {
  readonly graph: CommitGraph;
  readonly tips: Tips;
  readonly access: HistoryAccess;
}

const WHERE = 'range';

export function createRangeSource(options: RangeOptions, ambient: Ambient): Source {
  let open: OpenDoor | undefined;
  let range: Range | undefined;

  async function plan(ctx: SourceContext): Promise<Plan> {
    open = await openDoor(options.repository, ambient);
    const { door } = open;
    const access = createGitHistory(door, ambient.parallelism);
    if (options.commits !== undefined) {
      const graph = await chosenGraph(door, options.commits, ctx.signal);
      reportCut(open, graph, hasBase(options.commits), ctx);
      const [head] = await resolveNames(door, ['HEAD^{commit}'], ctx.signal);
      const commits = [...graph.order].map((commit) => graph.table.hex(commit));
      range = {
        graph,
        access,
        tips: { head: head?.oid, branch: undefined, branches: [], commits, tags: [], broken: [] },
      };
      return await planTexts(open, graph, `${graph.order.length} chosen commits`, ctx);
    }
    if (options.pushed !== undefined) {
      range = { ...(await readPushed(options.pushed, options.repository, open, access, ctx)), access };
      reportLayout(open.dir, ctx);
      return await planTexts(open, range.graph, 'what is pushed', ctx, range.tips.tags);
    }
    const names = endNames(options);
    const described =
      names.base === undefined ? `the history of ${names.head}` : `the commits of ${names.base}..${names.head}`;
    const ends = await resolveEnds(open, names, ctx);
    if (ends === undefined) return { jobs: [], describes: described, facts: {} };
    const graph = await access.graph([ends.head], ends.base === undefined ? [] : [ends.base], ctx);
    reportCut(open, graph, ends.base !== undefined, ctx);
    const branches = options.branch === undefined ? [] : [{ name: options.branch, commit: ends.head }];
    range = {
      graph,
      access,
      tips: { head: ends.head, branch: options.branch, branches, commits: [ends.head], tags: [], broken: [] },
    };
    return await planTexts(open, graph, described, ctx);
  }

  async function planTexts(
    { door, dir }: OpenDoor,
    graph: CommitGraph,
    described: string,
    ctx: SourceContext,
    tags: readonly string[] = [],
  ): Promise<Plan> {
    const texts = await listTexts(door, graph, ctx);
    for (const tag of tags) texts.addHex(Buffer.from(tag, 'latin1'), 0);
    const maxTextBytes = options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES;
    const list = await listObjects(door, maxTextBytes, ctx.signal, hexLines(texts));
    reportList(list, ctx);
    // What git does not have (missing from a partial clone, or lost) is asked for all the same, and reported by the reader.
    const jobs = [...list.batches, ...missingBatch(list.unreadable)].map((batch): ObjectsJob => ({
      reader: 'git-cat-file',
      weight: batch.weight,
      objects: batch.objects,
      door,
      ids: batch.ids,
      maxTextBytes,
      allowMissing: options.allowMissing ?? false,
      where: WHERE,
    }));
    return { jobs, describes: described, facts: { commits: graph.order.length, shallow: dir.shallow.length > 0 } };
  }

  return {
    plan,
    async attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: PlacingContext): Promise<readonly Located[]> {
      if (range === undefined || hits.size === 0) return [];
      const { access, graph, tips } = range;
      return await placedOrNot(() => attribute(access, { graph, tips, range: true }, hits, ctx), hits, WHERE, ctx);
    },
    async close() {
      if (open !== undefined) closeCatFile(open.door);
      await open?.close();
      open = undefined;
    },
  };
}

function endNames({ since, range, branch }: RangeOptions): Ends {
  const head = branch ?? 'HEAD';
  if (range === undefined) return { base: since, head };
  const dots = range.includes('...') ? '...' : '..';
  const at = range.indexOf(dots);
  if (at < 0) return { base: range, head };
  return { base: range.slice(0, at) || 'HEAD', head: range.slice(at + dots.length) || head };
}

/** Commit ids of both ends; undefined, with an event, when an end cannot be found or nothing leads from one to the other. */
async function resolveEnds({ door, dir }: OpenDoor, names: Ends, ctx: SourceContext): Promise<Ends | undefined> {
  const [head, base] = await resolveNames(
    door,
    [`${names.head}^{commit}`, ...(names.base === undefined ? [] : [`${names.base}^{commit}`])],
    ctx.signal,
  );
  if (head === undefined) {
    ctx.notScanned({ state: 'failed', reason: 'not-found', where: names.head, detail: 'it names no commit here' });
    return undefined;
  }
  if (names.base === undefined) return { base: undefined, head: head.oid };
  if (base === undefined) {
    ctx.notScanned({
      state: 'failed',
      reason: 'unresolvable-base',
      where: names.base,
      detail:
        dir.shallow.length > 0
          ? 'it names no commit here, and the clone is shallow: git fetch --unshallow brings the rest'
          : 'it names no commit here',
    });
    return undefined;
  }
  // In a shallow clone two commits may seem unrelated only because what joins them is not there.
  if (dir.shallow.length > 0 && !(await isRelated(door, base.oid, head.oid, ctx.signal))) {
    ctx.notScanned({
      state: 'failed',
      reason: 'unresolvable-base',
      where: names.base,
      detail: `the clone is too shallow to tell what leads from it to ${names.head}`,
    });
    return undefined;
  }
  return { base: base.oid, head: head.oid };
}

async function isRelated(door: GitDoor, a: string, b: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await git(door, ['merge-base', a, b], { signal })).length > 0;
  } catch (error) {
    if (error instanceof GitError && error.code === 'git-failed') return false;
    throw error;
  }
}

/**
 * A commit at which a shallow clone ends seems to bring in all that its tree holds.
 * @param hasBase how far the history goes is asked, so that what is cut off inside is known to be missing
 */
function reportCut(open: OpenDoor, graph: CommitGraph, hasBase: boolean, ctx: SourceContext): void {
  if (!hasBase) {
    reportLayout(open.dir, ctx);
    return;
  }
  const cut = new Set(open.dir.shallow);
  for (const commit of graph.order) {
    const oid = graph.table.hex(commit);
    if (cut.has(oid))
      ctx.notScanned({
        state: 'failed',
        reason: 'cut-off',
        where: `git:${oid}`,
        detail: 'the shallow clone ends inside the range: what this commit brought in cannot be told',
      });
  }
}

/** Messages of the commits; and of every path that differs from all parents, the text and those of the parents. */
async function listTexts(door: GitDoor, graph: CommitGraph, ctx: SourceContext): Promise<OidTable> {
  const texts = createOidTable(door.hash);
  for (const commit of graph.order) texts.addHex(Buffer.from(graph.table.hex(commit), 'latin1'), 0);
  // Of a merge, the ids found on each path, per parent.
  let merge = new Map<string, string[]>();
  let current = -1;

  function take(): void {
    const parents = current < 0 ? 0 : graph.parents(current).length;
    for (const ids of merge.values())
      if (ids.length === parents * 2) for (const id of ids) if (id !== '') texts.addHex(Buffer.from(id, 'latin1'), 0);
    merge = new Map();
  }

  await comparePairs(
    door,
    graph,
    listPairs(graph, true),
    (pair, change) => {
      if (pair.commit !== current) take();
      current = pair.commit;
      const before = blobOf(change, change.oldMode, change.oldId, texts.width * 2);
      const after = blobOf(change, change.newMode, change.newId, texts.width * 2);
      const path = Buffer.from(change.path).toString('latin1');
      merge.set(path, [...(merge.get(path) ?? []), before, after]);
      if (graph.parents(pair.commit).length === 0 && after !== '') texts.addHex(Buffer.from(after, 'latin1'), 0);
    },
    ctx,
  );
  take();
  return texts;
}

/** Id of a file's or a link's blob; empty where there is no entry, or a submodule's. */
function blobOf({ record }: RawChange, modeAt: number, idAt: number, width: number): string {
  const mode = Buffer.from(record.subarray(modeAt, modeAt + 6)).toString('latin1');
  return mode.startsWith('100') || mode === '120000'
    ? Buffer.from(record.subarray(idAt, idAt + width)).toString('latin1')
    : '';
}

function hexLines(texts: OidTable): Uint8Array {
  const lines: string[] = [];
  for (let index = 0; index < texts.size; index += 1) lines.push(`${texts.hex(index)}\n`);
  return Buffer.from(lines.join(''), 'latin1');
}

function missingBatch(
  oids: readonly string[],
): readonly { readonly ids: Uint8Array; readonly weight: number; readonly objects: number }[] {
  return oids.length === 0 ? [] : [{ ids: Buffer.from(oids.join(''), 'hex'), weight: 0, objects: oids.length }];
}
