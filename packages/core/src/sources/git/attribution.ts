/**
 * Where the texts with hits were seen in a repository's history. Runs only when there are hits. Blobs become intervals
 * (intervals.ts) per credential and path; commits and tags become messages; what no commit leads to is unreachable.
 */
import type {
  CommitRef,
  GitSighting,
  Hit,
  Located,
  MessageSighting,
  Span,
  TextId,
  UnreachableSighting,
} from '../../types/index.ts';
import { pathText } from '../path-text.ts';
import type { CommitGraph } from './commit-graph.ts';
import { parseCommitRef, parseTag } from './commit-text.ts';
import type { AccessContext, HistoryAccess } from './history-access.ts';
import { computeIntervals, type Interval } from './intervals.ts';
import { createOidTable, fromHex } from './oid.ts';
import { type Presence, readPresence, tipNumbers } from './presence.ts';
import type { Tips } from './refs.ts';

/** What is attributed: a whole repository, or what a range of commits brought in. */
export interface Scope {
  readonly tips: Tips;
  readonly graph: CommitGraph;
  /** Only what commits of the graph brought in; parents outside it are compared with, and nothing is unreachable. */
  readonly range: boolean;
}

export async function attribute(
  access: HistoryAccess,
  scope: Scope,
  hits: ReadonlyMap<TextId, readonly Hit[]>,
  ctx: AccessContext,
): Promise<readonly Located[]> {
  const byOid = new Map<string, readonly Hit[]>();
  for (const [text, found] of hits)
    if (text.startsWith('git:') && found.length > 0) byOid.set(text.slice('git:'.length), found);
  const ids = [...byOid.keys()].sort();
  const types = await access.types(ids, ctx);
  const blobs = ids.filter((oid) => types.get(oid) === 'blob');
  const messages = ids.filter((oid) => types.get(oid) === 'commit' || types.get(oid) === 'tag');

  const wanted = await locateBlobs(access, scope, blobs, byOid, ctx);
  return [
    ...wanted.located(await readCommits(access, wanted.commits, byOid, ctx)),
    ...(scope.range ? [] : wanted.unreachable.flatMap((oid) => unreachable(oid, byOid.get(oid) ?? []))),
    ...(await locateMessages(access, scope, messages, types, byOid, ctx)),
  ];
}

interface LocatedBlobs {
  /** Ids of the commits that sightings name. */
  readonly commits: readonly string[];
  readonly unreachable: readonly string[];
  located(refs: ReadonlyMap<string, CommitRef>): readonly Located[];
}

async function locateBlobs(
  access: HistoryAccess,
  scope: Scope,
  blobs: readonly string[],
  byOid: ReadonlyMap<string, readonly Hit[]>,
  ctx: AccessContext,
): Promise<LocatedBlobs> {
  if (blobs.length === 0) return { commits: [], unreachable: [], located: () => [] };
  const { graph } = scope;
  const table = createOidTable(access.hash);
  for (const oid of blobs) table.add(fromHex(oid));
  const credentials = createBlobHits(blobs, byOid);
  const changes = await access.changes(graph, table, scope.range, ctx);
  const tips = tipNumbers(scope.tips, graph);
  const intervals = computeIntervals({
    graph,
    changes,
    credentials: credentials.ofBlob,
    tips: tips.all,
    range: scope.range,
  });
  const presence = readPresence(intervals, tips);

  const reached = new Uint8Array(blobs.length);
  for (const side of [changes.before, changes.after]) for (const blob of side) if (blob >= 0) reached[blob] = 1;
  const oids = new Map<number, string>();
  const name = (commit: number): void => void (oids.has(commit) || oids.set(commit, graph.table.hex(commit)));
  for (const [index, { first, last, removed }] of intervals.list.entries()) {
    name(first.commit);
    name(last.commit);
    if (removed !== undefined && presence[index] === undefined) name(removed);
  }
  return {
    commits: [...oids.values()].sort(),
    unreachable: blobs.filter((_, index) => reached[index] === 0),
    located(refs) {
      const paths = changes.paths.map((path) => pathText(Buffer.from(path, 'latin1')));
      const refOf = (commit: number): CommitRef | undefined => refs.get(oids.get(commit) ?? '');
      return intervals.list.flatMap((interval, index) =>
        locateInterval({
          interval,
          presence: presence[index],
          path: paths[interval.path] ?? '',
          blob: blobs[interval.first.blob] ?? '',
          refOf,
          hitsOf: (blob, credential) => credentials.hitsOf(blob, credential),
        }),
      );
    },
  };
}

/** Credentials as numbers, and where they are in each blob. */
interface BlobHits {
  /** By number of the blob, sorted. */
  readonly ofBlob: readonly (readonly number[])[];
  /** Hits of one credential in one blob, in order of place. */
  readonly hitsOf: (blob: number, credential: number) => readonly Hit[];
}

function createBlobHits(blobs: readonly string[], byOid: ReadonlyMap<string, readonly Hit[]>): BlobHits {
  const perBlob = blobs.map((oid) =>
    Map.groupBy(
      [...(byOid.get(oid) ?? [])].sort((a, b) => a.span.start - b.span.start),
      ({ credential }) => credential,
    ),
  );
  const ids = [...new Set(perBlob.flatMap((hits) => [...hits.keys()]))].sort();
  const numbers = new Map(ids.map((id, index) => [id, index]));
  return {
    ofBlob: perBlob.map((hits) => Array.from(hits.keys(), (id) => numbers.get(id) ?? -1).sort((a, b) => a - b)),
    hitsOf: (blob, credential) => perBlob[blob]?.get(ids[credential] ?? '') ?? [],
  };
}

interface IntervalPlace {
  readonly interval: Interval;
  readonly presence: Presence | undefined;
  readonly path: string;
  /** Id of the text in its first version. */
  readonly blob: string;
  readonly refOf: (commit: number) => CommitRef | undefined;
  readonly hitsOf: (blob: number, credential: number) => readonly Hit[];
}

/** One sighting; one located hit for each rule that found the credential in the interval's first version. */
function locateInterval({ interval, presence, path, blob, refOf, hitsOf }: IntervalPlace): readonly Located[] {
  const { first, credential } = interval;
  const found = hitsOf(first.blob, credential);
  const hit = found[0];
  const ref = refOf(first.commit);
  if (hit === undefined || ref === undefined) return [];
  const newest = hitsOf(presence?.blob ?? interval.last.blob, credential);
  const last = interval.last.commit === first.commit ? undefined : refOf(interval.last.commit);
  const removed = interval.removed === undefined || presence !== undefined ? undefined : refOf(interval.removed);
  const sighting: GitSighting = {
    kind: 'git',
    path,
    blob,
    ...whereOf(hit),
    ...ref,
    ...(last === undefined ? {} : { last }),
    ...(removed === undefined ? {} : { removed }),
    inHead: presence?.inHead ?? false,
    ...(presence?.inHead === true ? headPlace(hit, newest[0]) : {}),
    branches: presence?.branches ?? [],
  };
  // An inline comment is a property of the newest version, and counts only if no place in it goes without.
  const inline = newest.some((each) => each.inline === undefined) ? undefined : newest[0]?.inline;
  const text = `git:${blob}`;
  if (found.length === 1) return [{ text, hit: withInline(hit, inline), sighting }];
  const seen = new Set<string>();
  return found
    .filter(({ rule }) => !seen.has(rule) && seen.add(rule))
    .map((each) => ({ text, hit: withInline(each, inline), sighting }));
}

function withInline(hit: Hit, inline: Hit['inline']): Hit {
  if (hit.inline === inline) return hit;
  const { inline: _own, ...rest } = hit;
  return inline === undefined ? rest : { ...rest, inline };
}

/** The place in the version of HEAD, unless it is that of the first version. */
function headPlace(first: Hit, newest: Hit | undefined): Pick<GitSighting, 'headPlace'> {
  if (newest === undefined) return {};
  const { line, column, endLine, endColumn } = newest;
  const isSame =
    line === first.line && column === first.column && endLine === first.endLine && endColumn === first.endColumn;
  return isSame ? {} : { headPlace: { line, column, endLine, endColumn } };
}

function whereOf(hit: Hit): Pick<GitSighting, 'line' | 'column' | 'endLine' | 'endColumn' | 'decoded'> {
  return {
    line: hit.line,
    column: hit.column,
    endLine: hit.endLine,
    endColumn: hit.endColumn,
    ...(hit.decoded.length === 0 ? {} : { decoded: hit.decoded }),
  };
}

function unreachable(oid: string, hits: readonly Hit[]): readonly Located[] {
  return hits.map((hit) => {
    const sighting: UnreachableSighting = { kind: 'git-unreachable', path: '', blob: oid, ...whereOf(hit) };
    return { text: `git:${oid}`, hit, sighting };
  });
}

async function locateMessages(
  access: HistoryAccess,
  scope: Scope,
  ids: readonly string[],
  types: ReadonlyMap<string, string>,
  byOid: ReadonlyMap<string, readonly Hit[]>,
  ctx: AccessContext,
): Promise<readonly Located[]> {
  const tags = new Set(scope.tips.tags);
  const isReached = (oid: string): boolean => (types.get(oid) === 'tag' ? tags.has(oid) : isInside(scope.graph, oid));
  const reached = ids.filter(isReached);
  const messages = new Map<string, CommitRef>();
  await access.read(
    reached,
    (oid, type, bytes) => {
      const secrets = secretSpans(byOid.get(oid) ?? []);
      messages.set(oid, type === 'tag' ? parseTag(bytes, secrets) : parseCommitRef(oid, bytes, secrets));
    },
    ctx,
  );
  // In the order of ids: objects are read in the order in which they lie.
  return ids.flatMap((oid) => {
    const hits = byOid.get(oid) ?? [];
    const ref = messages.get(oid);
    if (ref === undefined) return scope.range || isReached(oid) ? [] : unreachable(oid, hits);
    const kind = types.get(oid) === 'tag' ? 'tag-message' : 'commit-message';
    return hits.map((hit) => ({
      text: `git:${oid}`,
      hit,
      sighting: { kind, path: '', ...ref, ...whereOf(hit) } satisfies MessageSighting,
    }));
  });
}

function isInside(graph: CommitGraph, oid: string): boolean {
  const commit = graph.table.find(fromHex(oid));
  return commit >= 0 && graph.isInside(commit);
}

async function readCommits(
  access: HistoryAccess,
  ids: readonly string[],
  byOid: ReadonlyMap<string, readonly Hit[]>,
  ctx: AccessContext,
): Promise<ReadonlyMap<string, CommitRef>> {
  const refs = new Map<string, CommitRef>();
  await access.read(
    ids,
    (oid, _type, bytes) => refs.set(oid, parseCommitRef(oid, bytes, secretSpans(byOid.get(oid) ?? []))),
    ctx,
  );
  return refs;
}

/** A message is repeated in reports: what was found in it is not. */
function secretSpans(hits: readonly Hit[]): readonly Span[] {
  return hits.flatMap((hit) => [hit.span, ...Object.values(hit.parts).map((part) => part.span)]);
}
