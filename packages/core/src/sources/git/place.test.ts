import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect, type Repository } from './detect.ts';
import { openDoor } from './door.ts';
import { createPlaceReader, gitIsThere, resolveNames } from './place.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
let repository: Repository;
beforeEach(async () => {
  dir = makeTempDir('place');
  repo = makeRepo(dir.path);
  repo.commitFiles({ 'd/f': 'old\n' });
  repo.commitFiles({ 'd/f': 'new\n' });
  const found = await detect(repo.path);
  if (found.kind !== 'repository') throw new Error('no repository');
  repository = found;
});
afterEach(() => dir.remove());

it('reads a file of a commit', async () => {
  const places = createPlaceReader(repository, testAmbient());
  const read = async (commit: string, path: string): Promise<string | undefined> => {
    const bytes = await places.read(commit, path);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString();
  };
  expect(await read('HEAD', 'd/f')).toBe('new\n');
  expect(await read(repo.git('rev-parse', 'HEAD~1'), 'd/f')).toBe('old\n');
  expect(await read(repo.git('rev-parse', '--short', 'HEAD~1'), 'd/f')).toBe('old\n');
  for (const [commit, path] of [
    ['HEAD', 'd'],
    ['HEAD', 'gone'],
    ['gone', 'd/f'],
    ['--batch', 'x'],
    ['HEAD', 'a\nb'],
    ['', ''],
  ] as const)
    expect(await read(commit, path)).toBeUndefined();
  await places.close();
  await places.close();
});

it('says what names stand for, in their order', async () => {
  const open = await openDoor(repository, testAmbient());
  try {
    const found = await resolveNames(
      open.door,
      ['HEAD', 'nothing', 'a\nb', '', 'HEAD:d/f', '-x', 'HEAD^{tree}'],
      new AbortController().signal,
    );
    expect(found.map((each) => each?.type)).toEqual([
      'commit',
      undefined,
      undefined,
      undefined,
      'blob',
      undefined,
      'tree',
    ]);
    expect(found[0]?.oid).toBe(repo.git('rev-parse', 'HEAD'));
  } finally {
    await open.close();
  }
});

it('knows whether git is there', async () => {
  expect(await gitIsThere(testAmbient())).toBe(true);
  expect(await gitIsThere(testAmbient({ env: { PATH: dir.path } }))).toBe(false);
});
