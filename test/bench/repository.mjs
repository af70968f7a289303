/** What a repository holds, as git says it. */
import { execFileSync, spawn } from 'node:child_process';
import { resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';

/** The last two folders of a repository's path, for headings. */
export function nameOf(repository) {
  return resolve(repository).split(sep).slice(-2).join('/');
}

/** The absolute path of a repository's git directory (its own path for a bare one). @throws when it is no repository */
export function gitFolder(repository) {
  return git(repository, 'rev-parse', '--absolute-git-dir');
}

/**
 * Every object of a repository once. Reads the headers of them all, which brings the pack's index into memory.
 *
 * @returns {Promise<{ commits: number, head: string, objects: number, blobs: number, bytes: number }>} commits: those
 *   that any ref leads to; bytes: of all objects, whole and uncompressed
 */
export async function repositoryFacts(repository) {
  const commits = Number(git(repository, 'rev-list', '--all', '--count'));
  const head = git(repository, 'rev-parse', 'HEAD');
  const facts = { commits, head, objects: 0, blobs: 0, bytes: 0 };
  const check = '--batch-check=%(objecttype) %(objectsize)';
  const child = spawn('git', ['-C', repository, 'cat-file', '--batch-all-objects', check, '--buffer', '--unordered'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [type, size] = line.split(' ');
    facts.objects++;
    facts.bytes += Number(size);
    if (type === 'blob') facts.blobs++;
  }
  return facts;
}

/** What any scanner of whole blobs must at least pay, as a contender. */
export function readingAll(repository) {
  return {
    name: 'git cat-file',
    command: 'git',
    args: ['-C', repository, 'cat-file', '--batch-all-objects', '--batch', '--buffer', '--unordered'],
  };
}

function git(repository, ...args) {
  return execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
}
