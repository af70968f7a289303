/**
 * Which objects name which, without git. Missing ones are found by reading all commits and trees in the order in which
 * they lie on disk, so also what only unreachable ones name is missed; when that is done is the rule of missing.ts.
 */
import { setImmediate } from 'node:timers/promises';
import type { SourceContext } from '../../types/index.ts';
import type { ObjectType } from './batch-parser.ts';
import { parseCommitLinks } from './commit-text.ts';
import { TRUSTED_ABOVE_OBJECTS } from './missing.ts';
import { createOidTable, fromHex, hashBytes, type OidTable } from './oid.ts';
import { entryHex, findEntry, objectType } from './pack/forest.ts';
import type { StoredObject } from './pack/loose.ts';
import type { ObjectDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import { readLooseCopy } from './pack/other-copies.ts';
import { DEFAULT_WALK_LIMITS, walk } from './pack/walk.ts';
import type { PrivateDir } from './private-dir.ts';
import type { Found } from './repository-access.ts';
import { eachTreeId, parseTree } from './tree-diff.ts';

const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;
const OBJECTS_BETWEEN_PAUSES = 1024;

/** Ids, sorted. */
export async function findMissingObjects(
  { forest, loose, unreadable, objects }: Found,
  repository: Pick<PrivateDir, 'partial' | 'shallow' | 'objectDirs'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!repository.partial && objects > TRUSTED_ABOVE_OBJECTS) return [];
  const { hash } = forest;
  const width = hashBytes(hash);
  const cut = new Set(repository.shallow);
  const lost = new Set(unreadable);
  const missing = new Set<string>();

  function check(id: Uint8Array, at: number): void {
    if (findEntry(forest, id, at) >= 0 || loose.find(id, at) >= 0) return;
    const oid = Buffer.from(id.buffer, id.byteOffset + at, width).toString('hex');
    if (!lost.has(oid)) missing.add(oid);
  }

  function checkAll(type: ObjectType | undefined, bytes: Uint8Array, oid: () => string): void {
    if (type === 'tree') eachTreeId(bytes, width, check);
    if (type !== 'commit') return;
    const { tree, parents } = parseCommitLinks(bytes, hash);
    if (tree !== '') check(fromHex(tree), 0);
    if (!cut.has(oid())) for (const parent of parents) check(fromHex(parent), 0);
  }

  const roots: number[] = [];
  for (let entry = 0; entry < forest.count; entry += 1)
    if (forest.root[entry] === entry && (forest.type[entry] === COMMIT || forest.type[entry] === TREE))
      roots.push(entry);
  const visitor = {
    entry: (entry: number, bytes: Uint8Array) =>
      checkAll(objectType(forest.type[entry]), bytes, () => entryHex(forest, entry)),
    failed: () => undefined,
  };
  for (const _step of walk(forest, Int32Array.from(roots), { limits: STRUCTURE_LIMITS }, visitor)) {
    await setImmediate();
    signal.throwIfAborted();
  }
  for (let index = 0; index < loose.size; index += 1) {
    if (index % OBJECTS_BETWEEN_PAUSES === 0) await setImmediate();
    signal.throwIfAborted();
    const oid = loose.hex(index);
    const object = readLooseCopy(repository.objectDirs, oid, hash, MAX_STRUCTURE_BYTES);
    if (object !== undefined) checkAll(object.type, object.bytes, () => oid);
  }
  return [...missing].sort();
}

const COMMIT = 1;
const TREE = 2;
const STRUCTURE_LIMITS = { ...DEFAULT_WALK_LIMITS, textBytes: MAX_STRUCTURE_BYTES, baseBytes: MAX_STRUCTURE_BYTES };

/** Everything that these commits and tags reach, themselves included, as far as it can be read. */
export async function reachableObjects(
  database: ObjectDatabase,
  commits: readonly string[],
  tags: readonly string[],
  shallow: readonly string[],
  ctx: Pick<SourceContext, 'signal'>,
): Promise<OidTable> {
  const cut = new Set(shallow);
  const seen = createOidTable(database.hash);
  const open = [...commits];
  for (const tag of tags) seen.add(fromHex(tag));
  let count = 0;
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    const before = seen.size;
    if (seen.add(fromHex(oid)) < before) continue;
    count += 1;
    if (count % OBJECTS_BETWEEN_PAUSES === 0) await setImmediate();
    ctx.signal.throwIfAborted();
    const name = oid;
    const object = quietly(() => database.read(name, MAX_STRUCTURE_BYTES));
    if (object === undefined) continue;
    if (object.type === 'commit') open.push(...namedBy(object, database, cut.has(oid)));
    if (object.type !== 'tree') continue;
    for (const entry of parseTree(object.bytes, database.hash)) {
      if (entry.isTree) open.push(entry.oid);
      else if (entry.oid !== '') seen.add(fromHex(entry.oid));
    }
  }
  return seen;
}

function namedBy(object: StoredObject, database: ObjectDatabase, isCut: boolean): readonly string[] {
  if (object.type === 'tree')
    return parseTree(object.bytes, database.hash)
      .map(({ oid }) => oid)
      .filter((oid) => oid !== '');
  if (object.type !== 'commit') return [];
  const { tree, parents } = parseCommitLinks(object.bytes, database.hash);
  return [...(tree === '' ? [] : [tree]), ...(isCut ? [] : parents)];
}

function quietly(read: () => StoredObject): StoredObject | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}
