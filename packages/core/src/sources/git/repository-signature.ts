/**
 * One digest of everything in a repository that decides what a scan of its history finds: which objects it has, its
 * refs and HEAD, where it ends, what it borrows from. Equal digests: the same history. Nothing is parsed and no object
 * is read, so that it costs a few milliseconds where reading the history takes minutes.
 *
 * Packs and their indexes end in a checksum of their content (gitformat-pack); loose objects are named by theirs. What
 * a broken disk changes in place is not seen.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Ambient } from '../ambient.ts';
import { entriesIn, namesIn, statOf } from '../look.ts';
import type { Repository } from './detect.ts';
import { GitError } from './git-error.ts';
import { type Layout, readLayout } from './layout.ts';
import { nibble } from './oid.ts';

/** Undefined where only git can read the refs, or the repository is none that we know. */
export function repositorySignature(repository: Repository, ambient: Ambient): string | undefined {
  const layout = layoutOf(repository, ambient);
  if (layout === undefined || layout.reftable) return undefined;
  const hash = createHash('sha256');
  add(hash, JSON.stringify(layout));
  add(hash, installedGit(ambient));
  for (const place of new Set([repository.commonDir, repository.gitDir])) {
    for (const name of ['HEAD', 'packed-refs', 'shallow', 'info/grafts']) addFile(hash, join(place, name));
    addFiles(hash, join(place, 'refs'));
  }
  for (const { name } of entriesIn(join(repository.commonDir, 'worktrees'))) {
    add(hash, name);
    addFile(hash, join(repository.commonDir, 'worktrees', name, 'HEAD'));
  }
  for (const directory of layout.objectDirs) addObjects(hash, directory);
  return hash.digest('hex');
}

function layoutOf(repository: Repository, ambient: Ambient): Layout | undefined {
  try {
    return readLayout(repository, ambient);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** With its length, so that what follows cannot be taken for a part of it. */
function add(hash: Hash, text: string | Uint8Array): void {
  hash.update(`${typeof text === 'string' ? Buffer.byteLength(text) : text.length}:`).update(text);
}

/** Which git answers for the refs, if any: a scan says when none does. */
function installedGit({ env }: Ambient): string {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter);
  for (const folder of folders) {
    if (folder === '') continue;
    for (const name of ['git', 'git.exe']) {
      const stats = statOf(join(folder, name));
      if (stats?.isFile() === true) return `${join(folder, name)} ${stats.size} ${stats.mtimeMs}`;
    }
  }
  return '';
}

function addObjects(hash: Hash, directory: string): void {
  for (const name of [...namesIn(directory)].sort()) {
    if (name.length !== 2 || nibble(name.charCodeAt(0)) < 0 || nibble(name.charCodeAt(1)) < 0) continue;
    add(hash, name);
    add(hash, [...namesIn(join(directory, name))].sort().join('/'));
  }
  addTails(hash, join(directory, 'pack'));
  addTails(hash, join(directory, 'pack', 'multi-pack-index.d'));
}

/** Room for two SHA-256 checksums. */
const TAIL_BYTES = 64;

/** Names, sizes and last bytes. */
function addTails(hash: Hash, directory: string): void {
  const names = namesIn(directory).filter((name) => !name.startsWith('tmp_'));
  add(hash, String(names.length));
  for (const name of names.sort()) {
    add(hash, name);
    add(hash, tailOf(join(directory, name)));
  }
}

function tailOf(path: string): Uint8Array | string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return Buffer.concat([Buffer.from(`${size}:`), tail]);
  } catch (error) {
    return codeOf(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function addFile(hash: Hash, path: string): void {
  try {
    add(hash, readFileSync(path));
  } catch (error) {
    add(hash, codeOf(error));
  }
}

/** Every file below a directory, with its content; of a symbolic link, where it leads as well. */
function addFiles(hash: Hash, directory: string): void {
  for (const entry of [...entriesIn(directory)].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    add(hash, entry.name);
    if (entry.isDirectory()) {
      add(hash, 'directory');
      addFiles(hash, path);
      add(hash, 'end');
      continue;
    }
    if (entry.isSymbolicLink()) add(hash, linkOf(path));
    if (entry.isFile() || entry.isSymbolicLink()) addFile(hash, path);
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'error';
}
