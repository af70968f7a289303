/** Answers about a repository's history from our own pack reader, where git is not installed. */
import { setImmediate } from 'node:timers/promises';
import type { ObjectType } from './batch-parser.ts';
import { walkCommits } from './commit-walk.ts';
import type { CommitGraph } from './commit-graph.ts';
import { parseCommitLinks } from './commit-text.ts';
import {
  type AccessContext,
  type Changes,
  createChangeList,
  createPathTable,
  type HistoryAccess,
} from './history-access.ts';
import { fromHex, type OidTable } from './oid.ts';
import type { ObjectDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import { diffTrees, parseTree, type TreeEntry, type TreeReader } from './tree-diff.ts';

const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;
const CACHED_TREES = 20_000;
const COMMITS_BETWEEN_PAUSES = 64;

export function createPackHistory(database: ObjectDatabase, shallow: readonly string[]): HistoryAccess {
  const cut = new Set(shallow);

  async function read(
    ids: readonly string[],
    onObject: (oid: string, type: ObjectType, bytes: Uint8Array) => void,
    ctx: AccessContext,
  ): Promise<void> {
    for (const [index, oid] of ids.entries()) {
      if (index % 1024 === 1023) await setImmediate();
      ctx.signal.throwIfAborted();
      const object = quietly(() => database.read(oid, MAX_STRUCTURE_BYTES));
      if (object !== undefined) onObject(oid, object.type, object.bytes);
    }
  }

  return {
    hash: database.hash,
    types(ids) {
      const types = new Map<string, ObjectType>();
      for (const oid of ids) {
        const header = quietly(() => database.header(oid));
        if (header !== undefined) types.set(oid, header.type);
      }
      return Promise.resolve(types);
    },
    async graph(tips, exclude, ctx) {
      return (await walkCommits({ hash: database.hash, shallow: cut, read }, tips, exclude, ctx)).graph;
    },
    changes: (graph, wanted, allParents, ctx) => readChanges(database, graph, wanted, allParents, ctx),
    read,
  };
}

/** Undefined for what is missing or corrupt. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}

async function readChanges(
  database: ObjectDatabase,
  graph: CommitGraph,
  wanted: OidTable,
  allParents: boolean,
  ctx: AccessContext,
): Promise<Changes> {
  const paths = createPathTable();
  const trees = createTreeReader(database, ctx);
  const list = createChangeList();
  const number = (oid: string): number => (oid === '' ? -1 : wanted.find(fromHex(oid)));
  for (const [at, commit] of graph.order.entries()) {
    if (at % COMMITS_BETWEEN_PAUSES === 0) await setImmediate();
    ctx.signal.throwIfAborted();
    const parents = graph.parents(commit);
    const after = treeOf(database, graph.table.hex(commit));
    const count = allParents ? Math.max(1, parents.length) : 1;
    for (let parent = 0; parent < count; parent += 1) {
      const base = parents[parent];
      const before = base === undefined ? '' : treeOf(database, graph.table.hex(base));
      diffTrees(trees, before, after, (path, wasOid, nowOid) => {
        const was = number(wasOid);
        const now = number(nowOid);
        if (was < 0 && now < 0) return;
        const bytes = Buffer.from(path, 'latin1');
        list.add(commit, parent, paths.add(bytes, 0, bytes.length), was, now);
      });
    }
  }
  return list.finish(paths.paths);
}

function treeOf(database: ObjectDatabase, commit: string): string {
  const object = quietly(() => database.read(commit, MAX_STRUCTURE_BYTES));
  return object?.type === 'commit' ? parseCommitLinks(object.bytes, database.hash).tree : '';
}

function createTreeReader(database: ObjectDatabase, ctx: AccessContext): TreeReader {
  const cache = new Map<string, readonly TreeEntry[]>();
  const reported = new Set<string>();
  return {
    entries(oid) {
      let entries = cache.get(oid);
      if (entries === undefined) {
        const object = quietly(() => database.read(oid, MAX_STRUCTURE_BYTES));
        if (object === undefined && !reported.has(oid)) {
          reported.add(oid);
          ctx.notScanned({
            state: 'failed',
            reason: 'corrupt',
            where: `git:${oid}`,
            detail: 'what is in this directory cannot be told',
          });
        }
        entries = object?.type === 'tree' ? parseTree(object.bytes, database.hash) : [];
        cache.set(oid, entries);
        if (cache.size > CACHED_TREES) cache.delete(cache.keys().next().value ?? oid);
      }
      return entries;
    },
  };
}
