import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeScan, type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { makeRepo, makeTempDir, openRepo, type TestRepo } from '../../../../../test/support/repo.ts';
import type { Ambient } from '../ambient.ts';
import { detect } from './detect.ts';
import { createStagedSource } from './staged-source.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('staged');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

async function scan(path: string = repo.path, ambient: Partial<Ambient> = {}): Promise<FakeScan> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const source = createStagedSource({ repository }, testAmbient(ambient));
  const result = await fakeScan(source);
  await source.close();
  return result;
}

/** What is news: credential, path, line, and where it already was. */
function news(result: FakeScan): readonly unknown[] {
  return result.located.map(({ hit, sighting }) => {
    if (sighting.kind !== 'staged') throw new Error(sighting.kind);
    return [
      hit.credential.slice(3),
      sighting.path,
      sighting.line,
      ...(sighting.alreadyIn === undefined ? [] : [sighting.alreadyIn]),
    ];
  });
}

describe('what a commit would bring in', () => {
  it('is what is staged, not what lies in the work tree', async () => {
    repo.commitFiles({ f: 'x\n' });
    repo.write('f', `${fakeSecret('staged')}\n`);
    repo.stage();
    repo.write('f', `${fakeSecret('later')}\n`);
    repo.write('untracked', `${fakeSecret('untracked')}\n`);
    expect(news(await scan())).toEqual([['staged', 'f', 1]]);
  });

  it('works before the first commit', async () => {
    repo.write('a/b', `1\n${fakeSecret('aa')}\n`);
    repo.stage();
    expect(news(await scan())).toEqual([['aa', 'a/b', 2]]);
  });

  it('is nothing when nothing is staged, or there is no index', async () => {
    expect((await scan()).jobs).toEqual([]);
    repo.commitFiles({ f: `${fakeSecret('aa')}\n` });
    expect((await scan()).jobs).toEqual([]);
    rmSync(join(repo.gitDir, 'index'));
    expect((await scan()).jobs).toEqual([]);
  });

  it('is not a line that moves within its file, nor a second copy of it there', async () => {
    repo.commitFiles({ f: `${fakeSecret('old')}\nx\n` });
    repo.write('f', `x\n\n\n${fakeSecret('old')} ${fakeSecret('old')}\n${fakeSecret('fresh')}\n`);
    repo.stage();
    expect(news(await scan())).toEqual([['fresh', 'f', 5]]);
  });

  it('is not what a renamed file already held', async () => {
    const body = 'line\n'.repeat(40);
    repo.commitFiles({ old: `${body}${fakeSecret('aa')}\n` });
    repo.git('mv', 'old', 'new');
    repo.write('new', `${body}${fakeSecret('aa')}\n${fakeSecret('bb')}\n`);
    repo.stage();
    expect(news(await scan())).toEqual([['bb', 'new', 42]]);
  });

  it('is a copy in another file, with a word on where it already was', async () => {
    repo.commitFiles({ a: `one\n${fakeSecret('aa')}\n`, b: `two ${fakeSecret('bb')}\n`, z: 'z' });
    repo.write('copy', `one\n${fakeSecret('aa')}\n`);
    repo.write('b', 'no more\n');
    repo.write('z', `${fakeSecret('bb')}\n`);
    repo.stage();
    expect(news(await scan())).toEqual([
      ['aa', 'copy', 2, ['a']],
      ['bb', 'z', 1, ['b']],
    ]);
  });

  it('is not what goes away', async () => {
    repo.commitFiles({ f: `${fakeSecret('aa')}\n`, g: `${fakeSecret('bb')}\n` });
    repo.remove('f');
    repo.write('g', 'clean\n');
    repo.stage();
    expect(news(await scan())).toEqual([]);
  });

  it('of a merge, is what no parent has on that path', async () => {
    repo.commitFiles({ f: 'base\n', g: 'base\n' });
    repo.git('checkout', '-q', '-b', 'side');
    repo.commitFiles({ f: `${fakeSecret('side')}\n` });
    repo.git('checkout', '-q', 'main');
    repo.commitFiles({ g: `${fakeSecret('main')}\n` });
    repo.git('merge', '-q', '--no-ff', '--no-commit', 'side');
    expect(news(await scan())).toEqual([]);
    repo.write('f', `${fakeSecret('side')}\n${fakeSecret('evil')}\n`);
    repo.stage();
    expect(news(await scan())).toEqual([['evil', 'f', 2]]);
  });

  it('leaves out entries that are unmerged, and says so', async () => {
    repo.commitFiles({ f: 'base\n' });
    repo.git('checkout', '-q', '-b', 'side');
    repo.commitFiles({ f: `${fakeSecret('side')}\n` });
    repo.git('checkout', '-q', 'main');
    repo.commitFiles({ f: 'main\n' });
    expect(() => repo.git('merge', '-q', 'side')).toThrow();
    repo.write('other', `${fakeSecret('other')}\n`);
    repo.git('add', 'other');
    const result = await scan();
    expect(news(result)).toEqual([['other', 'other', 1]]);
    expect(result.notScanned).toMatchObject([{ state: 'excluded', reason: 'ignored', where: 'f' }]);
  });

  it('is found without git, unless a file may have been renamed', async () => {
    const body = 'line\n'.repeat(40);
    repo.commitFiles({ f: 'x', 'd/g': `${fakeSecret('gg')}\n`, old: `${body}${fakeSecret('aa')}\n` });
    repo.git('gc', '--quiet');
    repo.write('f', `${fakeSecret('ff')}\n`);
    repo.write('d/g', `${fakeSecret('gg')}\n${fakeSecret('hh')}\n`);
    repo.write('e', `${fakeSecret('gg')}\n`);
    repo.remove('old');
    repo.stage();
    const found = [
      ['hh', 'd/g', 2],
      ['gg', 'e', 1, ['d/g']],
      ['ff', 'f', 1],
    ];
    const withoutGit = { env: { PATH: dir.path } };
    expect(news(await scan(repo.path, withoutGit))).toEqual(found);
    expect(news(await scan())).toEqual(found);
    repo.write('new', `${body}${fakeSecret('aa')}\n`);
    repo.stage();
    expect(news(await scan(repo.path, withoutGit))).toEqual([...found, ['aa', 'new', 41, ['old']]]);
    expect(news(await scan())).toEqual(found);
  });

  it('does not look for the commits of submodules', async () => {
    const inner = makeRepo(dir.path);
    inner.commitFiles({ f: 'x' });
    repo.git('submodule', '--quiet', 'add', inner.path, 'sub');
    repo.commit();
    openRepo(join(repo.path, 'sub')).commitFiles({ f: 'y' });
    repo.stage();
    expect((await scan()).notScanned).toEqual([{ state: 'excluded', reason: 'submodule', where: 'sub' }]);
    repo.git('rm', '--quiet', '--cached', 'sub');
    expect((await scan()).notScanned).toEqual([]);
  });

  it('lists what cannot be read', async () => {
    repo.commitFiles({ f: 'x' });
    repo.write('f', `${fakeSecret('aa')}\n`);
    repo.write('g', `${fakeSecret('bb')}\n`);
    repo.stage();
    const fileOf = (name: string): string => {
      const oid = repo.git('rev-parse', name);
      return join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
    };
    rmSync(fileOf(':f'));
    rmSync(fileOf(':g'));
    writeFileSync(fileOf(':g'), 'not an object');
    const result = await scan();
    expect(news(result)).toEqual([]);
    expect([...result.notScanned].sort((a, b) => (a.where < b.where ? -1 : 1))).toEqual([
      { state: 'failed', reason: 'missing', where: 'f' },
      { state: 'failed', reason: 'corrupt', where: 'g' },
    ]);
  });

  it('cannot be told without the commit that it is compared with', async () => {
    repo.commitFiles({ f: 'x' });
    repo.write('f', `${fakeSecret('aa')}\n`);
    repo.stage();
    const head = repo.git('rev-parse', 'HEAD');
    rmSync(join(repo.gitDir, 'objects', head.slice(0, 2), head.slice(2)));
    await expect(scan()).rejects.toThrow('git diff-index');
  });

  it('leaves out what is only intended to be added', async () => {
    repo.commitFiles({ f: 'x' });
    repo.write('soon', `${fakeSecret('aa')}\n`);
    repo.git('add', '--intent-to-add', 'soon');
    expect(news(await scan())).toEqual([]);
  });

  it('lists submodules, LFS pointers, binary and too large texts by path', async () => {
    const inner = makeRepo(dir.path);
    inner.commitFiles({ f: 'x' });
    repo.commitFiles({ f: 'x' });
    repo.git('submodule', '--quiet', 'add', inner.path, 'sub');
    repo.write('lfs', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`);
    repo.write('image', Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    repo.stage();
    const result = await scan();
    expect([...result.notScanned].sort((a, b) => (a.where < b.where ? -1 : 1))).toEqual([
      { state: 'excluded', reason: 'binary', where: 'image' },
      { state: 'excluded', reason: 'lfs-pointer', where: 'lfs' },
      { state: 'excluded', reason: 'submodule', where: 'sub' },
    ]);
  });

  it('reads a symbolic link as the text it is', async () => {
    repo.commitFiles({ f: 'x' });
    repo.link('link', fakeSecret('aa'));
    repo.stage();
    expect(news(await scan())).toEqual([['aa', 'link', 1]]);
  });

  it('handles paths with line breaks, quotes and tabs', async () => {
    repo.commitFiles({ f: 'x' });
    repo.write('a\nb\t"c"', `${fakeSecret('aa')}\n`);
    repo.stage();
    expect(news(await scan())).toEqual([['aa', 'a\nb\t"c"', 1]]);
  });

  it('reads the index of the commit that a hook runs for, if it is one of this repository', async () => {
    repo.commitFiles({ f: 'x', g: 'x' });
    repo.write('f', `${fakeSecret('inf')}\n`);
    repo.write('g', `${fakeSecret('ing')}\n`);
    repo.stage();
    // As for `git commit f`: an index of its own, with f alone.
    const other = join(repo.gitDir, 'next-index-1.lock');
    repo.gitWith({ env: { GIT_INDEX_FILE: other } }, 'read-tree', 'HEAD');
    repo.gitWith(
      { env: { GIT_INDEX_FILE: other } },
      'update-index',
      '--cacheinfo',
      `100644,${repo.git('rev-parse', ':f')},f`,
    );
    const path = process.env['PATH'];
    expect(news(await scan(repo.path, { env: { PATH: path, GIT_INDEX_FILE: '.git/next-index-1.lock' } }))).toEqual([
      ['inf', 'f', 1],
    ]);
    writeFileSync(join(dir.path, 'foreign'), '');
    expect(
      news(await scan(repo.path, { env: { PATH: path, GIT_INDEX_FILE: join(dir.path, 'foreign') } })),
    ).toHaveLength(2);
  });

  it('works in a linked work tree, with packed refs, with a split index, a sparse one, and in SHA-256', async () => {
    repo.commitFiles({ f: 'x' });
    repo.git('pack-refs', '--all');
    const linked = join(dir.path, 'linked');
    repo.git('worktree', 'add', '-q', '-b', 'topic', linked);
    const other = openRepo(linked);
    other.git('update-index', '--split-index');
    other.write('f', `${fakeSecret('aa')}\n`);
    other.stage();
    expect(news(await scan(linked))).toEqual([['aa', 'f', 1]]);
    expect(news(await scan())).toEqual([]);
    repo.commitFiles({ 'in/f': 'x', 'out/f': 'x' });
    repo.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
    repo.write('in/f', `${fakeSecret('in')}\n`);
    repo.git('add', 'in');
    expect(news(await scan())).toEqual([['in', 'in/f', 1]]);
    const wide = makeRepo(dir.path, { sha256: true });
    wide.write('f', `${fakeSecret('bb')}\n`);
    wide.stage();
    expect(news(await scan(wide.path))).toEqual([['bb', 'f', 1]]);
    wide.commit();
    wide.write('f', `${fakeSecret('bb')} ${fakeSecret('cc')}\n`);
    wide.stage();
    expect(news(await scan(wide.path))).toEqual([['cc', 'f', 1]]);
  });
});

it.skipIf(process.platform === 'win32')('a git that fails when renames are asked for loses no finding', async () => {
  repo.commitFiles({ old: `${fakeSecret('aa')}\n${'a line\n'.repeat(20)}` });
  repo.git('mv', 'old', 'new');
  expect(news(await scan())).toEqual([]);
  const bin = join(dir.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), '#!/bin/sh\ncase "$*" in *--version*) echo git version 2.45.0;; *) exit 70;; esac\n');
  chmodSync(join(bin, 'git'), 0o755);
  const result = await scan(repo.path, { env: { PATH: bin } });
  expect(news(result)).toEqual([['aa', 'new', 1, ['old']]]);
  expect(result.notScanned).toMatchObject([{ state: 'failed', reason: 'git-failed' }]);
});
