import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePack } from '../../../../../../test/support/pack-files.ts';
import { makeTempDir } from '../../../../../../test/support/repo.ts';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { createEntryPlaces } from '../pack/entry-places.ts';
import { openForest } from '../pack/forest.ts';
import { openStagedEntries } from './staged-entries.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('staged');
});
afterEach(() => dir.remove());

async function forestOf(...contents: readonly string[]): ReturnType<typeof openForest> {
  writePack(
    dir.path,
    'a',
    contents.map((content) => ({ type: 'blob', content: Buffer.from(content) })),
  );
  return await openForest([dir.path], 'sha1');
}

it('brings in entries by their index, whatever their order', async () => {
  const forest = await forestOf('first', 'second');
  const staged = openStagedEntries(forest, 2);
  staged.stage(Int32Array.of(1, 0), 2);
  const texts = [0, 1].map((index) =>
    Buffer.from(linearMemory().bytes.subarray(staged.pointer(index), staged.pointer(index) + 5)).toString(),
  );
  staged.close();
  expect(texts).toEqual(['secon', 'first']);
});

it.runIf(process.platform !== 'win32')('does not wait at a pipe that has taken the place of a pack', async () => {
  const forest = await forestOf('first');
  const path = join(dir.path, 'pack/pack-a.pack');
  rmSync(path);
  execFileSync('mkfifo', [path]);
  // With a writer there, a wrong reader fails, too, but does not stand still for ever.
  const writer = openSync(path, constants.O_RDWR);
  const places = createEntryPlaces(forest);
  places.enter(0);
  expect(() => places.file()).toThrow('this is not a plain file');
  places.close();
  const staged = openStagedEntries(forest, 1);
  staged.stage(Int32Array.of(0), 1);
  expect(staged.pointer(0)).toBe(-1);
  staged.close();
  closeSync(writer);
});
