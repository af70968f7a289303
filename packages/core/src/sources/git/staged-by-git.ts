/**
 * The staged changes as git tells them: for repositories whose index or refs we do not read ourselves, and for what we do
 * not find out ourselves, which is whether a new file is an old one under another name.
 */
import { dirname } from 'node:path';
import type { Ambient } from '../ambient.ts';
import { closeCatFile, type ObjectsJob } from './cat-file-reader.ts';
import type { Repository } from './detect.ts';
import { git, type GitDoor, installedVersion, openQuickDoor } from './door.ts';
import { GitError } from './git-error.ts';
import { headOidByGit } from './head-by-git.ts';
import type { Side } from './index-diff.ts';
import { emptyTree, fromHex } from './oid.ts';
import { copyIndex } from './private-dir.ts';
import type { StagedChange } from './staged-diff.ts';
import { parentsByFiles } from './staged-parents.ts';
import { STAGED_WHERE, type StagedView } from './staged-view.ts';
import { listTree } from './tree-list.ts';

/** Undefined when there is no index. @throws GitError */
export async function stagedByGit(
  repository: Repository,
  indexFile: string,
  ambient: Ambient,
  signal: AbortSignal,
): Promise<StagedView | undefined> {
  await installedVersion(ambient);
  const open = await openQuickDoor(repository, ambient);
  const { door, dir } = open;
  try {
    const index = await copyIndex(indexFile, dirname(indexFile), door.gitDir);
    if (index === undefined) {
      await open.close();
      return undefined;
    }
    const parents = await parentsByFiles(
      repository,
      door.hash,
      dir.reftable ? ((await headOidByGit(door, signal)) ?? '') : undefined,
    );
    const bases = parents.length === 0 ? [emptyTree(door.hash)] : parents;
    return {
      diffs: await Promise.all(bases.map((base) => diffIndex(door, base, index, signal))),
      job: (objects, weight, policy): ObjectsJob => ({
        reader: 'git-cat-file',
        weight,
        objects: objects.length,
        door,
        ids: fromHex(objects.map(({ oid }) => oid).join('')),
        objectsAs: objects.map(({ as }) => as),
        where: STAGED_WHERE,
        ...policy,
      }),
      // The diffs know them.
      renames: async () => new Map(),
      async pathsOf(oids, ctx) {
        const paths = new Map<string, Set<string>>();
        for (const parent of parents) {
          for (const { oid, path } of await listTree(door, parent, ctx.signal))
            if (oids.has(oid)) paths.set(oid, (paths.get(oid) ?? new Set()).add(path));
        }
        return paths;
      },
      async close() {
        closeCatFile(door);
        await open.close();
      },
    };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** By new path, the text that the file had under its old name. @throws GitError */
export async function renamesByGit(
  repository: Repository,
  indexFile: string,
  base: string,
  ambient: Ambient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  await installedVersion(ambient);
  const open = await openQuickDoor(repository, ambient);
  const { door } = open;
  try {
    const index = await copyIndex(indexFile, dirname(indexFile), door.gitDir);
    const changes = index === undefined ? [] : await diffIndex(door, base, index, signal);
    return new Map(
      changes.flatMap(({ path, renamedFrom, was }) => (renamedFrom === undefined ? [] : [[path, was.oid]])),
    );
  } finally {
    await open.close();
  }
}

async function diffIndex(
  door: GitDoor,
  base: string,
  index: string,
  signal: AbortSignal,
): Promise<readonly StagedChange[]> {
  const args = ['diff-index', '--cached', '--raw', '-z', '-M', '--no-abbrev', '--ita-invisible-in-index', base];
  const output = await git(door, args, { env: { GIT_INDEX_FILE: index }, signal, maxBytes: 1024 * 1024 * 1024 });
  const tokens = Buffer.from(output.buffer, output.byteOffset, output.length).toString('latin1').split('\0');
  const changes: StagedChange[] = [];
  for (let at = 0; at + 1 < tokens.length;) {
    // `:<mode> <mode> <oid> <oid> <status>`, the path, and for a rename the new path behind it.
    const [modeBefore = '', modeAfter = '', before = '', after = '', status = ''] = (tokens[at] ?? '').split(' ');
    const from = tokens[at + 1] ?? '';
    // git does not notice by itself when an index ends too early.
    if (from === '' || status === '') throw new GitError('git-failed', 'the index is damaged');
    const isRename = status.startsWith('R') || status.startsWith('C');
    changes.push({
      path: isRename ? (tokens[at + 2] ?? '') : from,
      was: side(modeBefore.slice(1), before),
      now: side(modeAfter, after),
      isUnmerged: status.startsWith('U'),
      ...(isRename ? { renamedFrom: from } : {}),
    });
    at += isRename ? 3 : 2;
  }
  return changes;
}

function side(mode: string, oid: string): Side {
  const number = Number.parseInt(mode, 8);
  return number === 0 ? { mode: 0, oid: '' } : { mode: number, oid };
}
