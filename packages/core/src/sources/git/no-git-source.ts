/**
 * The full history of a local repository where git is not installed: objects, refs and trees are read by ourselves. It
 * finds the same texts and the same places as the source that asks git.
 */
import type { Hit, Located, Plan, Source, SourceContext, TextId } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../limits.ts';
import { attribute } from './attribution.ts';
import { GitError } from './git-error.ts';
import { type HistoryOptions, layoutFacts, reportLayout, reportList } from './history-source.ts';
import { closeDatabases, type PackJob } from './pack-reader.ts';
import { createPackHistory } from './pack-history.ts';
import { type HashName, isOid, type OidTable } from './oid.ts';
import { findMissingObjects, reachableObjects } from './pack-missing.ts';
import { type ObjectDatabase, openDatabase } from './pack/object-database.ts';
import { ObjectError } from './pack/object-error.ts';
import { listPacked } from './pack/pack-list.ts';
import { makePrivateDir, type PrivateDir } from './private-dir.ts';
import { headBranch, headOid, type RefFiles } from './ref-files.ts';
import { narrowTips, type Peeled, resolveTips, type Tips } from './refs.ts';
import { parseTag } from './commit-text.ts';

const WHERE = 'history';

export function createNoGitSource(options: HistoryOptions, ambient: Ambient): Source {
  let dir: PrivateDir | undefined;
  let database: ObjectDatabase | undefined;
  let tips: Tips | undefined;

  async function plan(ctx: SourceContext): Promise<Plan> {
    dir = await makePrivateDir(options.repository, ambient);
    if (dir.reftable)
      throw new GitError('unsupported-format', 'the repository keeps its refs in a reftable, which only git can read');
    const opened = openDatabase(dir.objectDirs, dir.hash);
    database = opened;
    reportLayout(dir, ctx);
    tips = await readTips(dir, opened);
    for (const name of tips.broken)
      ctx.notScanned({
        state: 'failed',
        reason: 'missing',
        where: name,
        detail: 'the ref points at an object that cannot be read',
      });
    const isNarrow = options.refs !== undefined && options.refs.length > 0;
    const only = isNarrow ? await narrow(opened, dir, options.refs, ctx) : undefined;
    const list = await listPacked(opened, ctx.signal, only);
    for (const { name, detail } of opened.broken)
      ctx.notScanned({ state: 'failed', reason: 'corrupt', where: `objects/pack/${name}`, detail });
    reportList({ tooLarge: [], damaged: [], unreadable: list.unreadable }, ctx);
    const objectDirs = dir.objectDirs;
    const { hash } = dir;
    if (!isNarrow) await findMissingObjects(opened, list, dir, options.allowMissing ?? false, ctx);
    return {
      jobs: list.batches.map((batch): PackJob => {
        const path = opened.packs[batch.pack]?.file.path;
        return {
          reader: 'git-pack',
          weight: batch.weight,
          objects: batch.ids.length / (hash === 'sha1' ? 20 : 32),
          objectDirs,
          hash,
          ...(path === undefined ? {} : { pack: path }),
          ids: batch.ids,
          offsets: batch.offsets,
          maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
          scanBinary: options.scanBinary ?? false,
          allowMissing: options.allowMissing ?? false,
          where: WHERE,
        };
      }),
      describes: isNarrow ? `the history of ${options.refs.join(', ')}` : 'the whole history of the repository',
      facts: { ...layoutFacts(dir, list), git: 'not installed' },
    };
  }

  /** Makes the named refs the only tips, and gives all objects that they reach. */
  async function narrow(
    opened: ObjectDatabase,
    { refs, hash, shallow }: PrivateDir,
    names: readonly string[],
    ctx: SourceContext,
  ): Promise<OidTable> {
    const oids: string[] = [];
    for (const name of names) {
      const oid = resolveName(name, refs, hash);
      if (oid === undefined)
        ctx.notScanned({ state: 'failed', reason: 'not-found', where: name, detail: 'no ref has this name' });
      else oids.push(oid);
    }
    const found = await resolveTips(oids, [], { oid: undefined, branch: undefined }, (asked) =>
      Promise.resolve(peel(opened, asked)),
    );
    if (tips !== undefined) tips = narrowTips(tips, oids, found.commits);
    return await reachableObjects(opened, found.commits, found.tags, shallow, ctx);
  }

  return {
    plan,
    async attribute(hits: ReadonlyMap<TextId, readonly Hit[]>, ctx: SourceContext): Promise<readonly Located[]> {
      if (dir === undefined || database === undefined || tips === undefined || hits.size === 0) return [];
      return await attribute(createPackHistory(database, dir.shallow), tips, hits, ctx);
    },
    async close() {
      database?.close();
      closeDatabases();
      await dir?.temporary.remove();
      database = undefined;
      dir = undefined;
    },
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

async function readTips(dir: PrivateDir, database: ObjectDatabase): Promise<Tips> {
  const head = { oid: headOid(dir.refs), branch: headBranch(dir.refs) };
  const ids = new Set([
    ...dir.refs.refs.map((ref) => ref.oid),
    ...dir.refs.bareTips,
    ...(head.oid === undefined ? [] : [head.oid]),
  ]);
  return await resolveTips([...ids].sort(), dir.refs.refs, head, (asked) => Promise.resolve(peel(database, asked)));
}

function peel(database: ObjectDatabase, ids: readonly string[]): ReadonlyMap<string, Peeled> {
  const found = new Map<string, Peeled>();
  for (const oid of ids) {
    try {
      const { type } = database.header(oid);
      if (type === 'tag')
        found.set(oid, { type, target: parseTag(database.read(oid, 1024 * 1024 * 1024).bytes, []).commit });
      else found.set(oid, { type });
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
    }
  }
  return found;
}
