import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { gitSightingsOf, HISTORY_READERS, scanHistory, sightingsOf } from '../../../../../test/support/history-scan.ts';
import { makeRepo, makeTempDir } from '../../../../../test/support/repo.ts';
import type { HistoryOptions } from './history-source.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('history');
});
afterEach(() => dir.remove());

describe.each(HISTORY_READERS)('history $name', ({ create }) => {
  async function scan(path: string, options: Partial<HistoryOptions> = {}): Promise<FakeScan> {
    const { result, leftBehind } = await scanHistory(create, path, options);
    expect(leftBehind).toEqual([]);
    return result;
  }

  describe('where a credential was', () => {
    it('tells who brought it in, when, where, and that it is still there', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ 'conf/app.env': 'nothing\n' });
      const added = repo.commitFiles(
        { 'conf/app.env': `x\nkey=${fakeSecret('aa')}\n` },
        { author: 'Bob', email: 'bob@example.org', date: 1_600_001_000, message: 'add key\n\nbody' },
      );
      const [sighting, ...others] = sightingsOf(await scan(repo.path), 'aa');
      expect(others).toEqual([]);
      expect(sighting).toEqual({
        kind: 'git',
        path: 'conf/app.env',
        blob: repo.git('rev-parse', `${added}:conf/app.env`),
        line: 2,
        column: 5,
        endLine: 2,
        endColumn: 14,
        commit: added,
        author: 'Bob',
        email: 'bob@example.org',
        date: '2020-09-13T12:43:20Z',
        message: 'add key\n\nbody',
        inHead: true,
        branches: ['main'],
      });
    });

    it('keeps one interval while the file changes around it, with the newest change', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.commitFiles({ f: `more\n${fakeSecret('aa')}\n` });
      const last = repo.commitFiles({ f: `more\nand more\n${fakeSecret('aa')}\n` });
      repo.commitFiles({ other: 'x' });
      const found = gitSightingsOf(await scan(repo.path), 'aa');
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ commit: first, line: 1, last: { commit: last }, inHead: true });
      expect(found[0]?.removed).toBeUndefined();
    });

    it('tells the commit that removed it, and begins a new interval when it comes back', async () => {
      const repo = makeRepo(dir.path);
      const a1 = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const r1 = repo.commitFiles({ f: 'gone\n' });
      const a2 = repo.commitFiles({ f: `back ${fakeSecret('aa')}\n` });
      repo.remove('f');
      const r2 = repo.commit();
      const found = gitSightingsOf(await scan(repo.path), 'aa');
      expect(
        found.map(({ commit, removed, inHead, branches }) => ({ commit, removed: removed?.commit, inHead, branches })),
      ).toEqual([
        { commit: a1, removed: r1, inHead: false, branches: [] },
        { commit: a2, removed: r2, inHead: false, branches: [] },
      ]);
    });

    it('treats a rename as leaving one path and entering another', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ old: `${fakeSecret('aa')}\n` });
      repo.git('mv', 'old', 'new');
      const moved = repo.commit();
      const found = gitSightingsOf(await scan(repo.path), 'aa');
      expect(
        found.map(({ path, commit, removed, inHead }) => ({ path, commit, removed: removed?.commit, inHead })),
      ).toEqual([
        { path: 'old', commit: first, removed: moved, inHead: false },
        { path: 'new', commit: moved, removed: undefined, inHead: true },
      ]);
    });

    it('names the branches that still hold it, and does not call that removed', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.git('branch', 'stale');
      repo.git('branch', 'a-first');
      repo.commitFiles({ f: 'gone\n' });
      const found = gitSightingsOf(await scan(repo.path), 'aa');
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ commit: first, inHead: false, branches: ['a-first', 'stale'] });
      expect(found[0]?.removed).toBeUndefined();
    });

    it('does not take a merge for the commit that brought in what a parent had', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'base\n', g: 'base\n' });
      repo.git('checkout', '-q', '-b', 'side');
      const added = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.git('checkout', '-q', 'main');
      repo.commitFiles({ g: 'changed\n' });
      repo.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
      const found = gitSightingsOf(await scan(repo.path), 'aa');
      expect(found.map(({ commit, inHead, last }) => ({ commit, inHead, last }))).toEqual([
        { commit: added, inHead: true, last: undefined },
      ]);
    });

    it('finds what a merge itself brought in', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'base\n' });
      repo.git('checkout', '-q', '-b', 'side');
      repo.commitFiles({ g: 'side\n' });
      repo.git('checkout', '-q', 'main');
      repo.commitFiles({ h: 'main\n' });
      repo.git('merge', '-q', '--no-ff', '--no-commit', 'side');
      const merge = repo.commitFiles({ f: `evil ${fakeSecret('aa')}\n` });
      expect(repo.git('rev-list', '--parents', '-1', merge).split(' ')).toHaveLength(3);
      expect(gitSightingsOf(await scan(repo.path), 'aa').map(({ commit, path }) => ({ commit, path }))).toEqual([
        { commit: merge, path: 'f' },
      ]);
    });

    it('takes a removal from the branch that made it, not from the merge', async () => {
      const repo = makeRepo(dir.path);
      const added = repo.commitFiles({ f: `${fakeSecret('aa')}\n`, g: 'base\n' });
      repo.git('checkout', '-q', '-b', 'side');
      const removed = repo.commitFiles({ f: 'gone\n' });
      repo.git('checkout', '-q', 'main');
      repo.commitFiles({ g: 'changed\n' });
      repo.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
      repo.git('branch', '-q', '-D', 'side');
      const found = gitSightingsOf(await scan(repo.path), 'aa');
      expect(found.map((sighting) => ({ commit: sighting.commit, removed: sighting.removed?.commit }))).toEqual([
        { commit: added, removed },
      ]);
    });

    it('joins two branches that brought in the same thing, at the older one', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ base: 'x' });
      repo.git('checkout', '-q', '-b', 'side');
      const older = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.git('checkout', '-q', 'main');
      repo.commitFiles({ f: `${fakeSecret('aa')}\n`, g: 'x' });
      repo.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
      expect(gitSightingsOf(await scan(repo.path), 'aa').map(({ commit }) => commit)).toEqual([older]);
    });

    it('keeps apart the paths of one text, and the credentials of one path', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({
        a: `${fakeSecret('aa')} ${fakeSecret('bb')}\n`,
        z: `${fakeSecret('aa')} ${fakeSecret('bb')}\n`,
      });
      const removed = repo.commitFiles({ a: `${fakeSecret('bb')}\n` });
      const result = await scan(repo.path);
      expect(
        gitSightingsOf(result, 'aa').map(({ path, commit, removed: gone }) => ({
          path,
          commit,
          removed: gone?.commit,
        })),
      ).toEqual([
        { path: 'a', commit: first, removed },
        { path: 'z', commit: first, removed: undefined },
      ]);
      expect(gitSightingsOf(result, 'bb').map(({ path, inHead, column }) => ({ path, inHead, column }))).toEqual([
        { path: 'a', inHead: true, column: 11 },
        { path: 'z', inHead: true, column: 11 },
      ]);
    });

    it('covers the whole interval with the inline comment of the newest version', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: `${fakeSecret('aa')}\n`, g: `${fakeSecret('bb')} test:allow\n` });
      repo.commitFiles({ f: `${fakeSecret('aa')} test:allow\n`, g: `${fakeSecret('bb')}\n` });
      const result = await scan(repo.path);
      const inlineOf = (name: string): unknown =>
        result.located.find(({ hit }) => hit.credential === `c1_${name}`)?.hit.inline;
      expect(inlineOf('aa')).toEqual({ marker: 'test:allow', rules: [] });
      expect(inlineOf('bb')).toBeUndefined();
    });

    it('finds messages of commits and tags, and never repeats a secret in a message', async () => {
      const repo = makeRepo(dir.path);
      const commit = repo.commitFiles(
        { f: `${fakeSecret('bb')}\n` },
        { message: `fix\n\nuse ${fakeSecret('aa')} for now\n` },
      );
      repo.git('tag', '-a', 'v1', '-m', `tagged ${fakeSecret('cc')}`);
      const result = await scan(repo.path);
      expect(sightingsOf(result, 'aa')).toMatchObject([
        {
          kind: 'commit-message',
          path: '',
          commit,
          line: 3,
          column: 5,
          author: 'Ada',
          message: 'fix\n\nuse REDACTED for now',
        },
      ]);
      expect(sightingsOf(result, 'cc')).toMatchObject([
        { kind: 'tag-message', commit, tag: 'v1', message: 'tagged REDACTED' },
      ]);
      expect(sightingsOf(result, 'bb')).toMatchObject([{ kind: 'git', message: 'fix\n\nuse REDACTED for now' }]);
    });

    it('marks texts that no commit leads to', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x' });
      const blob = repo.hashObject(`${fakeSecret('aa')}\n`);
      const lost = repo.commitFiles({ g: `${fakeSecret('bb')}\n` }, { message: `lost ${fakeSecret('cc')}` });
      repo.git('reset', '-q', '--hard', 'HEAD~1');
      const result = await scan(repo.path);
      expect(sightingsOf(result, 'aa')).toMatchObject([{ kind: 'git-unreachable', blob, line: 1, column: 1 }]);
      expect(sightingsOf(result, 'bb')).toMatchObject([{ kind: 'git-unreachable' }]);
      expect(sightingsOf(result, 'cc')).toMatchObject([{ kind: 'git-unreachable', blob: lost }]);
    });

    it('follows tags, stashes and remote branches as well as local ones', async () => {
      const repo = makeRepo(dir.path);
      const base = repo.commitFiles({ f: 'x' });
      const tagged = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.git('tag', 'light');
      repo.git('reset', '-q', '--hard', base);
      const remote = repo.commitFiles({ f: `${fakeSecret('bb')}\n` });
      repo.git('update-ref', 'refs/remotes/origin/topic', remote);
      repo.git('reset', '-q', '--hard', base);
      const result = await scan(repo.path);
      expect(gitSightingsOf(result, 'aa')).toMatchObject([{ commit: tagged, inHead: false, branches: [] }]);
      expect(gitSightingsOf(result, 'bb')).toMatchObject([
        { commit: remote, inHead: false, branches: ['origin/topic'] },
      ]);
    });

    it('spells odd paths without losing or obeying a byte', async () => {
      const repo = makeRepo(dir.path);
      const newline = 'line\nbreak';
      const escape = 'red\u001b[31m"quoted"\\';
      repo.commitFiles({
        [newline]: `${fakeSecret('aa')}\n`,
        [escape]: `${fakeSecret('bb')}\n`,
        ünï: `${fakeSecret('cc')}\n`,
      });
      const blob = repo.hashObject(`${fakeSecret('dd')}\n`);
      const entry = Buffer.concat([
        Buffer.from(`100644 blob ${blob}\tlatin`),
        Buffer.from([0xe9, 0xff]),
        Buffer.from('\0'),
      ]);
      const tree = repo.gitWith({ input: entry }, 'mktree', '-z').toString().trim();
      repo.git('update-ref', 'refs/heads/odd', repo.gitWith({ input: 'odd' }, 'commit-tree', tree).toString().trim());
      const result = await scan(repo.path);
      const path = (name: string): string | undefined => gitSightingsOf(result, name)[0]?.path;
      expect([path('aa'), path('bb'), path('cc'), path('dd')]).toEqual([newline, escape, 'ünï', 'latin\\xE9\\xFF']);
    });
  });
});
