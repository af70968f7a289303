import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeHits, fakeScan, type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { blobsOf, buildHistory, randomHistory } from '../../../../../test/support/random-history.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';
import { createRangeSource, type RangeOptions } from './range-source.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('range');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

async function scan(options: Partial<RangeOptions>, path: string = repo.path): Promise<FakeScan> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const source = createRangeSource({ repository, ...options }, testAmbient());
  const result = await fakeScan(source);
  await source.close();
  return result;
}

/** Credential, path, commit, commit that removed it. */
function news(result: FakeScan): readonly unknown[] {
  return result.located.map(({ hit, sighting }) => {
    const name = hit.credential.slice(3);
    if (sighting.kind === 'git')
      return [name, sighting.path, sighting.commit, sighting.removed?.commit ?? sighting.inHead];
    return sighting.kind === 'commit-message' ? [name, sighting.kind, sighting.commit] : [name, sighting.kind];
  });
}

it('finds what the commits after the base brought in, also when a later one took it out again', async () => {
  const base = repo.commitFiles({ f: `${fakeSecret('before')}\n` });
  const added = repo.commitFiles({ f: `${fakeSecret('before')}\n${fakeSecret('brief')}\n` });
  const removed = repo.commitFiles({ f: `${fakeSecret('before')}\n`, g: `${fakeSecret('stays')}\n` });
  const expected = [
    ['brief', 'f', added, removed],
    ['stays', 'g', removed, true],
  ];
  expect(news(await scan({ since: base }))).toEqual(expected);
  expect(news(await scan({ range: `${base}..HEAD` }))).toEqual(expected);
  expect(news(await scan({ range: `${base}...` }))).toEqual(expected);
  expect(news(await scan({ range: `${base}..${added}` }))).toEqual([['brief', 'f', added, true]]);
  expect(news(await scan({ since: removed }))).toEqual([]);
});

it('does not report what a file held before, on whatever line it stands now', async () => {
  const base = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  repo.commitFiles({ f: `new first line\n${fakeSecret('aa')}\n` });
  repo.commitFiles({ f: `new first line\n\n${fakeSecret('aa')}\nmore` });
  expect(news(await scan({ since: base }))).toEqual([]);
});

it('knows where in the head a credential stands that has moved since it came', async () => {
  const base = repo.commitFiles({ f: 'nothing\n' });
  const added = repo.commitFiles({ f: `${fakeSecret('aa')}\n`, g: `${fakeSecret('bb')}\n` });
  repo.commitFiles({ f: `one\ntwo\n  ${fakeSecret('aa')}\n` });
  const places = async (range: string): Promise<readonly unknown[]> =>
    (await scan({ range })).located.map(({ sighting }) =>
      sighting.kind === 'git'
        ? [sighting.path, sighting.line, sighting.headPlace?.line, sighting.headPlace?.column]
        : [],
    );
  expect(await places(`${base}..HEAD`)).toEqual([
    ['f', 1, 3, 3],
    ['g', 1, undefined, undefined],
  ]);
  expect(await places(`${base}..${added}`)).toEqual([
    ['f', 1, undefined, undefined],
    ['g', 1, undefined, undefined],
  ]);
});

it('reports what comes back after it was gone', async () => {
  repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  const base = repo.commitFiles({ f: 'clean\n' });
  const back = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  expect(news(await scan({ since: base }))).toEqual([['aa', 'f', back, true]]);
});

it('reads commit messages of the range, and no others', async () => {
  const base = repo.commitFiles({ f: 'x' }, { message: fakeSecret('old') });
  const commit = repo.commitFiles({ f: 'y' }, { message: `new ${fakeSecret('new')}` });
  expect(news(await scan({ since: base }))).toEqual([['new', 'commit-message', commit]]);
});

it('does not blame a topic branch for what it merged from the base branch', async () => {
  repo.commitFiles({ f: 'base\n', g: 'base\n' });
  repo.git('checkout', '-q', '-b', 'topic');
  const own = repo.commitFiles({ f: `${fakeSecret('own')}\n` });
  repo.git('checkout', '-q', 'main');
  repo.commitFiles({ g: `${fakeSecret('theirs')}\n` });
  repo.git('checkout', '-q', 'topic');
  repo.git('merge', '-q', '--no-ff', '-m', 'merge main', 'main');
  expect(news(await scan({ range: 'main..topic' }))).toEqual([['own', 'f', own, true]]);
  repo.commitFiles({ g: `more\n${fakeSecret('theirs')}\n` });
  expect(news(await scan({ range: 'main..topic' }))).toEqual([['own', 'f', own, true]]);
});

it('finds what a merge in the range brought in by itself', async () => {
  repo.commitFiles({ f: 'base\n' });
  repo.git('checkout', '-q', '-b', 'topic');
  repo.commitFiles({ g: 'topic\n' });
  repo.git('checkout', '-q', 'main');
  repo.commitFiles({ h: 'main\n' });
  repo.git('checkout', '-q', 'topic');
  repo.git('merge', '-q', '--no-ff', '--no-commit', 'main');
  const merge = repo.commitFiles({ f: `${fakeSecret('evil')}\n` });
  expect(news(await scan({ range: 'main..topic' }))).toEqual([['evil', 'f', merge, true]]);
});

it('takes a branch alone as all of its history', async () => {
  const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  repo.git('checkout', '-q', '-b', 'topic');
  const second = repo.commitFiles({ g: `${fakeSecret('bb')}\n` });
  repo.git('checkout', '-q', 'main');
  repo.commitFiles({ h: `${fakeSecret('main')}\n` });
  const result = await scan({ branch: 'topic' });
  expect(news(result)).toEqual([
    ['aa', 'f', first, true],
    ['bb', 'g', second, true],
  ]);
  expect(result.located[0]?.sighting).toMatchObject({ branches: ['topic'] });
  expect(news(await scan({ since: first, branch: 'topic' }))).toEqual([['bb', 'g', second, true]]);
});

it('is incomplete, and scans nothing, when the base cannot be found', async () => {
  repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  for (const since of ['nothing', '0'.repeat(40), '--all', 'a\nb', 'HEAD:f']) {
    const result = await scan({ since });
    expect(result.jobs).toEqual([]);
    expect(result.notScanned).toMatchObject([{ state: 'failed', reason: 'unresolvable-base', where: since }]);
  }
  expect((await scan({ since: 'HEAD', branch: 'gone' })).notScanned).toMatchObject([
    { state: 'failed', reason: 'not-found', where: 'gone' },
  ]);
});

it('is incomplete when the clone is too shallow to know', async () => {
  const base = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  repo.commitFiles({ g: 'x' });
  repo.commitFiles({ g: 'y' });
  repo.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const clone = join(dir.path, 'clone');
  repo.git('clone', '-q', '--depth=1', `file://${repo.path}`, clone);
  expect((await scan({ since: base }, clone)).notScanned).toMatchObject([
    { state: 'failed', reason: 'unresolvable-base' },
  ]);
  repo.git('-C', clone, 'fetch', '-q', '--depth=1', 'origin', base);
  expect((await scan({ since: base }, clone)).notScanned).toMatchObject([
    { state: 'failed', reason: 'unresolvable-base', where: base },
  ]);
});

it('chosen commits in a shallow clone: what is cut off is said', async () => {
  const base = repo.commitFiles({ f: 'old' });
  const old = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
  const head = repo.commitFiles({ g: 'new' });
  const clone = join(dir.path, 'clone');
  repo.git('clone', '-q', '--depth=2', `file://${repo.path}`, clone);
  const chosen = (revisions: readonly string[], options: readonly string[] = [], path = clone) =>
    scan({ commits: { options, revisions, paths: [] } }, path);
  const boundary = { state: 'excluded', reason: 'shallow-boundary' };
  expect((await chosen([head])).notScanned).toMatchObject([boundary]);
  expect((await chosen([], ['--all'])).notScanned).toMatchObject([boundary]);
  expect((await chosen([], ['--author=nobody'])).notScanned).toMatchObject([boundary]);
  // From bases that do not lead to where the clone ends: that commit seems to have brought in all that it holds.
  repo.git('-C', clone, 'fetch', '-q', '--depth=1', 'origin', base);
  expect((await chosen([head, `^${base}`])).notScanned).toMatchObject([
    { state: 'failed', reason: 'cut-off', where: `git:${old}` },
  ]);
  expect((await chosen([`${old}..${head}`])).notScanned).toEqual([]);
  expect((await chosen([head], [], repo.path)).notScanned).toEqual([]);
});

it(
  'is, in any history, what some commit of the range holds and none of its parents does',
  { timeout: 120_000 },
  async () => {
    const property = fc.asyncProperty(randomHistory, fc.nat(17), fc.nat(17), async (history, from, to) => {
      const { repo: built, commits } = buildHistory(dir.path, history);
      const base = commits[from % commits.length] ?? '';
      const head = commits[to % commits.length] ?? '';
      const holds = new Map<string, ReadonlySet<string>>();
      const holdsAt = (commit: string): ReadonlySet<string> => {
        const known = holds.get(commit);
        if (known !== undefined) return known;
        const found = [...blobsOf(built, commit)].flatMap(([path, oid]) =>
          fakeHits(built.gitWith({}, 'cat-file', 'blob', oid)).map(
            ({ credential }) => `${credential.slice(3)} ${path}`,
          ),
        );
        holds.set(commit, new Set(found));
        return new Set(found);
      };
      const adds = new Map<string, Set<string>>();
      for (const row of built
        .git('rev-list', '--parents', head, `^${base}`)
        .split('\n')
        .filter((each) => each !== '')) {
        const [commit = '', ...parents] = row.split(' ');
        for (const key of holdsAt(commit))
          if (!parents.some((parent) => holdsAt(parent).has(key)))
            adds.set(key, (adds.get(key) ?? new Set()).add(commit));
      }
      const result = await scan({ range: `${base}..${head}` }, built.path);
      const told = new Map<string, string[]>();
      const heldNow = new Set<string>();
      for (const { hit, sighting } of result.located) {
        if (sighting.kind !== 'git') continue;
        const key = `${hit.credential.slice(3)} ${sighting.path}`;
        told.set(key, [...(told.get(key) ?? []), sighting.commit]);
        if (sighting.inHead) heldNow.add(key);
      }
      expect([...told.keys()].sort()).toEqual([...adds.keys()].sort());
      for (const [key, found] of told) for (const commit of found) expect(adds.get(key)).toContain(commit);
      for (const key of heldNow) expect(holdsAt(head)).toContain(key);
      expect(result.notScanned).toEqual([]);
    });
    await fc.assert(property, { numRuns: 12, seed: 20260102 });
  },
);

it('works in SHA-256, with unusual paths and with a submodule', async () => {
  repo = makeRepo(dir.path, { sha256: true });
  const base = repo.commitFiles({ f: 'x' });
  repo.gitWith({}, 'update-index', '--add', '--cacheinfo', `160000,${base},sub`);
  repo.git('commit', '-q', '-m', 'sub');
  const added = repo.commitFiles({ 'a\nb': `${fakeSecret('aa')}\n` });
  expect(news(await scan({ since: base }))).toEqual([['aa', 'a\nb', added, true]]);
});

it('reports a text that is missing from a partial clone', async () => {
  const base = repo.commitFiles({ f: 'x' });
  repo.commitFiles({ big: `${'x'.repeat(100)}\n` });
  repo.commitFiles({ big: 'small\n' });
  repo.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(dir.path, 'partial');
  repo.git('clone', '-q', '--bare', '--filter=blob:limit=50', `file://${repo.path}`, clone);
  expect((await scan({ since: base }, clone)).notScanned).toMatchObject([{ state: 'failed', reason: 'missing' }]);
  expect((await scan({ since: base, allowMissing: true }, clone)).notScanned).toMatchObject([
    { state: 'excluded', reason: 'missing-allowed' },
  ]);
});
