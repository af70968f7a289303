import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeScan, type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { gitEnvironment, makeRepo, makeTempDir, openRepo, type TestRepo } from '../../../../../test/support/repo.ts';
import type { GitSighting, Sighting } from '../../types/index.ts';
import { detect } from './detect.ts';
import { createHistorySource, type HistoryOptions } from './history-source.ts';
import { createNoGitSource } from './no-git-source.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('history');
});
afterEach(() => dir.remove());

/** The same answers are expected whoever reads the objects. */
const READERS = [
  { name: 'through git', create: createHistorySource },
  { name: 'without git', create: createNoGitSource },
];

describe.each(READERS)('history $name', ({ create }) => {
  async function scan(path: string, options: Partial<HistoryOptions> = {}): Promise<FakeScan> {
    const repository = await detect(path);
    if (repository.kind !== 'repository') throw new Error(`${path} is a ${repository.kind}`);
    const temporary = makeTempDir('door');
    const source = create({ repository, ...options }, testAmbient({ tmpdir: temporary.path }));
    try {
      return await fakeScan(source);
    } finally {
      await source.close();
      expect(readdirSync(temporary.path)).toEqual([]);
      temporary.remove();
    }
  }

  function sightings(result: FakeScan, name: string): readonly Sighting[] {
    return result.located.filter(({ hit }) => hit.credential === `c1_${name}`).map(({ sighting }) => sighting);
  }

  function gitSightings(result: FakeScan, name: string): readonly GitSighting[] {
    return sightings(result, name).filter((sighting) => sighting.kind === 'git');
  }

  describe('every text once', () => {
    it('reads blobs, commit messages and tag messages, and no trees', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles(
        { 'a.txt': 'one\n', 'b/c.txt': 'two\n' },
        { message: 'the message\n\nwith a body\n' },
      );
      repo.git('tag', '-a', 'v1', '-m', 'the tag message');
      const result = await scan(repo.path);
      const tag = repo.git('rev-parse', 'v1');
      const contents = Object.fromEntries([...result.texts].map(([id, bytes]) => [id, bytes.toString()]));
      expect(contents).toEqual({
        [`git:${repo.git('rev-parse', 'HEAD:a.txt')}`]: 'one\n',
        [`git:${repo.git('rev-parse', 'HEAD:b/c.txt')}`]: 'two\n',
        [`git:${first}`]: 'the message\n\nwith a body\n',
        [`git:${tag}`]: 'the tag message\n',
      });
      expect(result.facts).toMatchObject({
        commits: 1,
        blobs: 2,
        tags: 1,
        objectFormat: 'sha1',
        shallow: false,
        partial: false,
      });
      expect(result.notScanned).toEqual([]);
    });

    it('reads a text once however many commits and paths hold it', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ a: 'same\n', b: 'same\n' });
      repo.commitFiles({ a: 'other\n' });
      repo.commitFiles({ a: 'same\n', c: 'same\n' });
      const result = await scan(repo.path);
      expect([...result.texts.values()].filter((bytes) => bytes.toString() === 'same\n')).toHaveLength(1);
    });

    it('gives empty and large texts whole, across packs and loose objects', async () => {
      const repo = makeRepo(dir.path);
      const large = Buffer.alloc(3_000_000, 'line of text\n');
      repo.commitFiles({ empty: '', large });
      repo.git('repack', '-adq');
      repo.commitFiles({ large: Buffer.concat([large, Buffer.from('end')]) });
      const result = await scan(repo.path);
      const sizes = [...result.texts.values()].map((bytes) => bytes.length);
      expect(sizes.filter((size) => size === 0 || size >= 3_000_000).sort((a, b) => a - b)).toEqual([
        0, 3_000_000, 3_000_003,
      ]);
      expect([...result.texts.values()].some((bytes) => bytes.equals(large))).toBe(true);
    });

    it('excludes what is too large, binary, or an LFS pointer, and counts it', async () => {
      const repo = makeRepo(dir.path);
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`;
      repo.commitFiles({
        big: 'x'.repeat(2000),
        'p.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]),
        pointer,
        text: 'kept\n',
      });
      const result = await scan(repo.path, { maxTextBytes: 1000 });
      const big = repo.git('rev-parse', 'HEAD:big');
      expect(result.notScanned).toEqual([
        { state: 'excluded', reason: 'too-large', where: `git:${big}`, detail: '2000 bytes' },
        { state: 'excluded', reason: 'binary', where: 'history', count: 1 },
        { state: 'excluded', reason: 'lfs-pointer', where: 'history', count: 1 },
      ]);
      expect(result.texts.has(`git:${repo.git('rev-parse', 'HEAD:text')}`)).toBe(true);
      expect(result.texts.has(`git:${big}`)).toBe(false);
    });
  });

  describe('where a credential was', () => {
    it('tells who brought it in, when, where, and that it is still there', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ 'conf/app.env': 'nothing\n' });
      const added = repo.commitFiles(
        { 'conf/app.env': `x\nkey=${fakeSecret('aa')}\n` },
        { author: 'Bob', email: 'bob@example.org', date: 1_600_001_000, message: 'add key\n\nbody' },
      );
      const [sighting, ...others] = sightings(await scan(repo.path), 'aa');
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
      const found = gitSightings(await scan(repo.path), 'aa');
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
      const found = gitSightings(await scan(repo.path), 'aa');
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
      const found = gitSightings(await scan(repo.path), 'aa');
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
      const found = gitSightings(await scan(repo.path), 'aa');
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
      const found = gitSightings(await scan(repo.path), 'aa');
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
      expect(gitSightings(await scan(repo.path), 'aa').map(({ commit, path }) => ({ commit, path }))).toEqual([
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
      const found = gitSightings(await scan(repo.path), 'aa');
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
      expect(gitSightings(await scan(repo.path), 'aa').map(({ commit }) => commit)).toEqual([older]);
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
        gitSightings(result, 'aa').map(({ path, commit, removed: gone }) => ({ path, commit, removed: gone?.commit })),
      ).toEqual([
        { path: 'a', commit: first, removed },
        { path: 'z', commit: first, removed: undefined },
      ]);
      expect(gitSightings(result, 'bb').map(({ path, inHead, column }) => ({ path, inHead, column }))).toEqual([
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
      expect(sightings(result, 'aa')).toMatchObject([
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
      expect(sightings(result, 'cc')).toMatchObject([
        { kind: 'tag-message', commit, tag: 'v1', message: 'tagged REDACTED' },
      ]);
      expect(sightings(result, 'bb')).toMatchObject([{ kind: 'git', message: 'fix\n\nuse REDACTED for now' }]);
    });

    it('marks texts that no commit leads to', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x' });
      const blob = repo.hashObject(`${fakeSecret('aa')}\n`);
      const lost = repo.commitFiles({ g: `${fakeSecret('bb')}\n` }, { message: `lost ${fakeSecret('cc')}` });
      repo.git('reset', '-q', '--hard', 'HEAD~1');
      const result = await scan(repo.path);
      expect(sightings(result, 'aa')).toMatchObject([{ kind: 'git-unreachable', blob, line: 1, column: 1 }]);
      expect(sightings(result, 'bb')).toMatchObject([{ kind: 'git-unreachable' }]);
      expect(sightings(result, 'cc')).toMatchObject([{ kind: 'git-unreachable', blob: lost }]);
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
      expect(gitSightings(result, 'aa')).toMatchObject([{ commit: tagged, inHead: false, branches: [] }]);
      expect(gitSightings(result, 'bb')).toMatchObject([{ commit: remote, inHead: false, branches: ['origin/topic'] }]);
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
      const path = (name: string): string | undefined => gitSightings(result, name)[0]?.path;
      expect([path('aa'), path('bb'), path('cc'), path('dd')]).toEqual([newline, escape, 'ünï', 'latin\\xE9\\xFF']);
    });
  });

  describe('the history of some refs', () => {
    it('is what they reach, and nothing else', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: `${fakeSecret('base')}\n` });
      repo.git('checkout', '-q', '-b', 'topic');
      repo.commitFiles({ g: `${fakeSecret('topic')}\n` }, { message: `m ${fakeSecret('mt')}` });
      repo.git('tag', '-a', 'v1', '-m', `t ${fakeSecret('tag')}`);
      repo.git('checkout', '-q', 'main');
      repo.commitFiles({ h: `${fakeSecret('main')}\n` });
      repo.hashObject(`${fakeSecret('lost')}\n`);
      const found = (result: FakeScan): readonly string[] =>
        result.located.map(({ hit }) => hit.credential.slice(3)).sort();
      expect(found(await scan(repo.path, { refs: ['topic'] }))).toEqual(['base', 'mt', 'topic']);
      expect(found(await scan(repo.path, { refs: ['v1'] }))).toEqual(['base', 'mt', 'tag', 'topic']);
      expect(found(await scan(repo.path, { refs: ['main'] }))).toEqual(['base', 'main']);
      expect(found(await scan(repo.path, { refs: ['main', 'refs/heads/topic'] }))).toEqual([
        'base',
        'main',
        'mt',
        'topic',
      ]);
      expect(gitSightings(await scan(repo.path, { refs: ['topic'] }), 'base')).toMatchObject([
        { inHead: false, branches: ['topic'] },
      ]);
    });

    it('is incomplete when one of them is not there', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      for (const name of ['gone', '--all', '']) {
        const result = await scan(repo.path, { refs: [name] });
        expect(result.jobs).toEqual([]);
        expect(result.notScanned).toMatchObject([{ state: 'failed', reason: 'not-found', where: name }]);
      }
    });
  });

  describe('shapes of repositories', () => {
    it('an empty repository has nothing to scan', async () => {
      const repo = makeRepo(dir.path);
      const result = await scan(repo.path);
      expect(result.jobs).toEqual([]);
      expect(result.notScanned).toEqual([]);
    });

    it('a bare repository, and one whose HEAD names no branch that exists', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const bare = join(dir.path, 'bare.git');
      repo.git('clone', '-q', '--bare', repo.path, bare);
      expect(gitSightings(await scan(bare), 'aa')).toMatchObject([{ commit: first, inHead: true, branches: ['main'] }]);
      writeFileSync(join(bare, 'HEAD'), 'ref: refs/heads/unborn\n');
      expect(gitSightings(await scan(bare), 'aa')).toMatchObject([
        { commit: first, inHead: false, branches: ['main'] },
      ]);
    });

    it('a linked work tree has its own HEAD and the whole common history', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.commitFiles({ f: 'gone\n' });
      const linked = join(dir.path, 'linked');
      repo.git('worktree', 'add', '-q', '--detach', linked, first);
      expect(gitSightings(await scan(linked), 'aa')).toMatchObject([{ commit: first, inHead: true, branches: [] }]);
      expect(gitSightings(await scan(repo.path), 'aa')).toMatchObject([{ commit: first, inHead: false }]);
    });

    it('a detached HEAD of another work tree keeps its commits reachable', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x' });
      const linked = join(dir.path, 'linked');
      repo.git('worktree', 'add', '-q', '--detach', linked);
      const lonely = openRepo(linked).commitFiles({ g: `${fakeSecret('aa')}\n` });
      expect(gitSightings(await scan(repo.path), 'aa')).toMatchObject([{ kind: 'git', commit: lonely }]);
    });

    it("a submodule's work tree", async () => {
      const inner = makeRepo(dir.path);
      const first = inner.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const outer = makeRepo(dir.path);
      outer.git('submodule', '--quiet', 'add', inner.path, 'sub');
      outer.commit();
      expect(gitSightings(await scan(join(outer.path, 'sub')), 'aa')).toMatchObject([{ commit: first, inHead: true }]);
      expect(gitSightings(await scan(outer.path), 'aa')).toEqual([]);
    });

    it('SHA-256', async () => {
      const repo = makeRepo(dir.path, { sha256: true });
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` }, { message: `m ${fakeSecret('bb')}` });
      repo.git('tag', '-a', 'v1', '-m', `t ${fakeSecret('cc')}`);
      repo.git('repack', '-adq');
      const result = await scan(repo.path);
      expect(first).toHaveLength(64);
      expect(gitSightings(result, 'aa')).toMatchObject([{ commit: first, inHead: true, branches: ['main'] }]);
      expect(sightings(result, 'bb')).toMatchObject([{ kind: 'commit-message', commit: first }]);
      expect(sightings(result, 'cc')).toMatchObject([{ kind: 'tag-message', tag: 'v1' }]);
      expect(result.facts).toMatchObject({ objectFormat: 'sha256' });
    });

    it('a shallow clone says where it ends', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const second = repo.commitFiles({ g: 'x' });
      repo.commitFiles({ g: 'y' });
      const clone = join(dir.path, 'shallow');
      repo.git('clone', '-q', '--depth=2', `file://${repo.path}`, clone);
      const result = await scan(clone);
      expect(result.facts).toMatchObject({ shallow: true });
      expect(result.notScanned).toMatchObject([{ state: 'excluded', reason: 'shallow-boundary', count: 1 }]);
      expect(gitSightings(result, 'aa')).toMatchObject([{ commit: second, inHead: true }]);
    });

    it('a partial clone lacks objects: failed, or excluded when that is allowed, and never fetched', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ small: 'x\n', f: `${fakeSecret('aa')}\n` });
      const missing = repo.git('rev-parse', 'HEAD:f');
      repo.commitFiles({ f: 'now\n' });
      repo.git('config', 'uploadpack.allowFilter', 'true');
      repo.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
      const clone = join(dir.path, 'partial');
      repo.git('clone', '-q', '--bare', '--filter=blob:limit=8', `file://${repo.path}`, clone);
      const result = await scan(clone);
      expect(result.facts).toMatchObject({ partial: true });
      expect(result.notScanned).toEqual([{ state: 'failed', reason: 'missing', where: `git:${missing}` }]);
      expect(result.hits.size).toBe(0);
      const allowed = await scan(clone, { allowMissing: true });
      expect(allowed.notScanned).toEqual([{ state: 'excluded', reason: 'missing-allowed', where: `git:${missing}` }]);
    });

    it('a lost loose object is missing', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x\n', g: `${fakeSecret('aa')}\n` });
      const lost = repo.git('rev-parse', 'HEAD:f');
      rmSync(join(repo.gitDir, 'objects', lost.slice(0, 2), lost.slice(2)));
      const result = await scan(repo.path);
      expect(result.notScanned).toEqual([{ state: 'failed', reason: 'missing', where: `git:${lost}` }]);
      expect(gitSightings(result, 'aa')).toHaveLength(1);
    });

    it('a corrupt loose object is reported and the rest goes on', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x\n', g: `${fakeSecret('aa')}\n`, h: 'y\n' });
      const broken = repo.git('rev-parse', 'HEAD:f');
      const file = join(repo.gitDir, 'objects', broken.slice(0, 2), broken.slice(2));
      chmodSync(file, 0o644);
      writeFileSync(file, 'garbage');
      const result = await scan(repo.path);
      expect(result.notScanned).toContainEqual({ state: 'failed', reason: 'corrupt', where: `git:${broken}` });
      expect(gitSightings(result, 'aa')).toHaveLength(1);
      expect([...result.texts.values()].map(String)).toContain('y\n');
    });

    it('a corrupt entry in a pack is reported and the rest goes on', async () => {
      const repo = makeRepo(dir.path);
      const files: Record<string, string> = {};
      for (let index = 0; index < 30; index += 1)
        files[`f${index}`] = Buffer.from(`${index}`.repeat(40 + index)).toString('base64');
      repo.commitFiles({ ...files, key: `${fakeSecret('aa')}\n` });
      repo.git('repack', '-adq', '--depth=0');
      const victim = repo.git('rev-parse', 'HEAD:f7');
      corruptPackedObject(repo, victim);
      const result = await scan(repo.path);
      expect(result.notScanned).toEqual([{ state: 'failed', reason: 'corrupt', where: `git:${victim}` }]);
      expect(result.texts.size).toBe(31);
      expect(gitSightings(result, 'aa')).toHaveLength(1);
    });

    it('a commit that cannot be read costs its own history and nothing else', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x' });
      const broken = repo.commitFiles({ f: 'y' });
      const added = repo.commitFiles({ g: `${fakeSecret('aa')}\n` });
      repo.commitFiles({ f: 'z' });
      const file = join(repo.gitDir, 'objects', broken.slice(0, 2), broken.slice(2));
      chmodSync(file, 0o644);
      writeFileSync(file, 'garbage');
      const result = await scan(repo.path);
      expect(result.notScanned).toContainEqual({ state: 'failed', reason: 'corrupt', where: `git:${broken}` });
      expect(gitSightings(result, 'aa')).toMatchObject([{ path: 'g', inHead: true, commit: added }]);
    });

    it('follows alternates that belong to the operator, and counts them', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const clone = join(dir.path, 'clone');
      repo.git('clone', '-q', '--shared', '--bare', repo.path, clone);
      expect(readdirSync(join(clone, 'objects', 'pack'))).toEqual([]);
      const result = await scan(clone);
      expect(gitSightings(result, 'aa')).toMatchObject([{ commit: first }]);
      expect(result.facts).toMatchObject({ alternates: 1 });
    });

    it("does not read another user's objects through alternates", async () => {
      const other = makeRepo(dir.path);
      other.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const repo = makeRepo(dir.path);
      repo.commitFiles({ g: `${fakeSecret('bb')}\n` });
      repo.git('repack', '-adq');
      repo.commitFiles({ h: `${fakeSecret('cc')}\n` });
      repo.writeGitFile('objects/info/alternates', `${join(other.gitDir, 'objects')}\n`);
      const repository = await detect(repo.path);
      if (repository.kind !== 'repository') throw new Error('no repository');
      const source = create({ repository }, testAmbient({ uid: 4_000_000 }));
      const result = await fakeScan(source);
      await source.close();
      expect(
        [...result.hits.values()]
          .flat()
          .map((hit) => hit.credential)
          .sort(),
      ).toEqual(['c1_bb', 'c1_cc']);
      expect(result.notScanned).toMatchObject([
        { state: 'failed', reason: 'missing', where: 'objects/info/alternates' },
      ]);
    });

    it('is not led astray by grafts, replace refs or broken refs', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.commitFiles({ f: 'gone\n' });
      const head = repo.commitFiles({ g: 'x' });
      const harmless = repo.hashObject('nothing to see\n');
      repo.git('replace', '-f', repo.git('rev-parse', `${first}:f`), harmless);
      repo.writeGitFile('info/grafts', `${head}\n`);
      repo.writeGitFile('refs/heads/broken', `${'1'.repeat(40)}\n`);
      repo.writeGitFile('refs/heads/not a name', `${first}\n`);
      const result = await scan(repo.path);
      expect(gitSightings(result, 'aa')).toMatchObject([{ commit: first, path: 'f' }]);
      expect(gitSightings(result, 'aa')[0]?.removed).toBeDefined();
      expect(result.notScanned).toEqual([
        {
          state: 'failed',
          reason: 'missing',
          where: 'refs/heads/broken',
          detail: 'the ref points at an object that cannot be read',
        },
      ]);
    });

    it('stops when it is interrupted, and leaves nothing behind', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x' });
      const repository = await detect(repo.path);
      if (repository.kind !== 'repository') throw new Error('no repository');
      const temporary = makeTempDir('door');
      const source = create({ repository }, testAmbient({ tmpdir: temporary.path }));
      await expect(fakeScan(source, AbortSignal.abort())).rejects.toThrow();
      await source.close();
      await source.close();
      expect(readdirSync(temporary.path)).toEqual([]);
      temporary.remove();
    });
  });
});

/** Overwrites the compressed bytes of one object in the only pack. */
function corruptPackedObject(repo: TestRepo, oid: string): void {
  const packs = join(repo.gitDir, 'objects', 'pack');
  const index = readdirSync(packs).find((name) => name.endsWith('.idx')) ?? '';
  const listing = execFileSync('git', ['verify-pack', '-v', join(packs, index)], { env: gitEnvironment() }).toString();
  const offset = Number(
    listing
      .split('\n')
      .find((line) => line.startsWith(oid))
      ?.split(/\s+/u)[4],
  );
  const file = join(packs, index.replace('.idx', '.pack'));
  const bytes = readFileSync(file);
  bytes.fill(0xff, offset + 2, offset + 12);
  chmodSync(file, 0o644);
  writeFileSync(file, bytes);
}
