/** Objects as they are, sound or not: git itself makes no bad ones. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { TestRepo } from './repo.ts';

/** Stores a loose object; gives its id. */
export function storeObject(repo: TestRepo, type: string, content: Buffer): string {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const oid = createHash('sha1').update(bytes).digest('hex');
  const folder = join(repo.gitDir, 'objects', oid.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, oid.slice(2)), deflateSync(bytes, { level: 1 }));
  return oid;
}

export type RawEntry = readonly [mode: string, name: string, oid: string];

export function treeBytes(...entries: readonly RawEntry[]): Buffer {
  return Buffer.concat(
    entries.map(([mode, name, oid]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])),
  );
}

export function storeTree(repo: TestRepo, ...entries: readonly RawEntry[]): string {
  return storeObject(repo, 'tree', treeBytes(...entries));
}

/** Each commit is a minute after the one that was stored before it. */
export function storeCommit(repo: TestRepo, tree: string, ...parents: readonly string[]): string {
  clock += 60;
  const who = `Ada <ada@example.org> ${clock} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`];
  return storeObject(repo, 'commit', Buffer.from(`${lines.join('\n')}\n\nx\n`));
}
let clock = 1_600_000_000;
