/** Refs, graph and attribution by our own reading, where git is not installed. */
import type { SourceContext } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import type { Repository } from './detect.ts';
import { GitError } from './git-error.ts';
import { type HashName, isOid } from './oid.ts';
import { createPackedObjects, type PackedObjects } from './trees/packed-objects.ts';
import { createTreeHistory } from './trees/tree-history.ts';
import { reachableObjects } from './reachable-objects.ts';
import { type ObjectDatabase, openDatabase } from './pack/object-database.ts';
import { makePrivateDir, type PrivateDir } from './private-dir.ts';
import { headOid, type RefFiles } from './ref-files.ts';
import { narrowTips, resolveTips, type Tips } from './refs.ts';
import { peelOwn, readOwnTips } from './own-tips.ts';
import type { RepositoryAccess } from './repository-access.ts';

/** @throws GitError `unsupported-format` */
export async function openOwnAccess(repository: Repository, ambient: Ambient): Promise<RepositoryAccess> {
  const dir = await makePrivateDir(repository, ambient);
  if (dir.reftable) {
    await dir.temporary.remove();
    throw new GitError('unsupported-format', 'the repository keeps its refs in a reftable, which only git can read');
  }
  const database = openDatabase(dir.objectDirs, dir.hash);
  return {
    dir,
    facts: { git: 'not installed' },
    tips: (forest, ctx) => readOwnTips(dir, createPackedObjects(forest, database), ctx.signal),
    narrow: (names, { forest, tips }, ctx) =>
      narrow({ objects: createPackedObjects(forest, database), database, dir, tips }, names, ctx),
    history: (forest, known) => createTreeHistory({ forest, objects: database, shallow: dir.shallow, ...known }),
    async close() {
      database.close();
      await dir.temporary.remove();
    },
  };
}

interface Opened {
  readonly objects: PackedObjects;
  readonly database: ObjectDatabase;
  readonly dir: PrivateDir;
  readonly tips: Tips;
}

async function narrow(
  { objects, database, dir, tips }: Opened,
  names: readonly string[],
  ctx: SourceContext,
): ReturnType<RepositoryAccess['narrow']> {
  const { refs, hash, shallow } = dir;
  const oids: string[] = [];
  for (const name of names) {
    const oid = resolveName(name, refs, hash);
    if (oid === undefined)
      ctx.notScanned({ state: 'failed', reason: 'not-found', where: name, detail: 'no ref has this name' });
    else oids.push(oid);
  }
  const found = await resolveTips(oids, [], { oid: undefined, branch: undefined }, (asked) =>
    peelOwn(objects, asked, ctx.signal),
  );
  return {
    tips: narrowTips(tips, oids, found.commits),
    ids: await reachableObjects(database, found.commits, found.tags, shallow, ctx),
  };
}

/** A full id, or a name as git resolves it: as it stands, as a tag, a branch, a remote branch. */
function resolveName(name: string, refs: RefFiles, hash: HashName): string | undefined {
  if (isOid(name, hash)) return name;
  if (name === 'HEAD') return headOid(refs);
  const spellings = [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`];
  return spellings
    .map((spelling) => refs.refs.find((ref) => ref.name === spelling)?.oid)
    .find((oid) => oid !== undefined);
}
