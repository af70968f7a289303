import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeRepo, makeTempDir, openRepo } from '../../../../../test/support/repo.ts';
import { borrowRepository } from './borrowed-repository.ts';

const folder = makeTempDir('borrowed');
afterAll(() => folder.remove());

const ambient = { env: process.env, tmpdir: folder.path, uid: process.getuid?.(), parallelism: 1 };

test('it has every object, ref and HEAD of the other, and what is written into it does not reach that', async () => {
  const repo = makeRepo(folder.path);
  const first = repo.commitFiles({ 'a.txt': 'a\n' });
  repo.git('branch', 'other');
  const second = repo.commitFiles({ 'b.txt': 'b\n' });
  const borrowed = await borrowRepository(repo.path, ambient);
  const own = openRepo(borrowed.path);
  expect(own.git('rev-parse', 'HEAD', 'refs/heads/other')).toBe(`${second}\n${first}`);
  expect(own.git('cat-file', 'blob', `${second}:b.txt`)).toBe('b');
  const added = own.hashObject('new\n');
  expect(() => repo.git('cat-file', '-e', added)).toThrow();
  await borrowed.close();
  await borrowed.close();
  expect(existsSync(borrowed.path)).toBe(false);
  expect(repo.git('fsck', '--strict')).toBe('');
});

test('a shallow clone is as shallow there, until more is fetched', async () => {
  const repo = makeRepo(folder.path);
  repo.commitFiles({ 'a.txt': 'a\n' });
  const head = repo.commitFiles({ 'a.txt': 'b\n' });
  const clone = join(folder.path, 'shallow');
  repo.git('clone', '--quiet', '--depth=1', `file://${repo.path}`, clone);
  const borrowed = await borrowRepository(clone, ambient);
  const own = openRepo(borrowed.path);
  expect(own.git('rev-list', 'HEAD')).toBe(head);
  own.git('fetch', '--quiet', '--unshallow', `file://${repo.path}`, head);
  expect(own.git('rev-list', '--count', 'HEAD')).toBe('2');
  expect(readFileSync(join(clone, '.git/shallow'), 'utf8')).toBe(`${head}\n`);
  await borrowed.close();
});

test("the other's configuration is not there", async () => {
  const repo = makeRepo(folder.path);
  repo.commitFiles({ 'a.txt': 'a\n' });
  repo.git('config', 'core.fsmonitor', 'false');
  repo.git('config', 'alias.x', '!touch here');
  const borrowed = await borrowRepository(repo.path, ambient);
  expect(readFileSync(join(borrowed.path, 'config'), 'utf8')).not.toMatch(/fsmonitor|alias/);
  await borrowed.close();
});

test('nothing is borrowed of a partial clone', async () => {
  const repo = makeRepo(folder.path);
  const head = repo.commitFiles({ 'a.txt': 'a\n' });
  repo.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(folder.path, 'partial');
  repo.git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${repo.path}`, clone);
  const borrowed = await borrowRepository(clone, ambient);
  const own = openRepo(borrowed.path);
  expect(() => own.git('cat-file', '-e', head)).toThrow();
  expect(own.git('for-each-ref')).toBe('');
  await borrowed.close();
});

test('a folder that is no repository is an error', async () => {
  const plain = makeTempDir('plain');
  await expect(borrowRepository(plain.path, ambient)).rejects.toMatchObject({ code: 'not-a-repository' });
  plain.remove();
});
