/**
 * Where and how long a credential was in history. Per path, the commits whose tree holds the credential there form
 * connected pieces of the commit graph; each piece is one interval. It begins with the first commit (in the graph's
 * order) that brought the credential in: it holds it and no parent does. It ends with the last commit that took it out:
 * it does not hold it and every parent does.
 *
 * The state of a commit is a map from path to the wanted blob there. It is that of the first parent plus the changes
 * between the two, so it is exact for merges, too, and costs only what changes.
 */
import type { CommitGraph } from './commit-graph.ts';
import type { Changes } from './history-access.ts';
import { createMapSpace, EMPTY_MAP } from './persistent-map.ts';
import { createPieces } from './pieces.ts';

export interface Interval {
  readonly credential: number;
  readonly path: number;
  /** Commits as numbers of the graph, blobs as numbers of the wanted table. */
  readonly first: { readonly commit: number; readonly blob: number };
  /** The newest commit that changed the path while it held the credential; may equal `first`. */
  readonly last: { readonly commit: number; readonly blob: number };
  readonly removed: number | undefined;
}

export interface IntervalInput {
  readonly graph: CommitGraph;
  readonly changes: Changes;
  /** Credentials of each wanted blob, sorted. */
  readonly credentials: readonly (readonly number[])[];
  /** Commits whose state is asked for afterwards. */
  readonly tips: readonly number[];
  /** The changes hold the comparison with every parent, and parents outside the graph have a state that is not known. */
  readonly range: boolean;
}

export interface Intervals {
  /** In the order in which they begin. */
  readonly list: readonly Interval[];
  /**
   * What tips hold: an interval (an index of `list`), the blob in it, and which of the tips do, ascending indices, at
   * most `most`. Several blobs of one interval are told one by one. What began outside a range is left out.
   */
  holders(
    tips: readonly number[],
    most: number,
    visit: (interval: number, blob: number, holders: readonly number[]) => void,
  ): void;
}

/** States are thinned out when there are so many nodes, or twice as many as at the last time. */
const MIN_NODES = 1 << 17;

export function computeIntervals(input: IntervalInput): Intervals {
  const { graph, changes } = input;
  const { rank, paths } = rankPaths(changes);
  const credentials = createCredentials(input.credentials);
  const space = createMapSpace(Math.max(1, paths.length));
  /** Paths on which some credential has more than one piece so far: no other pieces can turn out to be one. */
  const contested = space.keySet();
  const pieces = createPieces((path) => contested.add(path));
  const held = createHeld();
  /** By commit, a map from path to what it holds there. */
  const states = new Int32Array(graph.table.size);
  const children = countChildren(graph, input.tips);
  /** Of the commit at hand, the blob and what is held on one path, by parent. */
  const otherBlobs: number[] = [];
  const otherHeld: number[] = [];
  let limit = MIN_NODES;
  let cursor = 0;

  for (let at = 0; at < graph.order.length; at += 1) {
    const commit = graph.order[at] ?? 0;
    const start = cursor;
    while (cursor < changes.count && changes.commit[cursor] === commit) cursor += 1;
    let state = stateOf(graph.parent(commit, 0));
    for (let change = start; change < cursor; change += 1)
      if (changes.parent[change] === 0) state = apply(state, change, commit, start, cursor, at);
    space.freeze();
    for (let index = 1, other = 0; (other = graph.parent(commit, index)) >= 0; index += 1) join(state, stateOf(other));
    if ((children[commit] ?? 0) > 0) states[commit] = state;
    for (let index = 0, parent = 0; (parent = graph.parent(commit, index)) >= 0; index += 1) {
      const left = (children[parent] ?? 0) - 1;
      children[parent] = left;
      if (left === 0) states[parent] = EMPTY_MAP;
    }
    if (space.size < limit) continue;
    space.keep(states);
    limit = Math.max(MIN_NODES, space.size * 2);
  }

  function stateOf(commit: number): number {
    return commit < 0 ? EMPTY_MAP : (states[commit] ?? EMPTY_MAP);
  }

  /** Fills in what the parents other than the first hold on the path of a change; gives how many there are. */
  function readOthers(commit: number, change: number, path: number, start: number, end: number): number {
    let count = 0;
    for (let parent = 0; (parent = graph.parent(commit, count + 1)) >= 0; count += 1) {
      const found = space.get(stateOf(parent), path);
      otherHeld[count] = found;
      otherBlobs[count] = input.range ? blobInRange(count + 1, change, start, end) : held.blob(found);
    }
    return count;
  }

  /** In a range, what a parent has is known from the comparison with it alone. */
  function blobInRange(parent: number, change: number, start: number, end: number): number {
    for (let own = start; own < end; own += 1)
      if (changes.parent[own] === parent && changes.path[own] === changes.path[change])
        return changes.before[own] ?? -1;
    return changes.after[change] ?? -1;
  }

  /** `start` and `end`: the changes of the commit. */
  function apply(state: number, change: number, commit: number, start: number, end: number, at: number): number {
    const path = rank[changes.path[change] ?? 0] ?? 0;
    const was = changes.before[change] ?? -1;
    const now = changes.after[change] ?? -1;
    const own = space.get(state, path);
    const others = readOthers(commit, change, path, start, end);
    for (let index = credentials.first(was); index < credentials.first(was + 1); index += 1) {
      const credential = credentials.at(index);
      let isRemoved = credentials.find(now, credential) < 0;
      for (let other = 0; isRemoved && other < others; other += 1)
        isRemoved = credentials.find(otherBlobs[other] ?? -1, credential) >= 0;
      if (isRemoved) pieces.remove(pieceOf(own, credential, path), at);
    }
    const first = credentials.first(now);
    const last = credentials.first(now + 1);
    if (first === last) return space.set(state, path, 0);
    let isFromOther = false;
    for (let other = 0; other < others; other += 1) isFromOther ||= otherBlobs[other] === now;
    const next = held.add(now, last - first);
    for (let index = first; index < last; index += 1) {
      const credential = credentials.at(index);
      let piece = credentials.find(was, credential) < 0 ? -1 : pieceOf(own, credential, path);
      for (let other = 0; other < others; other += 1) {
        if (credentials.find(otherBlobs[other] ?? -1, credential) < 0) continue;
        const theirs = pieceOf(otherHeld[other] ?? 0, credential, path);
        piece = piece < 0 ? theirs : pieces.join(piece, theirs);
      }
      if (piece < 0) piece = pieces.begin(credential, path, at, now);
      if (!isFromOther) pieces.touch(piece, at, now);
      held.set(next, index - first, piece);
    }
    return space.set(state, path, next);
  }

  function pieceOf(place: number, credential: number, path: number): number {
    const blob = held.blob(place);
    const index = credentials.find(blob, credential);
    return index < 0 ? pieces.begin(credential, path, -1, -1) : held.piece(place, index - credentials.first(blob));
  }

  /** What two parents of a merge both hold, and the merge as well, is one piece. */
  function join(state: number, other: number): void {
    space.differences(state, other, contested, (path, mine, theirs) => {
      if (mine === 0 || theirs === 0) return;
      const blob = held.blob(mine);
      for (let index = credentials.first(blob); index < credentials.first(blob + 1); index += 1) {
        const credential = credentials.at(index);
        if (credentials.find(held.blob(theirs), credential) >= 0)
          pieces.join(pieceOf(mine, credential, path), pieceOf(theirs, credential, path));
      }
    });
  }

  const finished = pieces.finish();
  const commitAt = (place: number): number => graph.order[place] ?? 0;
  return {
    list: finished.list.map((piece) => ({
      credential: piece.credential,
      path: paths[piece.path] ?? 0,
      first: { commit: commitAt(piece.first), blob: piece.firstBlob },
      last: { commit: commitAt(piece.last), blob: piece.lastBlob },
      removed: piece.removed < 0 ? undefined : commitAt(piece.removed),
    })),
    holders(tips, most, visit) {
      for (const [place, holders] of space.holders(Int32Array.from(tips, stateOf), most)) {
        const blob = held.blob(place);
        const count = credentials.first(blob + 1) - credentials.first(blob);
        for (let index = 0; index < count; index += 1) {
          const interval = finished.indexOf(held.piece(place, index));
          if (interval >= 0) visit(interval, blob, holders);
        }
      }
    },
  };
}

/** What a path holds in some commits: the blob, and for each of its credentials the piece it belongs to. */
interface HeldTable {
  /** Gives its place; never 0. */
  add(blob: number, credentials: number): number;
  set(place: number, index: number, piece: number): void;
  /** -1 for place 0. */
  blob(place: number): number;
  piece(place: number, index: number): number;
}

function createHeld(): HeldTable {
  let table = new Int32Array(1024);
  let used = 1;
  return {
    add(blob, count) {
      while (used + count + 1 > table.length) {
        const larger = new Int32Array(table.length * 2);
        larger.set(table);
        table = larger;
      }
      const place = used;
      table[place] = blob;
      used += count + 1;
      return place;
    },
    set(place, index, piece) {
      table[place + 1 + index] = piece;
    },
    blob: (place) => (place === 0 ? -1 : (table[place] ?? -1)),
    piece: (place, index) => table[place + 1 + index] ?? 0,
  };
}

/** Credentials of blobs in one array. */
interface Credentials {
  /** Index of a blob's first one; they end where those of the next begin. For blob -1 and 0 it is 0: -1 has none. */
  first(blob: number): number;
  at(index: number): number;
  /** Index of a credential of a blob, -1 if it has it not. */
  find(blob: number, credential: number): number;
}

function createCredentials(ofBlobs: readonly (readonly number[])[]): Credentials {
  const firsts = new Int32Array(ofBlobs.length + 1);
  for (const [blob, list] of ofBlobs.entries()) firsts[blob + 1] = (firsts[blob] ?? 0) + list.length;
  const all = Int32Array.from(ofBlobs.flat());
  const first = (blob: number): number => (blob < 0 ? 0 : (firsts[blob] ?? 0));
  return {
    first,
    at: (index) => all[index] ?? 0,
    find(blob, credential) {
      let low = first(blob);
      let high = first(blob + 1);
      const end = high;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((all[middle] ?? 0) < credential) low = middle + 1;
        else high = middle;
      }
      return low < end && all[low] === credential ? low : -1;
    },
  };
}

/**
 * Paths in their own order: they are numbered as they were met, which differs from reader to reader, and what changes
 * together should be together.
 */
function rankPaths({ paths }: Changes): { readonly rank: Int32Array; readonly paths: Int32Array } {
  const text = (path: number): string => paths[path] ?? '';
  const sorted = Int32Array.from(paths, (_, path) => path).sort((a, b) => compareText(text(a), text(b)));
  const rank = new Int32Array(paths.length);
  for (let at = 0; at < sorted.length; at += 1) rank[sorted[at] ?? 0] = at;
  return { rank, paths: sorted };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A tip has one child more than it has, so that its state is kept. */
function countChildren(graph: CommitGraph, tips: readonly number[]): Int32Array {
  const children = new Int32Array(graph.table.size);
  for (const commit of graph.order)
    for (let index = 0, parent = 0; (parent = graph.parent(commit, index)) >= 0; index += 1)
      children[parent] = (children[parent] ?? 0) + 1;
  for (const tip of tips) children[tip] = (children[tip] ?? 0) + 1;
  return children;
}
