/**
 * What a target is, decided by looking: standard input, a URL, a repository (only its own top level, or bare), any other
 * directory, a file. What cannot be scanned is a target that says why, so that the others still are.
 */
import type { Ambient } from '../sources/ambient.ts';
import { detect } from '../sources/git/detect.ts';
import type { PlainTarget, Repository } from '../sources/git/detect.ts';
import { isUrl } from '../sources/git/remote-url.ts';
import { openRepository } from './open-repository.ts';
import { failed, readInside } from './target.ts';
import type { OpenTarget, TargetOptions } from './target.ts';
import { closingToo } from './wrap-source.ts';

/** `path` is absolute, a URL, or `-`. Sentences for the operator go to `hint`. */
export async function openTarget(
  name: string,
  path: string,
  options: TargetOptions,
  ambient: Ambient,
  hint: (text: string) => void,
): Promise<OpenTarget> {
  if (path === '-') {
    const { createStdinSource } = await import('../sources/stdin-source.ts');
    const bytes = options.stdin ?? new Uint8Array(0);
    return {
      name,
      prefix: '',
      whole: false,
      source: createStdinSource({ bytes, maxTextBytes: options.maxTextBytes }),
    };
  }
  if (options.repository !== undefined) return openRepository(name, options.repository, options, ambient);
  if (isUrl(path)) return openUrl(name, path, options, ambient);
  const target = await detect(path);
  switch (target.kind) {
    case 'missing':
      return failed(name, 'not-found', 'there is no such file or directory');
    case 'special':
      return failed(name, 'unreadable', 'it is neither a file nor a directory');
    case 'repository':
      return options.plain
        ? plain(name, { kind: 'directory', root: target.root, inside: undefined }, options)
        : openRepository(name, target, options, ambient);
    default:
      if (options.mode.kind !== 'all') return withRepositoryAround(name, target, options, ambient);
      if (target.broken !== undefined) return failed(name, 'not-a-repository', target.broken);
      if (options.mode.history === 'only') return failed(name, 'not-a-repository', notTopLevel(target));
      if (target.inside !== undefined && target.kind === 'directory')
        hint(
          `${name} lies inside the repository ${target.inside}: its files are scanned, not its history (name the top level for that)`,
        );
      return plain(name, target, options);
  }
}

/** Staged and range scans mean the repository around, wherever in it they are started. */
async function withRepositoryAround(
  name: string,
  target: PlainTarget,
  options: TargetOptions,
  ambient: Ambient,
): Promise<OpenTarget> {
  const around = target.inside === undefined ? undefined : await detect(target.inside);
  if (around?.kind !== 'repository')
    return failed(
      name,
      'not-a-repository',
      target.broken ?? 'no git repository is there; --staged, --since, --range and --branch need one',
    );
  return openRepository(name, around, options, ambient);
}

function notTopLevel(target: PlainTarget): string {
  if (target.inside === undefined) return 'no git repository is there, so it has no history';
  return `it is not the top level of a repository; its history is that of ${target.inside}`;
}

async function plain(name: string, target: PlainTarget, options: TargetOptions): Promise<OpenTarget> {
  const { createFilesSource } = await import('../sources/files/files-source.ts');
  const source = createFilesSource({
    root: target.root,
    ...(target.inside === undefined ? {} : { repositoryTop: target.inside }),
    noIgnore: options.noIgnore,
    followSymlinks: options.followSymlinks,
    maxTextBytes: options.maxTextBytes,
  });
  return {
    name,
    prefix: '',
    whole: target.kind === 'directory' && target.inside === undefined,
    source,
    readPlace: async (commit, path) =>
      commit === undefined && target.kind === 'directory' ? readInside(target.root, path) : undefined,
  };
}

async function openUrl(name: string, url: string, options: TargetOptions, ambient: Ambient): Promise<OpenTarget> {
  const { cloneRepository } = await import('../sources/git/clone.ts');
  const { GitError } = await import('../sources/git/git-error.ts');
  let cloned: { readonly repository: Repository; readonly close: () => Promise<void> };
  try {
    cloned = await cloneRepository(url, ambient, {
      signal: options.signal,
      ...(options.onClone === undefined ? {} : { onProgress: options.onClone }),
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return failed(name, 'clone-failed', error.message);
  }
  // A clone is another repository every time: nothing is remembered of it.
  const { remembering: _, ...opened } = await openRepository(name, cloned.repository, options, ambient);
  return { ...opened, source: closingToo(opened.source, cloned.close) };
}
