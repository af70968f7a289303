import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { tempFolder } from '../../../../test/support/temp-folder.ts';
import { createTellIo } from './io.ts';
import type { TellIo } from './options.ts';

let folder: string;
let workspace: string;
let io: TellIo;
beforeEach(() => {
  folder = tempFolder();
  workspace = join(folder, 'checkout');
  mkdirSync(workspace);
  io = createTellIo({ command: () => {}, summaryFile: join(folder, 'summary.md'), workspace });
});

it('writes a file whole, in a folder that it makes, and leaves nothing beside it', async () => {
  const path = join(workspace, 'out/deep/x.sarif');
  await io.writeFile(path, ['a', 'b']);
  await io.writeFile(path, ['c']);
  expect(readFileSync(path, 'utf8')).toBe('c');
  expect(readdirSync(join(workspace, 'out/deep'))).toEqual(['x.sarif']);
});

it('adds to the summary', async () => {
  writeFileSync(join(folder, 'summary.md'), 'before\n');
  await io.appendSummary?.('after\n');
  expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toBe('before\nafter\n');
  expect(createTellIo({ command: () => {}, summaryFile: '', workspace }).appendSummary).toBeUndefined();
});

it('replaces a link that the checkout has in its place, and does not write through it', async () => {
  const precious = join(folder, 'precious');
  writeFileSync(precious, 'mine');
  const path = join(workspace, 'x.sarif');
  symlinkSync(precious, path);
  await io.writeFile(path, ['report']);
  expect(readFileSync(precious, 'utf8')).toBe('mine');
  expect(readFileSync(path, 'utf8')).toBe('report');
});

it('follows no folder of the checkout that leads out of it', async () => {
  const outside = join(folder, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, join(workspace, 'out'));
  await expect(io.writeFile(join(workspace, 'out/x.sarif'), ['report'])).rejects.toThrow(/link/);
  await expect(io.writeFile(join(workspace, 'out/deep/x.sarif'), ['report'])).rejects.toThrow(/link/);
  expect(readdirSync(outside)).toEqual([]);
});

it('writes outside of the checkout where it is told to', async () => {
  const path = join(folder, 'temp/x.sarif');
  await io.writeFile(path, ['report']);
  expect(existsSync(path)).toBe(true);
});

it('leaves nothing when the text fails', async () => {
  function* failing(): Generator<string> {
    yield 'a';
    throw new Error('broken');
  }
  await expect(io.writeFile(join(workspace, 'x.sarif'), failing())).rejects.toThrow('broken');
  expect(readdirSync(workspace)).toEqual([]);
});
