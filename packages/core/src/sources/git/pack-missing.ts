/**
 * Which objects name which, without git. Missing ones are found by reading all commits and trees in the order in which
 * they lie on disk, so also what only unreachable ones name is missed; when that is done is the rule of missing.ts.
 */
import { setImmediate } from 'node:timers/promises';
import type { SourceContext } from '../../types/index.ts';
import { reportMissing } from './object-text.ts';
import { parseCommitLinks } from './commit-text.ts';
import { TRUSTED_ABOVE_OBJECTS } from './missing.ts';
import { createOidTable, fromHex, type OidTable, toHex } from './oid.ts';
import type { ObjectDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import type { StoredObject } from './pack/loose.ts';
import type { PackList } from './pack/pack-list.ts';
import { parseTree } from './tree-diff.ts';

const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;
const OBJECTS_BETWEEN_PAUSES = 1024;

export async function findMissingObjects(
  database: ObjectDatabase,
  list: PackList,
  repository: { readonly partial: boolean; readonly shallow: readonly string[] },
  allowMissing: boolean,
  ctx: Pick<SourceContext, 'signal' | 'notScanned'>,
): Promise<void> {
  if (!repository.partial && list.known.size > TRUSTED_ABOVE_OBJECTS) return;
  const cut = new Set(repository.shallow);
  const unreadable = new Set(list.unreadable);
  const missing = new Set<string>();
  let count = 0;
  for (const batch of list.structure) {
    const pack = database.packs[batch.pack];
    for (let index = 0; index * list.known.width < batch.ids.length; index += 1) {
      count += 1;
      if (count % OBJECTS_BETWEEN_PAUSES === 0) await setImmediate();
      ctx.signal.throwIfAborted();
      const oid = toHex(batch.ids, index, list.known.width);
      const offset = batch.offsets[index];
      const object = quietly(() =>
        pack === undefined || offset === undefined
          ? database.read(oid, MAX_STRUCTURE_BYTES)
          : database.readAt(pack, offset, oid, MAX_STRUCTURE_BYTES),
      );
      if (object === undefined) continue;
      for (const named of namedBy(object, database, cut.has(oid))) {
        if (list.known.find(fromHex(named)) < 0 && !unreadable.has(named)) missing.add(named);
      }
    }
  }
  for (const oid of [...missing].sort()) reportMissing(`git:${oid}`, allowMissing, ctx);
}

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
