/** Finds the files below a directory, in one order on every machine: names sorted by their bytes, depth first. */
import { type Dirent, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { NotScanned } from '../../types/index.ts';
import { isInside } from '../inside.ts';
import { listDirectory } from './directory.ts';
import { addIgnoreFile, below, entered, type IgnoreChain, judge, type Judgement, mayJudge } from './ignore-rules.ts';
import { absolute, child, type RelativePath, text } from './relative-path.ts';

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
  file(path: RelativePath): void;
  notScanned(event: NotScanned): void;
}

export interface Walk {
  /** Goes on for so many entries. False: all were seen. */
  step(entries: number): boolean;
}

/** A directory on the way, and how much of it was seen. */
interface Place {
  readonly path: RelativePath;
  readonly entries: readonly Dirent<string | Buffer>[];
  readonly chain: IgnoreChain;
  next: number;
}

type Kind = Pick<Stats, 'isDirectory' | 'isFile'>;

export const ENTRIES_BETWEEN_PAUSES = 1024;

export async function walk(options: WalkOptions, sink: WalkSink, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const walk = createWalk(options, sink);
  while (walk.step(ENTRIES_BETWEEN_PAUSES)) await pause(signal);
}

/** Reading is synchronous; this lets interrupts and messages through. @throws the signal's reason */
export async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

export function createWalk(options: WalkOptions, sink: WalkSink): Walk {
  const { root, tracked } = options;
  const way: Place[] = [];
  /** Directories entered through a link: once each, or a few links between directories would make endless paths. */
  const linked = new Set<string>();
  enter('', options.noIgnore ? [] : outerChain(options));

  function enter(path: RelativePath, chain: IgnoreChain): void {
    const entries = listDirectory(absolute(root, path));
    if (typeof entries === 'string') {
      const where = path === '' ? '.' : `${text(path)}/`;
      sink.notScanned({ state: 'failed', reason: 'unreadable', where, detail: entries });
      return;
    }
    let isRepository = false;
    let hasRules = false;
    for (const { name } of entries) {
      if (!startsWithDot(name)) continue;
      isRepository ||= isNamed(name, '.git');
      hasRules ||= isNamed(name, '.gitignore');
    }
    if (isRepository && path !== '' && options.skipNestedRepositories) {
      sink.notScanned({ state: 'excluded', reason: 'submodule', where: `${text(path)}/` });
      return;
    }
    way.push({ path, entries, chain: hasRules && !options.noIgnore ? withRules(path, chain) : chain, next: 0 });
  }

  function withRules(path: RelativePath, chain: IgnoreChain): IgnoreChain {
    const cut = path === '' ? 0 : text(path).length + 1;
    return addIgnoreFile(chain, absolute(root, child(path, '.gitignore')), { cut });
  }

  function visit(entry: Dirent<string | Buffer>, path: RelativePath, chain: IgnoreChain): void {
    const kind = entry.isSymbolicLink() ? followed(path) : entry;
    if (typeof kind === 'string') {
      if (!judgeEntry(entry, path, chain, false).ignored)
        sink.notScanned({ state: 'excluded', reason: 'symlink', where: text(path), detail: kind });
      return;
    }
    const isDirectory = kind.isDirectory();
    const { ignored, below: within } = judgeEntry(entry, path, chain, isDirectory);
    if (ignored)
      sink.notScanned({ state: 'excluded', reason: 'ignored', where: isDirectory ? `${text(path)}/` : text(path) });
    else if (isDirectory) enter(path, within.length === 0 ? within : below(within, `${text(path)}/`));
    else if (kind.isFile()) sink.file(path);
    else sink.notScanned({ state: 'excluded', reason: 'special-file', where: text(path) });
  }

  function judgeEntry(
    { name }: Dirent<string | Buffer>,
    path: RelativePath,
    chain: IgnoreChain,
    isDirectory: boolean,
  ): Judgement {
    if (typeof name === 'string' && !mayJudge(chain, name)) return { ignored: false, below: chain };
    const spelt = isDirectory ? `${text(path)}/` : text(path);
    if (tracked?.has(spelt) !== true) return judge(chain, spelt);
    return { ignored: false, below: isDirectory ? entered(chain, spelt) : chain };
  }

  /** What a symbolic link leads to, or why it is not followed. */
  function followed(path: RelativePath): Kind | string {
    if (!options.followSymlinks) return 'symbolic links are not followed';
    try {
      const place = absolute(root, path);
      const target = realpathSync(place);
      const stats = statSync(target);
      if (!isInside(target, root)) return 'it leads out of the target';
      if (!stats.isDirectory()) return stats;
      if (isInside(place.toString(), target)) return 'it leads back to a directory above it';
      if (linked.has(target)) return 'another link to the same directory was followed';
      linked.add(target);
      return stats;
    } catch {
      return 'it leads nowhere';
    }
  }

  return {
    step(entries) {
      for (let left = entries; left > 0; left -= 1) {
        const place = way.at(-1);
        if (place === undefined) return false;
        const entry = place.entries[place.next];
        place.next += 1;
        if (entry === undefined) way.pop();
        else if (!isNamed(entry.name, '.git')) visit(entry, child(place.path, entry.name), place.chain);
      }
      return way.length > 0;
    },
  };
}

function startsWithDot(name: string | Buffer): boolean {
  return typeof name === 'string' ? name.startsWith('.') : name[0] === 0x2e;
}

function isNamed(name: string | Buffer, wanted: string): boolean {
  return name === wanted || (typeof name !== 'string' && name.toString('latin1') === wanted);
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
