/** What attribution needs to know of a repository. Two answers exist: through git, and through our own pack reader. */
import type { NotScanned } from '../../types/index.ts';
import type { ObjectType } from './batch-parser.ts';
import type { CommitGraph } from './commit-graph.ts';
import type { HashName, OidTable } from './oid.ts';

/**
 * A path whose entry differs between a commit and one of its parents, where the entry on at least one side is a wanted
 * blob. Blobs are numbers in the table of wanted blobs, -1 for anything else.
 */
export interface Change {
  readonly commit: number;
  /** Which parent; 0 also for a commit without parents. */
  readonly parent: number;
  /** Number in `Changes.paths`. */
  readonly path: number;
  readonly before: number;
  readonly after: number;
}

export interface Changes {
  /** In the order of commits of the graph; of one commit, by parent. */
  readonly list: readonly Change[];
  /** The paths' bytes, one character per byte. */
  readonly paths: readonly string[];
}

export interface AccessContext {
  readonly signal: AbortSignal;
  notScanned(event: NotScanned): void;
}

export interface HistoryAccess {
  readonly hash: HashName;
  /** Types of the objects that exist. */
  types(ids: readonly string[], ctx: AccessContext): Promise<ReadonlyMap<string, ObjectType>>;
  /** Every commit that `tips` reach and `exclude` do not. */
  graph(tips: readonly string[], exclude: readonly string[], ctx: AccessContext): Promise<CommitGraph>;
  /** Compares every commit of the graph with its first parent, or with each (`allParents`). */
  changes(graph: CommitGraph, wanted: OidTable, allParents: boolean, ctx: AccessContext): Promise<Changes>;
  /** Reads objects; those that are missing or corrupt are left out. `bytes` is valid during the call only. */
  read(
    ids: readonly string[],
    onObject: (oid: string, type: ObjectType, bytes: Uint8Array) => void,
    ctx: AccessContext,
  ): Promise<void>;
}

/** Numbers paths as they come. Bytes are kept one character each, which is exact and compact. */
export function createPathTable(): {
  readonly paths: string[];
  add(bytes: Uint8Array, start: number, end: number): number;
} {
  const paths: string[] = [];
  const numbers = new Map<string, number>();
  return {
    paths,
    add(bytes, start, end) {
      const path = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
      let number = numbers.get(path);
      if (number === undefined) {
        number = paths.length;
        paths.push(path);
        numbers.set(path, number);
      }
      return number;
    },
  };
}
