/**
 * A clone can lack objects (a partial clone, a mirror without its largest files). Scanners that read patches end at the
 * first one, quietly or not, so that their time would mean nothing.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { deflateSync } from 'node:zlib';

/**
 * Ids of the objects that commits of this repository need and that are not here. Only looked for where git has noted that
 * there may be some.
 *
 * @param {string} repository a git directory
 * @returns {Promise<string[]>}
 */
export async function missingObjects(repository) {
  const packs = join(repository, 'objects/pack');
  if (!readdirSync(packs).some((name) => name.endsWith('.promisor'))) return [];
  const child = spawn('git', ['-C', repository, 'rev-list', '--objects', '--all', '--missing=print'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const missing = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('?')) missing.push(line.slice(1));
  }
  return missing;
}

/**
 * Makes a repository with the refs and, as its alternates, the objects of another, in which empty blobs lie under the ids
 * that are missing there. Git does not compare an id with the text when it makes a patch.
 *
 * @param {string} repository a git directory
 * @param {string[]} missing ids
 * @param {string} copy a path that is free
 */
export function withStandIns(repository, missing, copy) {
  execFileSync('git', ['clone', '--quiet', '--mirror', '--shared', repository, copy]);
  const empty = deflateSync('blob 0\0');
  for (const id of missing) {
    const path = join(copy, 'objects', id.slice(0, 2), id.slice(2));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, empty);
  }
}
