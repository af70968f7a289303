import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../../test/support/repo.ts';
import { planDeltas } from '../delta-plan.ts';
import { createOidTable, fromHex } from '../oid.ts';
import { openForest } from '../pack/forest.ts';
import { openDatabase } from '../pack/object-database.ts';
import { mayMiss } from './missing-objects.ts';
import { createTreeHistory, type TreeHistory } from './tree-history.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('missing');
});
afterEach(() => dir.remove());

interface Asked {
  readonly shallow?: readonly string[];
  readonly only?: readonly string[];
  readonly tips?: readonly string[];
}

async function missingIn(repo: TestRepo, asked: Asked = {}): Promise<readonly string[]> {
  const hash = repo.git('rev-parse', '--show-object-format') === 'sha256' ? 'sha256' : 'sha1';
  const objectDirs = [join(repo.gitDir, 'objects')];
  const forest = await openForest(objectDirs, hash);
  const list = planDeltas(forest, objectDirs, {
    maxTextBytes: 1e6,
    allowMissing: false,
    verifyObjects: false,
    where: 'history',
  });
  const only = asked.only === undefined ? undefined : createOidTable(hash);
  for (const oid of asked.only ?? []) only?.add(fromHex(oid));
  const tips = asked.tips ?? repo.git('for-each-ref', '--format=%(objectname)').split('\n');
  const known = { objectDirs, loose: list.loose, unreadable: list.unreadable, only };
  const objects = openDatabase(objectDirs, hash);
  const ctx = { signal: new AbortController().signal, notScanned: () => undefined };
  const open = (): TreeHistory => createTreeHistory({ forest, objects, shallow: asked.shallow ?? [], checks: true });
  const found = await open().missing(known, tips, ctx);

  // The same where trees were read for the places of blobs before, some of which may be missing.
  const history = open();
  const wanted = createOidTable(hash);
  for (let entry = 0; entry < forest.count; entry += 3) wanted.add(forest.ids, entry * wanted.width);
  for (const oid of found.slice(0, 1)) wanted.add(fromHex(oid));
  await history.changes(await history.graph(tips, [], ctx), wanted, false, ctx);
  expect(await history.missing(known, tips, ctx)).toEqual(found);
  objects.close();
  return found;
}

function removeLoose(repo: TestRepo, oid: string): boolean {
  const file = join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  if (!existsSync(file)) return false;
  rmSync(file, { force: true });
  return true;
}

/** Commits in which some of many files change, the later ones loose. */
function build(repo: TestRepo, commits: number): void {
  for (let commit = 0; commit < commits; commit += 1) {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, file) => [
        `d${file % 3}/e/f${file}`,
        `${file} ${Math.floor((commit + file) / 4)}`,
      ]),
    );
    repo.commitFiles({ ...files, top: String(commit) });
    if (commit === Math.floor(commits / 2)) repo.git('repack', '-adfq', '--depth=20');
  }
}

it.each([false, true])('tells what git tells (SHA-256: %s)', async (sha256) => {
  const repo = makeRepo(dir.path, { sha256 });
  build(repo, 10);
  const all = repo.git('rev-list', '--objects', '--no-object-names', 'HEAD').split('\n');
  const commits = new Set(repo.git('rev-list', 'HEAD').split('\n'));
  const others = all.filter((oid) => !commits.has(oid));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }), async (picks) => {
      const removed = new Set(picks.map((pick) => others[pick % others.length]));
      const kept = all.filter((oid) => !removed.has(oid));
      const copy = makeRepo(dir.path, { sha256 });
      const input = kept.map((oid) => `${oid}\n`).join('');
      const pack = repo.gitWith({ input }, 'pack-objects', '-q', '--stdout', '--no-reuse-delta', '--window=50');
      copy.gitWith({ input: pack }, 'index-pack', '--stdin');
      copy.writeGitFile('refs/heads/copied', `${repo.git('rev-parse', 'HEAD')}\n`);
      const told = copy
        .git('rev-list', '--objects', '--missing=print', '--quiet', 'refs/heads/copied')
        .split('\n')
        .filter((line) => line.startsWith('?'))
        .map((line) => line.slice(1));
      // git does not know what is below a tree that is missing; here, what is left below it says what it misses.
      const found = await missingIn(copy);
      expect(found).toEqual(expect.arrayContaining(told));
      expect([...removed]).toEqual(expect.arrayContaining([...found]));
      if (![...removed].some((oid) => repo.git('cat-file', '-t', oid ?? '') === 'tree'))
        expect(found).toEqual(told.sort());
    }),
    { numRuns: 6 },
  );
  expect(await missingIn(repo)).toEqual([]);
});

it('parents are missed where refs lead to their children, and not beyond the end of a shallow clone', async () => {
  const repo = makeRepo(dir.path);
  const [first = '', second = '', third = ''] = ['1', '2', '3'].map((text) => repo.commitFiles({ f: text }));
  removeLoose(repo, first);
  expect(await missingIn(repo)).toEqual([first]);
  expect(await missingIn(repo, { shallow: [second] })).toEqual([]);
  expect(await missingIn(repo, { shallow: [third] })).toEqual([]);
  expect(await missingIn(repo, { tips: [] })).toEqual([]);
});

it('submodules are no objects of the repository', async () => {
  const repo = makeRepo(dir.path);
  repo.commitFiles({ f: 'x' });
  repo.git('update-index', '--add', '--cacheinfo', `160000,${'5'.repeat(40)},sub`);
  repo.git('commit', '-qm', 'with a submodule');
  expect(await missingIn(repo)).toEqual([]);
  repo.git('repack', '-adq');
  expect(await missingIn(repo)).toEqual([]);
});

it('only what the chosen objects name', async () => {
  const repo = makeRepo(dir.path);
  const first = repo.commitFiles({ f: 'first' });
  const second = repo.commitFiles({ f: 'second' });
  const [a, b] = [first, second].map((commit) => repo.git('rev-parse', `${commit}:f`));
  for (const oid of [a, b]) removeLoose(repo, oid ?? '');
  const chosen = [second, repo.git('rev-parse', `${second}^{tree}`)];
  expect(await missingIn(repo, { only: chosen })).toEqual([b]);
  expect(new Set(await missingIn(repo))).toEqual(new Set([a, b]));
});

it('is found out where trees are read for places anyway, although nobody asked for it', async () => {
  const repo = makeRepo(dir.path);
  const first = repo.commitFiles({ f: 'first', g: 'kept' });
  const [lost = '', kept = ''] = ['f', 'g'].map((path) => repo.git('rev-parse', `${first}:${path}`));
  const objects = repo.git('rev-list', '--objects', '--no-object-names', 'HEAD').split('\n');
  const copy = makeRepo(dir.path);
  const input = objects.map((oid) => (oid === lost ? '' : `${oid}\n`)).join('');
  copy.gitWith({ input: repo.gitWith({ input }, 'pack-objects', '-q', '--stdout') }, 'index-pack', '--stdin');
  const objectDirs = [join(copy.gitDir, 'objects')];
  const forest = await openForest(objectDirs, 'sha1');
  const database = openDatabase(objectDirs, 'sha1');
  const history = createTreeHistory({ forest, objects: database, shallow: [] });
  const ctx = { signal: new AbortController().signal, notScanned: () => undefined };
  expect(history.isChecked).toBe(false);
  const wanted = createOidTable('sha1');
  wanted.add(fromHex(kept));
  await history.changes(await history.graph([first], [], ctx), wanted, false, ctx);
  expect(history.isChecked).toBe(true);
  const known = { objectDirs, loose: createOidTable('sha1'), unreadable: [], only: undefined };
  expect(await history.missing(known, [first], ctx)).toEqual([lost]);
  database.close();
});

it('believes a large repository that is no partial clone', () => {
  expect(mayMiss(true, 1e9)).toBe(true);
  expect(mayMiss(false, 200_000)).toBe(true);
  expect(mayMiss(false, 200_001)).toBe(false);
});
