/** Finds the files below a directory, in one order on every machine: names sorted by their bytes, depth first. */
import { isUtf8 } from 'node:buffer';
import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { NotScanned } from '../../types/index.ts';
import { isInside } from '../inside.ts';
import { pathText } from '../path-text.ts';
import { addIgnoreFile, type IgnoreChain, judge } from './ignore-rules.ts';

/** Relative to the root, with `/`. Bytes where the name is not UTF-8. */
export type RelativePath = string | Uint8Array;

export interface FoundFile {
  readonly path: RelativePath;
  readonly size: number;
}

export interface WalkOptions {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** Do not honour ignore files. */
  readonly noIgnore: boolean;
  /** Follow symbolic links that stay inside the root. */
  readonly followSymlinks: boolean;
  /** Ignore files above the root: top level of the repository that it lies in. */
  readonly repositoryTop: string | undefined;
  /** Paths that no ignore file can leave out, and the directories above them with `/` at their end. */
  readonly tracked?: ReadonlySet<string>;
  /** A directory with a repository of its own is left out as `submodule`. */
  readonly skipNestedRepositories: boolean;
}

export interface WalkSink {
  file(file: FoundFile): void;
  notScanned(event: NotScanned): void;
}

const DIRECTORIES_BETWEEN_PAUSES = 64;

export async function walk(options: WalkOptions, sink: WalkSink, signal: AbortSignal): Promise<void> {
  let directories = 0;
  /** Directories entered through a link: once each, or a few links between directories would make endless paths. */
  const entered = new Set<string>();

  async function visit(directory: RelativePath, chain: IgnoreChain): Promise<void> {
    // Reading is synchronous; a pause lets an interrupt through.
    directories += 1;
    if (directories % DIRECTORIES_BETWEEN_PAUSES === 0) await setImmediate();
    signal.throwIfAborted();
    const entries = list(options.root, directory);
    if (typeof entries === 'string') {
      sink.notScanned({
        state: 'failed',
        reason: 'unreadable',
        where: directory === '' ? '.' : `${text(directory)}/`,
        detail: entries,
      });
      return;
    }
    if (
      directory !== '' &&
      options.skipNestedRepositories &&
      entries.some((entry) => entry.name.toString('latin1') === '.git')
    ) {
      sink.notScanned({ state: 'excluded', reason: 'submodule', where: `${text(directory)}/` });
      return;
    }
    const here = options.noIgnore
      ? chain
      : addIgnoreFile(chain, join(options.root, text(directory), '.gitignore'), {
          cut: directory === '' ? 0 : text(directory).length + 1,
        });
    for (const entry of entries) {
      if (entry.name.toString('latin1') === '.git') continue;
      await visitEntry(entry, child(directory, entry.name), here);
    }
  }

  async function visitEntry(entry: Dirent<Buffer>, path: RelativePath, chain: IgnoreChain): Promise<void> {
    const kind = entry.isSymbolicLink() ? followed(path) : entry;
    if (typeof kind === 'string') {
      if (!isIgnored(path, chain, false).ignored)
        sink.notScanned({ state: 'excluded', reason: 'symlink', where: text(path), detail: kind });
      return;
    }
    const { ignored, below } = isIgnored(path, chain, kind.isDirectory());
    if (ignored)
      sink.notScanned({
        state: 'excluded',
        reason: 'ignored',
        where: kind.isDirectory() ? `${text(path)}/` : text(path),
      });
    else if (kind.isDirectory()) await visit(path, below);
    else if (kind.isFile()) found(path);
    else sink.notScanned({ state: 'excluded', reason: 'special-file', where: text(path) });
  }

  function isIgnored(
    path: RelativePath,
    chain: IgnoreChain,
    isDirectory: boolean,
  ): { ignored: boolean; below: IgnoreChain } {
    const spelt = isDirectory ? `${text(path)}/` : text(path);
    if (options.tracked?.has(spelt) === true) return { ignored: false, below: chain };
    return judge(chain, spelt);
  }

  /** What a symbolic link leads to, or why it is not followed. */
  function followed(path: RelativePath): Stats | string {
    if (!options.followSymlinks) return 'symbolic links are not followed';
    try {
      const place = absolute(options.root, path);
      const target = realpathSync(place);
      const stats = statSync(target);
      if (!isInside(target, options.root)) return 'it leads out of the target';
      if (!stats.isDirectory()) return stats;
      if (isInside(place.toString(), target)) return 'it leads back to a directory above it';
      if (entered.has(target)) return 'another link to the same directory was followed';
      entered.add(target);
      return stats;
    } catch {
      return 'it leads nowhere';
    }
  }

  function found(path: RelativePath): void {
    try {
      const place = absolute(options.root, path);
      sink.file({ path, size: (options.followSymlinks ? statSync(place) : lstatSync(place)).size });
    } catch (error) {
      const code = errorCode(error);
      sink.notScanned({
        state: 'failed',
        reason: code === 'ENOENT' ? 'not-found' : 'unreadable',
        where: text(path),
        detail: code,
      });
    }
  }

  await visit('', options.noIgnore ? [] : outerChain(options));
}

/** The repository's own exclude file, and the ignore files from its top level down to the directory above the root. */
function outerChain({ root, repositoryTop }: WalkOptions): IgnoreChain {
  if (repositoryTop === undefined) return [];
  const names = root
    .slice(repositoryTop.length)
    .split(sep)
    .filter((name) => name !== '');
  let chain: IgnoreChain = addIgnoreFile([], join(repositoryTop, '.git', 'info', 'exclude'), {
    prefix: names.map((name) => `${name}/`).join(''),
  });
  for (let depth = 0; depth < names.length; depth += 1) {
    const prefix = names
      .slice(depth)
      .map((name) => `${name}/`)
      .join('');
    chain = addIgnoreFile(chain, join(repositoryTop, ...names.slice(0, depth), '.gitignore'), { prefix });
  }
  return chain;
}

function list(root: string, directory: RelativePath): readonly Dirent<Buffer>[] | string {
  try {
    return readdirSync(absolute(root, directory), { withFileTypes: true, encoding: 'buffer' }).sort((a, b) =>
      Buffer.compare(a.name, b.name),
    );
  } catch (error) {
    return errorCode(error);
  }
}

function child(directory: RelativePath, name: Buffer): RelativePath {
  if (typeof directory === 'string' && isUtf8(name))
    return directory === '' ? name.toString('utf8') : `${directory}/${name.toString('utf8')}`;
  const parent = typeof directory === 'string' ? Buffer.from(directory) : directory;
  return Buffer.concat(parent.length === 0 ? [name] : [parent, Buffer.from('/'), name]);
}

/** The path as a report shows it. */
export function text(path: RelativePath): string {
  return typeof path === 'string' ? path : pathText(path);
}

/** For the file system. */
export function absolute(root: string, path: RelativePath): string | Buffer {
  if (typeof path === 'string') return path === '' ? root : join(root, path);
  return Buffer.concat([Buffer.from(root + sep), path]);
}

/** A system error's code, such as `EACCES`: its message would name paths of this machine. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
