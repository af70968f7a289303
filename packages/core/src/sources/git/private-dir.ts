/**
 * A private git directory that stands for a target's: its own configuration with nothing but the object format, the
 * target's HEAD, refs and shallow file as copies, and the target's objects by reference. git that runs on it never
 * sees the target's configuration, hooks, attributes, grafts or commit-graph.
 */
import { copyFile, cp, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ambient } from '../ambient.ts';
import { textOf } from '../look.ts';
import { makeTemporary, type Temporary } from '../temporary.ts';
import type { Alternates } from './alternates.ts';
import type { Repository } from './detect.ts';
import { hasPromisor, readLayout } from './layout.ts';
import { type HashName, isOid } from './oid.ts';
import { readRefFiles, type RefFiles } from './ref-files.ts';

export interface PrivateDir {
  readonly gitDir: string;
  /** For GIT_OBJECT_DIRECTORY: the target's own, or a stand-in that leaves refused alternates out. */
  readonly objects: string;
  /** The real object directories, the target's first. */
  readonly objectDirs: readonly string[];
  readonly hash: HashName;
  /** Empty when the repository keeps its refs in a reftable. */
  readonly refs: RefFiles;
  readonly reftable: boolean;
  /** Commits at which a shallow clone ends. */
  readonly shallow: readonly string[];
  /** Objects may be missing on purpose: the clone has a filter. */
  readonly partial: boolean;
  readonly alternates: Alternates;
  readonly temporary: Temporary;
}

/**
 * `withRefs: false` leaves branches and tags out: a scan of the index needs HEAD alone, and must not wait for fifty
 * thousand refs to be read.
 * @throws GitError `unsupported-format`
 */
export async function makePrivateDir(repository: Repository, ambient: Ambient, withRefs = true): Promise<PrivateDir> {
  const { hash, reftable, objectDirs, alternates, partial } = readLayout(repository, ambient);
  const refs =
    withRefs || reftable
      ? await readRefFiles(repository, hash)
      : { head: undefined, refs: [], bareTips: [], broken: 0 };
  const shallow = readShallow(repository.commonDir, hash);

  const temporary = await makeTemporary(ambient, 'git');
  const gitDir = temporary.path;
  await mkdir(join(gitDir, 'refs'));
  await writeFile(join(gitDir, 'config'), configText(hash, reftable));
  await writeFile(join(gitDir, 'empty'), '');
  await writeFile(join(gitDir, 'HEAD'), `${refs.head ?? 'ref: refs/heads/unleak-no-head'}\n`);
  if (reftable) await copyReftable(repository, gitDir);
  else await writeFile(join(gitDir, 'packed-refs'), refs.refs.map((ref) => `${ref.oid} ${ref.name}\n`).join(''));
  if (shallow.length > 0) await writeFile(join(gitDir, 'shallow'), `${shallow.join('\n')}\n`);

  const [objects] = objectDirs;
  return {
    gitDir,
    objects: alternates.refused.length === 0 ? objects : await standIn(objects, alternates.followed, gitDir),
    objectDirs,
    hash,
    refs,
    reftable,
    shallow,
    partial: partial || hasPromisor(objectDirs),
    alternates,
    temporary,
  };
}

/**
 * Beside the format: commit-graph and multi-pack-index are caches that a target may have forged, and the index files
 * say the same.
 */
function configText(hash: HashName, reftable: boolean): string {
  const lines = [
    '[core]',
    `\trepositoryformatversion = ${hash === 'sha1' && !reftable ? 0 : 1}`,
    '\tbare = true',
    '\tcommitGraph = false',
    '\tmultiPackIndex = false',
    '\tlongpaths = true',
  ];
  if (hash === 'sha256' || reftable) lines.push('[extensions]');
  if (hash === 'sha256') lines.push('\tobjectFormat = sha256');
  if (reftable) lines.push('\trefStorage = reftable');
  return `${lines.join('\n')}\n`;
}

async function copyReftable(repository: Repository, gitDir: string): Promise<void> {
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
  await cp(join(repository.commonDir, 'reftable'), join(gitDir, 'reftable'), { recursive: true, dereference: false });
}

function readShallow(commonDir: string, hash: HashName): readonly string[] {
  return (textOf(join(commonDir, 'shallow'), 'latin1') ?? '')
    .split('\n')
    .filter((line) => isOid(line.toLowerCase(), hash));
}

/**
 * git reads `info/alternates` by itself and cannot be told not to. So when an entry is refused it gets a directory of
 * links: the pack folder and the fan-out folders of each object directory, and an alternates file of our own.
 */
async function standIn(objects: string, followed: readonly string[], gitDir: string): Promise<string> {
  const copies: string[] = [];
  for (const [index, source] of [objects, ...followed].entries()) {
    const copy = join(gitDir, 'objects', String(index));
    await mkdir(join(copy, 'info'), { recursive: true });
    for (const name of await readdir(source).catch(() => [])) {
      const isFanOut = name.length === 2 && Buffer.from(name, 'hex').length === 1;
      const isDirectory = (await stat(join(source, name)).catch(() => undefined))?.isDirectory() === true;
      if ((isFanOut || name === 'pack') && isDirectory) await symlink(join(source, name), join(copy, name), 'junction');
    }
    copies.push(copy);
  }
  const [own = objects, ...others] = copies;
  if (others.length > 0) await writeFile(join(own, 'info', 'alternates'), `${others.join('\n')}\n`);
  return own;
}

/** A copy of a work tree's index beside the private directory; a split index brings its shared part. */
export async function copyIndex(index: string, from: string, gitDir: string): Promise<string | undefined> {
  const copy = join(gitDir, 'index');
  const stats = await stat(index).catch(() => undefined);
  if (stats === undefined) return undefined;
  await copyFile(index, copy);
  for (const name of await readdir(from).catch(() => [])) {
    if (name.startsWith('sharedindex.')) await copyFile(join(from, name), join(gitDir, name));
  }
  return copy;
}
