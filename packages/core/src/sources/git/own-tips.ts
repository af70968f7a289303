/** The tips of a repository's history by our own reading: from the files of its refs, and the types that its packs tell. */
import { parseTag } from './commit-text.ts';
import { fromHex } from './oid.ts';
import { findEntry, type Forest } from './pack/forest.ts';
import type { ObjectDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import type { PrivateDir } from './private-dir.ts';
import { headBranch, headOid } from './ref-files.ts';
import { type Peeled, resolveTips, type Tips } from './refs.ts';
import { objectType } from './pack/object-types.ts';

/** Tags above this are made up. */
const MAX_TAG_BYTES = 1024 * 1024 * 1024;

export async function readOwnTips(dir: PrivateDir, database: ObjectDatabase, forest: Forest): Promise<Tips> {
  const head = { oid: headOid(dir.refs), branch: headBranch(dir.refs) };
  const ids = new Set([
    ...dir.refs.refs.map((ref) => ref.oid),
    ...dir.refs.bareTips,
    ...(head.oid === undefined ? [] : [head.oid]),
  ]);
  return await resolveTips([...ids].sort(), dir.refs.refs, head, (asked) =>
    Promise.resolve(peelOwn(database, asked, forest)),
  );
}

const COMMIT: Peeled = { type: 'commit' };

/** What each of these is, told by the forest where there is one; nothing for those that are missing or corrupt. */
export function peelOwn(
  database: ObjectDatabase,
  ids: readonly string[],
  forest?: Forest,
): ReadonlyMap<string, Peeled> {
  const found = new Map<string, Peeled>();
  for (const oid of ids) {
    const peeled = peelOne(database, oid, forest);
    if (peeled !== undefined) found.set(oid, peeled);
  }
  return found;
}

function peelOne(database: ObjectDatabase, oid: string, forest: Forest | undefined): Peeled | undefined {
  const entry = forest === undefined ? -1 : findEntry(forest, fromHex(oid));
  try {
    const type = (entry < 0 ? undefined : objectType(forest?.type[entry])) ?? database.header(oid).type;
    if (type === 'commit') return COMMIT;
    return type === 'tag' ? { type, target: parseTag(database.read(oid, MAX_TAG_BYTES).bytes, []).commit } : { type };
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}
