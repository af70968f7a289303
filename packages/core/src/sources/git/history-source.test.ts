import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeScan, type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { gitSightingsOf, HISTORY_READERS, scanHistory, sightingsOf } from '../../../../../test/support/history-scan.ts';
import { storeCommit, storeObject, storeTree } from '../../../../../test/support/raw-objects.ts';
import { gitEnvironment, makeRepo, makeTempDir, openRepo, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';
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
      expect(gitSightingsOf(await scan(repo.path, { refs: ['topic'] }), 'base')).toMatchObject([
        { inHead: false, branches: ['topic'] },
      ]);
    });

    it('goes into directories whatever the other bits of their mode', async () => {
      const repo = makeRepo(dir.path);
      const blob = storeObject(repo, 'blob', Buffer.from(`${fakeSecret('deep')}\n`));
      const inner = storeTree(repo, ['40755', 'b', storeTree(repo, ['100644', 'f', blob])]);
      repo.git('update-ref', 'refs/heads/main', storeCommit(repo, storeTree(repo, ['040000', 'a', inner])));
      const result = await scan(repo.path, { refs: ['main'] });
      expect(gitSightingsOf(result, 'deep')).toMatchObject([{ path: 'a/b/f' }]);
      expect(result.notScanned).toEqual([]);
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
      expect(gitSightingsOf(await scan(bare), 'aa')).toMatchObject([
        { commit: first, inHead: true, branches: ['main'] },
      ]);
      writeFileSync(join(bare, 'HEAD'), 'ref: refs/heads/unborn\n');
      expect(gitSightingsOf(await scan(bare), 'aa')).toMatchObject([
        { commit: first, inHead: false, branches: ['main'] },
      ]);
    });

    it('a linked work tree has its own HEAD and the whole common history', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      repo.commitFiles({ f: 'gone\n' });
      const linked = join(dir.path, 'linked');
      repo.git('worktree', 'add', '-q', '--detach', linked, first);
      expect(gitSightingsOf(await scan(linked), 'aa')).toMatchObject([{ commit: first, inHead: true, branches: [] }]);
      expect(gitSightingsOf(await scan(repo.path), 'aa')).toMatchObject([{ commit: first, inHead: false }]);
    });

    it('a detached HEAD of another work tree keeps its commits reachable', async () => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x' });
      const linked = join(dir.path, 'linked');
      repo.git('worktree', 'add', '-q', '--detach', linked);
      const lonely = openRepo(linked).commitFiles({ g: `${fakeSecret('aa')}\n` });
      expect(gitSightingsOf(await scan(repo.path), 'aa')).toMatchObject([{ kind: 'git', commit: lonely }]);
    });

    it("a submodule's work tree", async () => {
      const inner = makeRepo(dir.path);
      const first = inner.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const outer = makeRepo(dir.path);
      outer.git('submodule', '--quiet', 'add', inner.path, 'sub');
      outer.commit();
      expect(gitSightingsOf(await scan(join(outer.path, 'sub')), 'aa')).toMatchObject([
        { commit: first, inHead: true },
      ]);
      expect(gitSightingsOf(await scan(outer.path), 'aa')).toEqual([]);
    });

    it('SHA-256', async () => {
      const repo = makeRepo(dir.path, { sha256: true });
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` }, { message: `m ${fakeSecret('bb')}` });
      repo.git('tag', '-a', 'v1', '-m', `t ${fakeSecret('cc')}`);
      repo.git('repack', '-adq');
      const result = await scan(repo.path);
      expect(first).toHaveLength(64);
      expect(gitSightingsOf(result, 'aa')).toMatchObject([{ commit: first, inHead: true, branches: ['main'] }]);
      expect(sightingsOf(result, 'bb')).toMatchObject([{ kind: 'commit-message', commit: first }]);
      expect(sightingsOf(result, 'cc')).toMatchObject([{ kind: 'tag-message', tag: 'v1' }]);
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
      expect(gitSightingsOf(result, 'aa')).toMatchObject([{ commit: second, inHead: true }]);
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
      expect(gitSightingsOf(result, 'aa')).toHaveLength(1);
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
      expect(gitSightingsOf(result, 'aa')).toHaveLength(1);
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
      expect(gitSightingsOf(result, 'aa')).toHaveLength(1);
    });

    it.each(['.idx', '.pack'])('a %s file that is cut off is reported, and the rest goes on', async (kind) => {
      const repo = makeRepo(dir.path);
      repo.commitFiles({ f: 'x\n', g: 'y\n' });
      repo.git('repack', '-adq');
      repo.commitFiles({ h: `${fakeSecret('aa')}\n` });
      const packs = join(repo.gitDir, 'objects', 'pack');
      const file = join(packs, readdirSync(packs).find((name) => name.endsWith(kind)) ?? '');
      chmodSync(file, 0o644);
      writeFileSync(file, readFileSync(file).subarray(0, 150));
      const result = await scan(repo.path);
      const failed = result.notScanned.filter(({ state, reason }) => state === 'failed' && reason === 'corrupt');
      expect(failed.length).toBeGreaterThan(0);
      expect(result.hits.size).toBe(1);
      expect([...result.texts.values()].map(String)).not.toContain('x\n');
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
      expect(gitSightingsOf(result, 'aa')).toMatchObject([{ path: 'g', inHead: true, commit: added }]);
    });

    it('follows alternates that belong to the operator, and counts them', async () => {
      const repo = makeRepo(dir.path);
      const first = repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
      const clone = join(dir.path, 'clone');
      repo.git('clone', '-q', '--shared', '--bare', repo.path, clone);
      expect(readdirSync(join(clone, 'objects', 'pack'))).toEqual([]);
      const result = await scan(clone);
      expect(gitSightingsOf(result, 'aa')).toMatchObject([{ commit: first }]);
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
      expect(gitSightingsOf(result, 'aa')).toMatchObject([{ commit: first, path: 'f' }]);
      expect(gitSightingsOf(result, 'aa')[0]?.removed).toBeDefined();
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
