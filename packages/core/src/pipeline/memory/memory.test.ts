/** What scans leave for the next one is a cache: whatever is wrong with it costs a debug line. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryAt } from '../../../../../test/support/real-scan.ts';
import { makeRepo, makeTempDir } from '../../../../../test/support/repo.ts';
import { openMemory, type Memory } from './memory.ts';

let dir: ReturnType<typeof makeTempDir>;
let memory: Memory;
let kept: string;
let said: string[];
beforeEach(async () => {
  dir = makeTempDir('memory');
  kept = join(dir.path, 'kept');
  said = [];
  const opened = openMemory(
    await repositoryAt(makeRepo(dir.path).path),
    {
      directory: kept,
      key: () => new Uint8Array(32).fill(1),
      random: (bytes) => new Uint8Array(bytes).fill(2),
      uid: process.getuid?.(),
      use: true,
      version: '0',
    },
    (level, text) => said.push(`${level}: ${text}`),
  );
  if (opened === undefined) throw new Error('nothing can be kept');
  memory = opened;
});
afterEach(() => dir.remove());

test('what is written is read again', () => {
  memory.write('texts', () => [Buffer.from('con'), Buffer.from('tent')]);
  expect(memory.read('texts', String)).toBe('content');
  memory.write('texts', () => undefined);
  expect(memory.read('texts', String)).toBe('content');
  expect(memory.read('result', String)).toBeUndefined();
  expect(said).toEqual([]);
});

test.each([
  ['a string', () => [Buffer.from('x'.repeat(2 ** 30))]],
  ['a string, of bytes', () => [Buffer.from(Buffer.alloc(2 ** 29).toString('latin1'))]],
  ['what may be read again', () => [new Uint8Array(2 ** 30)]],
])('what is more than %s holds is not kept', (_, encode) => {
  memory.write('texts', encode);
  expect(said).toEqual([expect.stringMatching(/^debug: what is known of the history is not kept: /)]);
  expect(() => readdirSync(kept)).toThrow('ENOENT');
});

test('what is more than a string holds is not read', () => {
  memory.write('texts', () => [Buffer.from('content')]);
  expect(memory.read('texts', () => Buffer.alloc(2 ** 29).toString('latin1'))).toBeUndefined();
  expect(said).toEqual([expect.stringMatching(/^debug: what is known of the history from before is not used: /)]);
});

test('a mistake of ours is no matter of the cache', () => {
  const mistake = (): never => {
    throw new Error('a mistake');
  };
  expect(() => memory.write('texts', mistake)).toThrow('a mistake');
});
