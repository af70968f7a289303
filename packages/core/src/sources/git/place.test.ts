import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  for (const [name, answer] of [
    ['old', 'echo git version 2.17.1'],
    ['a stand-in', 'echo install it first >&2; exit 1'],
  ] as const) {
    const bin = join(dir.path, name);
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    expect(await gitIsThere(testAmbient({ env: { PATH: `${bin}:/bin` } })), name).toBe(false);
  }
});

it('says so where it cannot be told whether git is there, and asks again', async () => {
  const env = { PATH: `${process.env['PATH'] ?? ''}:${dir.path}` };
  const tmpdir = join(dir.path, 'gone');
  await expect(gitIsThere(testAmbient({ env, tmpdir }))).rejects.toMatchObject({
    code: 'git-failed',
    message: `git --version could not run: the folder ${tmpdir} cannot be entered`,
  });
  expect(await gitIsThere(testAmbient({ env }))).toBe(true);
});
