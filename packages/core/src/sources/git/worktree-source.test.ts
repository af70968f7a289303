import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeScan, type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';
import { createWorktreeSource, type WorktreeOptions } from './worktree-source.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('worktree');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

async function scan(options: Partial<WorktreeOptions> = {}): Promise<FakeScan> {
  const repository = await detect(repo.path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  return await fakeScan(createWorktreeSource({ repository, ...options }, testAmbient()));
}

function paths(result: FakeScan): readonly string[] {
  return [...result.texts.keys()].sort();
}

it('scans what differs from the last commit, staged or not, and what is not tracked', async () => {
  repo.commitFiles({ same: 'same\n', changed: 'old\n', staged: 'old\n', 'dir/same': 'x\n' });
  repo.write('staged', `${fakeSecret('staged')}\n`);
  repo.stage();
  repo.write('changed', `line\n${fakeSecret('changed')}\n`);
  repo.write('dir/fresh', `${fakeSecret('fresh')}\n`);
  const result = await scan();
  expect(paths(result)).toEqual(['file:changed', 'file:dir/fresh', 'file:staged']);
  expect(result.located.map(({ sighting }) => sighting)).toContainEqual({
    kind: 'file',
    path: 'changed',
    line: 2,
    column: 1,
    endLine: 2,
    endColumn: 15,
  });
  expect(result.notScanned).toEqual([]);
});

it('leaves out what is ignored, but not if it is tracked', async () => {
  repo.commitFiles({ 'logs/kept.log': 'x\n' });
  repo.commitFiles({ '.gitignore': '*.log\nbuild/\nlogs/\n' });
  repo.write('a.log', fakeSecret('ignored'));
  repo.write('build/out', fakeSecret('built'));
  repo.write('logs/kept.log', fakeSecret('tracked'));
  repo.write('logs/other.log', fakeSecret('other'));
  const result = await scan();
  expect(paths(result)).toEqual(['file:logs/kept.log']);
  expect(result.notScanned.map(({ reason, where }) => [reason, where])).toEqual([
    ['ignored', 'a.log'],
    ['ignored', 'build/'],
    ['ignored', 'logs/other.log'],
  ]);
  expect(paths(await scan({ noIgnore: true }))).toEqual([
    'file:a.log',
    'file:build/out',
    'file:logs/kept.log',
    'file:logs/other.log',
  ]);
});

it('honours the exclude file of the repository', async () => {
  repo.commitFiles({ f: 'x' });
  repo.writeGitFile('info/exclude', 'private\n');
  repo.write('private', fakeSecret('aa'));
  expect((await scan()).notScanned).toEqual([{ state: 'excluded', reason: 'ignored', where: 'private' }]);
});

it('is not led astray by flags in the index that hide changes', async () => {
  repo.commitFiles({ a: 'x\n', b: 'x\n' });
  repo.git('update-index', '--assume-unchanged', 'a');
  repo.git('update-index', '--skip-worktree', 'b');
  repo.write('a', fakeSecret('aa'));
  repo.write('b', fakeSecret('bb'));
  expect(paths(await scan())).toEqual(['file:a', 'file:b']);
});

it('scans everything before the first commit, and when it is asked to', async () => {
  repo.write('f', 'x\n');
  expect(paths(await scan())).toEqual(['file:f']);
  repo.commit();
  expect(paths(await scan())).toEqual([]);
  expect(paths(await scan({ all: true }))).toEqual(['file:f']);
});

it('leaves submodules and other repositories inside to their own scans', async () => {
  const inner = makeRepo(dir.path);
  inner.commitFiles({ f: fakeSecret('aa') });
  repo.git('submodule', '--quiet', 'add', inner.path, 'sub');
  repo.commit();
  makeRepo(dir.path, { at: `${repo.path}/nested` }).commitFiles({ g: fakeSecret('bb') });
  const result = await scan();
  expect(paths(result)).toEqual([]);
  expect(result.notScanned).toEqual([
    { state: 'excluded', reason: 'submodule', where: 'nested/' },
    { state: 'excluded', reason: 'submodule', where: 'sub/' },
  ]);
});

it('says nothing of symbolic links that are committed, and lists others', async () => {
  repo.commitFiles({ f: 'x' });
  repo.link('known', 'f');
  repo.commit();
  repo.link('fresh', 'f');
  expect((await scan()).notScanned).toMatchObject([{ state: 'excluded', reason: 'symlink', where: 'fresh' }]);
});

it('tells by SHA-256 where the repository does', async () => {
  repo = makeRepo(dir.path, { sha256: true });
  repo.commitFiles({ same: 'same\n', changed: 'x' });
  repo.write('changed', fakeSecret('aa'));
  expect(paths(await scan())).toEqual(['file:changed']);
});

it('compares binary and large files too, and reports only those that changed', async () => {
  const image = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  repo.commitFiles({ same: image, changed: image });
  repo.write('changed', Buffer.concat([image, image]));
  expect((await scan()).notScanned).toEqual([{ state: 'excluded', reason: 'binary', where: 'changed' }]);
});
