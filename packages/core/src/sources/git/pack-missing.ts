/** Missing objects, found without git: the same rule as missing.ts, on trees that we walk ourselves. */
import { setImmediate } from 'node:timers/promises';
import type { SourceContext } from '../../types/index.ts';
import { reportMissing } from './cat-file-reader.ts';
import { walkCommits } from './commit-walk.ts';
import { parseCommitLinks } from './commit-text.ts';
import { TRUSTED_ABOVE_OBJECTS } from './missing.ts';
import type { ObjectDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import type { Tips } from './refs.ts';
import { parseTree } from './tree-diff.ts';

export interface MissingScope {
  readonly blobs: number;
  readonly commits: number;
  readonly tags: number;
  readonly trees: number;
  readonly unreadable: readonly string[];
  readonly partial: boolean;
  readonly allowMissing: boolean;
}

const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;

export async function findMissingObjects(database: ObjectDatabase, tips: Tips, shallow: readonly string[], scope: MissingScope, ctx: SourceContext): Promise<void> {
  if (!scope.partial && scope.blobs + scope.commits + scope.tags + scope.trees > TRUSTED_ABOVE_OBJECTS) return;
  const known = new Set(scope.unreadable);
  const missing = new Set<string>();
  const seen = new Set<string>();
  const open: string[] = [];

  function read(oid: string): Uint8Array | undefined {
    try {
      return database.read(oid, MAX_STRUCTURE_BYTES).bytes;
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
      if (error.code === 'missing') missing.add(oid);
      return undefined;
    }
  }

  // A commit that is missing is reported by the walk of whoever asks for the history; here it only ends a line.
  const quiet = { signal: ctx.signal, notScanned: () => undefined };
  const reader = {
    hash: database.hash,
    shallow: new Set(shallow),
    read: (ids: readonly string[], onObject: (oid: string, type: 'commit', bytes: Uint8Array) => void): Promise<void> => {
      for (const oid of ids) {
        const bytes = read(oid);
        if (bytes === undefined) continue;
        onObject(oid, 'commit', bytes);
        open.push(parseCommitLinks(bytes, database.hash).tree);
      }
      return Promise.resolve();
    },
  };
  await walkCommits(reader, tips.commits, [], quiet);
  for (let tree = open.pop(), count = 0; tree !== undefined; tree = open.pop(), count += 1) {
    if (count % 1024 === 1023) await setImmediate();
    ctx.signal.throwIfAborted();
    if (seen.has(tree)) continue;
    seen.add(tree);
    for (const entry of parseTree(read(tree) ?? new Uint8Array(0), database.hash)) {
      if (entry.isTree) open.push(entry.oid);
      else if (entry.oid !== '' && !seen.has(entry.oid)) {
        seen.add(entry.oid);
        if (!exists(database, entry.oid)) missing.add(entry.oid);
      }
    }
  }
  for (const oid of [...missing].sort()) if (!known.has(oid)) reportMissing(`git:${oid}`, scope.allowMissing, ctx);
}

function exists(database: ObjectDatabase, oid: string): boolean {
  try {
    database.header(oid);
    return true;
  } catch (error) {
    if (!(error instanceof ObjectError)) throw error;
    return error.code !== 'missing';
  }
}
