/**
 * Pieces of history in which a path holds a credential. Any two may turn out to be one, so they are a union-find, in
 * which the smaller number leads.
 */
import { createPairTable } from './pair-table.ts';

export interface Pieces {
  /** Begins a piece at a place in the graph's order; `at` is -1 for one that began outside the range. */
  begin(credential: number, path: number, at: number, blob: number): number;
  /** A commit that changed the path while it held the credential. */
  touch(piece: number, at: number, blob: number): void;
  /** A commit that took the credential out. */
  remove(piece: number, at: number): void;
  /** Makes two pieces one; gives that which leads. */
  join(a: number, b: number): number;
  finish(): FinishedPieces;
}

export interface Piece {
  readonly credential: number;
  readonly path: number;
  /** Places in the graph's order; `removed` is -1 if it never was. */
  readonly first: number;
  readonly firstBlob: number;
  readonly last: number;
  readonly lastBlob: number;
  readonly removed: number;
}

export interface FinishedPieces {
  /** Those that began in the graph: in the order in which they did, then by path and credential. */
  readonly list: readonly Piece[];
  /** Index in `list` of what a piece is part of; -1 if that began outside. */
  readonly indexOf: (piece: number) => number;
}

const FIELDS = 8;
const CREDENTIAL = 0;
const PATH = 1;
const PARENT = 2;
const FIRST = 3;
const FIRST_BLOB = 4;
const LAST = 5;
const LAST_BLOB = 6;
const REMOVED = 7;

/** `onSecond` is called with a path as soon as a credential has more than one piece there. */
export function createPieces(onSecond: (path: number) => void): Pieces {
  let fields = new Int32Array(FIELDS * 1024);
  let count = 0;
  const begun = createPairTable();

  function get(piece: number, field: number): number {
    return fields[piece * FIELDS + field] ?? 0;
  }

  function set(piece: number, field: number, value: number): void {
    fields[piece * FIELDS + field] = value;
  }

  function find(piece: number): number {
    let root = piece;
    while (get(root, PARENT) !== root) root = get(root, PARENT);
    for (let at = piece; at !== root;) {
      const up = get(at, PARENT);
      set(at, PARENT, root);
      at = up;
    }
    return root;
  }

  return {
    begin(credential, path, at, blob) {
      if ((count + 1) * FIELDS > fields.length) {
        const larger = new Int32Array(fields.length * 2);
        larger.set(fields);
        fields = larger;
      }
      const known = begun.size;
      if (begun.add(credential, path) < known) onSecond(path);
      const piece = count;
      count += 1;
      set(piece, CREDENTIAL, credential);
      set(piece, PATH, path);
      set(piece, PARENT, piece);
      set(piece, FIRST, at);
      set(piece, FIRST_BLOB, blob);
      set(piece, LAST, at);
      set(piece, LAST_BLOB, blob);
      set(piece, REMOVED, -1);
      return piece;
    },
    touch(piece, at, blob) {
      const root = find(piece);
      if (at < get(root, LAST)) return;
      set(root, LAST, at);
      set(root, LAST_BLOB, blob);
    },
    remove(piece, at) {
      const root = find(piece);
      set(root, REMOVED, Math.max(get(root, REMOVED), at));
    },
    join(a, b) {
      const one = find(a);
      const two = find(b);
      if (one === two) return one;
      const kept = Math.min(one, two);
      const gone = Math.max(one, two);
      set(gone, PARENT, kept);
      if (get(gone, FIRST) >= 0 && (get(kept, FIRST) < 0 || get(gone, FIRST) < get(kept, FIRST))) {
        set(kept, FIRST, get(gone, FIRST));
        set(kept, FIRST_BLOB, get(gone, FIRST_BLOB));
      }
      if (get(gone, LAST) > get(kept, LAST)) {
        set(kept, LAST, get(gone, LAST));
        set(kept, LAST_BLOB, get(gone, LAST_BLOB));
      }
      set(kept, REMOVED, Math.max(get(kept, REMOVED), get(gone, REMOVED)));
      return kept;
    },
    finish() {
      const roots: number[] = [];
      for (let piece = 0; piece < count; piece += 1)
        if (get(piece, PARENT) === piece && get(piece, FIRST) >= 0) roots.push(piece);
      roots.sort(
        (a, b) =>
          get(a, FIRST) - get(b, FIRST) || get(a, PATH) - get(b, PATH) || get(a, CREDENTIAL) - get(b, CREDENTIAL),
      );
      const places = new Int32Array(count).fill(-1);
      for (const [place, piece] of roots.entries()) places[piece] = place;
      return {
        list: roots.map((piece) => ({
          credential: get(piece, CREDENTIAL),
          path: get(piece, PATH),
          first: get(piece, FIRST),
          firstBlob: get(piece, FIRST_BLOB),
          last: get(piece, LAST),
          lastBlob: get(piece, LAST_BLOB),
          removed: get(piece, REMOVED),
        })),
        indexOf: (piece) => places[find(piece)] ?? -1,
      };
    },
  };
}
