/** Refs, graph and attribution through the installed git. */
import type { SourceContext } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { closeCatFile } from './cat-file-reader.ts';
import type { Repository } from './detect.ts';
import { git, type GitDoor, openDoor } from './door.ts';
import { createOidTable, type OidTable } from './oid.ts';
import { openDatabase } from './pack/object-database.ts';
import { readOwnTips } from './own-tips.ts';
import { resolveNames } from './place.ts';
import { narrowTips, readTips } from './refs.ts';
import type { RepositoryAccess } from './repository-access.ts';
import { createPackedObjects } from './trees/packed-objects.ts';
import { createTreeHistory } from './trees/tree-history.ts';

/** @throws GitError */
export async function openGitAccess(repository: Repository, ambient: Ambient): Promise<RepositoryAccess> {
  const open = await openDoor(repository, ambient);
  const { door, dir } = open;
  const database = openDatabase(dir.objectDirs, dir.hash);
  return {
    dir,
    facts: {},
    // The files of the refs say the same sooner; those of a reftable only git can read.
    tips: (forest, ctx) =>
      dir.reftable
        ? readTips(door, dir, ctx.signal)
        : readOwnTips(dir, createPackedObjects(forest, database), ctx.signal),
    async narrow(names, { tips }, ctx) {
      const found = await resolveNames(door, names, ctx.signal);
      const commits = await resolveNames(
        door,
        names.map((name) => `${name}^{commit}`),
        ctx.signal,
      );
      for (const [index, name] of names.entries())
        if (commits[index] === undefined)
          ctx.notScanned({ state: 'failed', reason: 'not-found', where: name, detail: 'it names no commit' });
      const oids = found.flatMap((each) => (each === undefined ? [] : [each.oid]));
      const narrowed = narrowTips(
        tips,
        oids,
        commits.flatMap((each) => (each === undefined ? [] : [each.oid])),
      );
      return { tips: narrowed, ids: await reachable(door, oids, ctx) };
    },
    history: (forest, known) => createTreeHistory({ forest, objects: database, shallow: dir.shallow, ...known }),
    async close() {
      closeCatFile(door);
      database.close();
      await open.close();
    },
  };
}

async function reachable(door: GitDoor, oids: readonly string[], ctx: SourceContext): Promise<OidTable> {
  const table = createOidTable(door.hash);
  if (oids.length === 0) return table;
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=allow-any', '--stdin'];
  const lines = await git(door, args, {
    input: oids.map((oid) => `${oid}\n`).join(''),
    signal: ctx.signal,
    maxBytes: 1024 * 1024 * 1024,
  });
  const step = table.width * 2 + 1;
  for (let at = 0; at + step <= lines.length; at += step) table.addHex(lines, at);
  return table;
}
