/** Which objects commits lead to, without git. */
import { setImmediate } from 'node:timers/promises';
import { append } from '../../bytes/append.ts';
import type { SourceContext } from '../../types/index.ts';
import { parseCommitLinks } from './commit-text.ts';
import { createOidTable, fromHex, type HashName, type OidTable, toHex } from './oid.ts';
import type { StoredObject } from './pack/loose.ts';
import type { ObjectDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import { eachEntry, isBlob, isDirectory } from './tree-entries.ts';

const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;
const OBJECTS_BETWEEN_PAUSES = 1024;

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
    const { type, bytes } = object;
    if (type === 'commit') append(open, namedByCommit(bytes, database.hash, cut.has(oid)));
    if (type === 'tree')
      eachEntry(bytes, seen.width, (mode, _name, _nameEnd, id) => {
        if (isDirectory(mode)) open.push(toHex(bytes.subarray(id), 0, seen.width));
        else if (isBlob(mode)) seen.add(bytes, id);
      });
  }
  return seen;
}

/** Its tree, and its parents unless the history ends there. */
function namedByCommit(bytes: Uint8Array, hash: HashName, isCut: boolean): readonly string[] {
  const { tree, parents } = parseCommitLinks(bytes, hash);
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
