/** What attribution needs to know of a repository. Two answers exist: through git, and through our own pack reader. */
import type { Job, JobNews, NotScanned } from '../../types/index.ts';
import type { ObjectType } from './batch-parser.ts';
import type { CommitGraph } from './commit-graph.ts';
import type { HashName, OidTable } from './oid.ts';
import { ObjectError } from './pack/object-error.ts';

/**
 * Paths whose entry differs between a commit and one of its parents, where the entry on at least one side is a wanted
 * blob; in arrays, since there may be millions. In the order of the graph's commits; of one commit, by parent.
 */
export interface Changes {
  readonly count: number;
  readonly commit: Int32Array;
  /** Which parent; 0 also for a commit without parents. */
  readonly parent: Int32Array;
  /** Number in `paths`. */
  readonly path: Int32Array;
  /** Numbers in the table of wanted blobs, -1 for anything else. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** The paths' bytes, one character per byte. */
  readonly paths: readonly string[];
}

export interface ChangeList {
  /** @throws ObjectError `limit` */
  add(commit: number, parent: number, path: number, before: number, after: number): void;
  finish(paths: readonly string[]): Changes;
}

export interface AccessContext {
  readonly signal: AbortSignal;
  notScanned(event: NotScanned): void;
  /** As in SourceContext. */
  run?(jobs: readonly Job[], hear: (news: JobNews) => void): Promise<void>;
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

const FIELDS = 5;

/** `most`: more changes are a `limit`. */
export function createChangeList(most: number = Number.MAX_SAFE_INTEGER): ChangeList {
  let fields = new Int32Array(FIELDS * 1024);
  let count = 0;
  return {
    add(commit, parent, path, before, after) {
      let at = count * FIELDS;
      if (at === fields.length) {
        if (count >= most) throw new ObjectError('limit', 'what the commits changed is too much');
        const larger = new Int32Array(at * 2);
        larger.set(fields);
        fields = larger;
      }
      count += 1;
      fields[at++] = commit;
      fields[at++] = parent;
      fields[at++] = path;
      fields[at++] = before;
      fields[at++] = after;
    },
    finish(paths) {
      const field = (offset: number): Int32Array => {
        const values = new Int32Array(count);
        for (let index = 0; index < count; index += 1) values[index] = fields[index * FIELDS + offset] ?? 0;
        return values;
      };
      return { count, commit: field(0), parent: field(1), path: field(2), before: field(3), after: field(4), paths };
    },
  };
}
