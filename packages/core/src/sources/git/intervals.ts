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
import { createMapSpace, type MapSpace, type Root } from './persistent-map.ts';

export interface Interval {
  readonly credential: number;
  readonly path: number;
  /** Commits as numbers of the graph, blobs as numbers of the wanted table. */
  readonly first: { readonly commit: number; readonly blob: number };
  /** The newest commit that changed the path while it held the credential; may equal `first`. */
  readonly last: { readonly commit: number; readonly blob: number };
  readonly removed: number | undefined;
}

/** What a path holds in one commit: the blob, and for each of its credentials the piece it belongs to. */
interface Held {
  readonly blob: number;
  readonly pieces: readonly number[];
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
  /** What a tip holds: interval (an index of `list`, -1 if it began outside a range and nothing was added), and the blob. */
  holds(tip: number, visit: (interval: number, blob: number) => void): void;
}

export function computeIntervals(input: IntervalInput): Intervals {
  const { graph, changes, credentials } = input;
  const { rank, paths } = rankPaths(changes);
  const space: MapSpace<Held> = createMapSpace(Math.max(1, paths.length));
  /** Paths on which some credential has more than one piece so far: no other pieces can turn out to be one. */
  const contested = space.keySet();
  const pieces = createPieces(paths.length, (path) => contested.add(path));
  const states: (Root<Held> | undefined)[] = Array.from({ length: graph.table.size });
  const children = countChildren(graph, input.tips);
  let cursor = 0;

  function stateOf(commit: number | undefined): Root<Held> {
    return (commit === undefined ? undefined : states[commit]) ?? space.empty;
  }

  for (let at = 0; at < graph.order.length; at += 1) {
    const commit = graph.order[at] ?? 0;
    const parents = graph.parents(commit);
    const start = cursor;
    while (cursor < changes.count && changes.commit[cursor] === commit) cursor += 1;
    let state = stateOf(parents[0]);
    for (let change = start; change < cursor; change += 1)
      if (changes.parent[change] === 0) state = apply(state, change, parents, start, cursor, at);
    for (let parent = 1; parent < parents.length; parent += 1) join(state, stateOf(parents[parent]));
    if ((children[commit] ?? 0) > 0) states[commit] = state;
    for (const parent of parents) {
      const left = (children[parent] ?? 0) - 1;
      children[parent] = left;
      if (left === 0) states[parent] = undefined;
    }
  }

  /** Blob that a parent other than the first has at the path; -1: not a wanted one. */
  function blobOfParent(
    index: number,
    parents: Int32Array,
    change: number,
    path: number,
    start: number,
    end: number,
  ): number {
    if (!input.range) return space.get(stateOf(parents[index]), path)?.blob ?? -1;
    for (let own = start; own < end; own += 1)
      if (changes.parent[own] === index && changes.path[own] === changes.path[change]) return changes.before[own] ?? -1;
    return changes.after[change] ?? -1;
  }

  /** `start` and `end`: the changes of the commit. */
  function apply(
    state: Root<Held>,
    change: number,
    parents: Int32Array,
    start: number,
    end: number,
    at: number,
  ): Root<Held> {
    const path = rank[changes.path[change] ?? 0] ?? 0;
    const blob = changes.after[change] ?? -1;
    const held = space.get(state, path);
    const before = credentialsOf(changes.before[change] ?? -1);
    const after = credentialsOf(blob);
    const others: { readonly blob: number; readonly held: Held | undefined }[] = [];
    for (let index = 1; index < parents.length; index += 1) {
      others.push({
        blob: blobOfParent(index, parents, change, path, start, end),
        held: space.get(stateOf(parents[index]), path),
      });
    }
    for (const credential of before) {
      if (after.includes(credential) || !others.every((other) => credentialsOf(other.blob).includes(credential)))
        continue;
      pieces.remove(pieceOf(held, credential, path), at);
    }
    if (after.length === 0) return space.set(state, path, undefined);
    const isFromOther = others.some((other) => other.blob === blob);
    const owned = after.map((credential) => {
      const found: number[] = [];
      if (before.includes(credential)) found.push(pieceOf(held, credential, path));
      for (const other of others)
        if (credentialsOf(other.blob).includes(credential)) found.push(pieceOf(other.held, credential, path));
      const piece = found.length === 0 ? pieces.begin(credential, path, at, blob) : found.reduce(pieces.join);
      if (!isFromOther) pieces.touch(piece, at, blob);
      return piece;
    });
    return space.set(state, path, { blob, pieces: owned });
  }

  function credentialsOf(blob: number): readonly number[] {
    return credentials[blob] ?? [];
  }

  function pieceOf(held: Held | undefined, credential: number, path: number): number {
    const index = held === undefined ? -1 : credentialsOf(held.blob).indexOf(credential);
    return held?.pieces[index] ?? pieces.outside(credential, path);
  }

  /** What two parents of a merge both hold, and the merge as well, is one piece. */
  function join(state: Root<Held>, other: Root<Held>): void {
    space.differences(state, other, contested, (path, mine, theirs) => {
      if (mine === undefined || theirs === undefined) return;
      for (const credential of credentialsOf(mine.blob)) {
        if (credentialsOf(theirs.blob).includes(credential))
          pieces.join(pieceOf(mine, credential, path), pieceOf(theirs, credential, path));
      }
    });
  }

  const { list, indexOf } = pieces.finish(graph.order, paths);
  return {
    list,
    holds(tip, visit) {
      space.each(stateOf(tip), (_path, held) => {
        for (const piece of held.pieces) visit(indexOf(piece), held.blob);
      });
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

interface Piece {
  readonly credential: number;
  readonly path: number;
  parent: number;
  /** Places in the graph's order; -1: none. */
  first: number;
  firstBlob: number;
  last: number;
  lastBlob: number;
  removed: number;
}

/** Pieces that may turn out to be one: a union-find, where the smaller number leads. `paths`: how many there are. */
function createPieces(
  paths: number,
  onSecond: (path: number) => void,
): {
  begin(credential: number, path: number, at: number, blob: number): number;
  /** A piece that began outside the range. */
  outside(credential: number, path: number): number;
  touch(piece: number, at: number, blob: number): void;
  remove(piece: number, at: number): void;
  readonly join: (a: number, b: number) => number;
  /** `names`: the numbers that paths have outside. */
  finish(
    order: Int32Array,
    names: Int32Array,
  ): { readonly list: readonly Interval[]; readonly indexOf: (piece: number) => number };
} {
  const all: Piece[] = [];
  /** Credentials with a piece, by path. */
  const begun = new Set<number>();

  function make(credential: number, path: number, first: number, blob: number): number {
    const key = credential * paths + path;
    if (begun.has(key)) onSecond(path);
    else begun.add(key);
    all.push({
      credential,
      path,
      parent: all.length,
      first,
      firstBlob: blob,
      last: first,
      lastBlob: blob,
      removed: -1,
    });
    return all.length - 1;
  }

  function find(piece: number): number {
    let root = piece;
    for (let up = all[root]?.parent ?? root; up !== root; up = all[root]?.parent ?? root) root = up;
    for (let at = piece; at !== root;) {
      const entry = all[at];
      if (entry === undefined) break;
      at = entry.parent;
      entry.parent = root;
    }
    return root;
  }

  function leader(piece: number): Piece | undefined {
    return all[find(piece)];
  }

  return {
    begin: make,
    outside: (credential, path) => make(credential, path, -1, -1),
    touch(piece, at, blob) {
      const entry = leader(piece);
      if (entry === undefined || at < entry.last) return;
      entry.last = at;
      entry.lastBlob = blob;
    },
    remove(piece, at) {
      const entry = leader(piece);
      if (entry !== undefined) entry.removed = Math.max(entry.removed, at);
    },
    join(a, b) {
      const root = Math.min(find(a), find(b));
      const other = Math.max(find(a), find(b));
      const kept = all[root];
      const gone = all[other];
      if (root === other || kept === undefined || gone === undefined) return root;
      gone.parent = root;
      if (gone.first >= 0 && (kept.first < 0 || gone.first < kept.first)) {
        kept.first = gone.first;
        kept.firstBlob = gone.firstBlob;
      }
      if (gone.last > kept.last) {
        kept.last = gone.last;
        kept.lastBlob = gone.lastBlob;
      }
      kept.removed = Math.max(kept.removed, gone.removed);
      return root;
    },
    finish(order, names) {
      const roots = all
        .map((piece, index) => ({ piece, index }))
        .filter(({ piece, index }) => piece.parent === index && piece.first >= 0);
      roots.sort(
        (a, b) =>
          a.piece.first - b.piece.first || a.piece.path - b.piece.path || a.piece.credential - b.piece.credential,
      );
      const indices = new Map(roots.map(({ index }, place) => [index, place]));
      return {
        list: roots.map(({ piece }) => ({
          credential: piece.credential,
          path: names[piece.path] ?? 0,
          first: { commit: order[piece.first] ?? 0, blob: piece.firstBlob },
          last: { commit: order[piece.last] ?? 0, blob: piece.lastBlob },
          removed: piece.removed < 0 ? undefined : order[piece.removed],
        })),
        indexOf: (piece) => indices.get(find(piece)) ?? -1,
      };
    },
  };
}
