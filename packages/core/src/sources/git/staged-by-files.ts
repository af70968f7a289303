/**
 * The staged changes, read from the index and the objects of the repository: somebody waits for every scan of them, and
 * each git that is started takes as long as all of this. What is rare is left to git (staged-by-git.ts).
 */
import { readFileSync } from 'node:fs';
import type { Ambient } from '../ambient.ts';
import { statOf } from '../look.ts';
import { pathText } from '../path-text.ts';
import type { Repository } from './detect.ts';
import { diffIndexWithTree, type IndexChange } from './index-diff.ts';
import { IndexError, type IndexFile, parseIndex } from './index-file.ts';
import { readLayout } from './layout.ts';
import { openObjects, type Objects } from './objects.ts';
import { fromHex, type HashName, isOid, hashBytes } from './oid.ts';
import { parentsByFiles } from './staged-parents.ts';
import type { StagedJob } from './staged-reader.ts';
import { STAGED_WHERE, type StagedView } from './staged-view.ts';

/** An index of a million files is a hundred megabytes. */
const MAX_INDEX_BYTES = 512 * 1024 * 1024;
/** Of a commit or a tree. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/**
 * Undefined when there is no index.
 * @throws IndexError, ObjectError where git is to be asked
 */
export async function stagedByFiles(
  repository: Repository,
  indexFile: string,
  ambient: Ambient,
): Promise<StagedView | undefined> {
  const { hash, reftable, objectDirs } = readLayout(repository, ambient);
  if (reftable) throw new IndexError('refs are no files');
  const index = readIndex(indexFile, hash);
  if (index === undefined) return undefined;
  const parents = await parentsByFiles(repository, hash);
  const objects = openObjects(objectDirs, hash);
  let diffs: readonly (readonly IndexChange[])[];
  try {
    const read = (oid: string): Uint8Array => treeObject(objects, oid);
    const trees = parents.length === 0 ? [''] : parents.map((parent) => treeOf(objects, parent, hash));
    diffs = trees.map((tree) => diffIndexWithTree(index, tree, hash, read));
  } finally {
    objects.close();
  }
  return {
    diffs,
    job: (objectsOfJob, weight, policy): StagedJob => ({
      reader: 'git-staged',
      weight,
      objects: objectsOfJob.length,
      objectDirs,
      hash,
      ids: fromHex(objectsOfJob.map(({ oid }) => oid).join('')),
      objectsAs: objectsOfJob.map(({ as }) => as),
      where: STAGED_WHERE,
      ...policy,
    }),
    async renames(parent, ctx) {
      const base = parents[parent];
      if (base === undefined) return new Map();
      const { renamesByGit } = await import('./staged-by-git.ts');
      return await renamesByGit(repository, indexFile, base, ambient, ctx.signal);
    },
    pathsOf: async (oids) => pathsInParents(index, diffs, oids),
    close: async () => undefined,
  };
}

function readIndex(file: string, hash: HashName): IndexFile | undefined {
  const stats = statOf(file);
  if (stats === undefined) return undefined;
  if (!stats.isFile() || stats.size > MAX_INDEX_BYTES) throw new IndexError('not an index');
  return parseIndex(readFileSync(file), hash);
}

function treeObject(objects: Objects, oid: string): Uint8Array {
  const { type, bytes } = objects.read(oid, MAX_OBJECT_BYTES);
  if (type !== 'tree') throw new IndexError('a tree is none');
  return bytes;
}

/** `tree <id>` is the first line of every commit. */
function treeOf(objects: Objects, commit: string, hash: HashName): string {
  const { type, bytes } = objects.read(commit, MAX_OBJECT_BYTES);
  const line = Buffer.from(bytes.subarray(0, hashBytes(hash) * 2 + 6)).toString('latin1');
  const oid = line.slice(5, -1);
  if (type !== 'commit' || !line.startsWith('tree ') || !line.endsWith('\n') || !isOid(oid, hash))
    throw new IndexError('a parent is no commit');
  return oid;
}

/** A parent has what the index has, but for the changes. */
function pathsInParents(
  index: IndexFile,
  diffs: readonly (readonly IndexChange[])[],
  oids: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const paths = new Map<string, Set<string>>();
  const add = (oid: string, path: string): void => {
    if (oids.has(oid)) paths.set(oid, (paths.get(oid) ?? new Set()).add(pathText(Buffer.from(path, 'latin1'))));
  };
  const changed = diffs.map((changes) => new Set(changes.map(({ path }) => path)));
  for (const change of diffs.flat()) add(change.was.oid, change.path);
  for (let entry = 0; entry < index.count; entry += 1) {
    const oid = index.oid(entry);
    if (!oids.has(oid) || index.stage(entry) !== 0 || index.isIntended(entry)) continue;
    const path = index.bytes.toString('latin1', index.pathStart[entry], index.pathEnd[entry]);
    if (changed.some((those) => !those.has(path))) add(oid, path);
  }
  return paths;
}
