/** A repository as target: history and uncommitted state, what is staged, or what a range of commits brought in. */
import type { Ambient } from '../sources/ambient.ts';
import type { Repository } from '../sources/git/detect.ts';
import type { HistoryOptions } from '../sources/git/history-source.ts';
import { gitIsThere, readPlaceThrough } from '../sources/git/place.ts';
import type { Source } from '../types/index.ts';
import { createCompositeSource } from './composite-source.ts';
import { failed, readInside } from './target.ts';
import type { OpenTarget, TargetOptions } from './target.ts';

export async function openRepository(
  name: string,
  repository: Repository,
  options: TargetOptions,
  ambient: Ambient,
): Promise<OpenTarget> {
  const { mode } = options;
  const common = { repository, maxTextBytes: options.maxTextBytes, allowMissing: options.allowMissing };
  const withGit = await gitIsThere(ambient);
  const target = (source: Source): OpenTarget => ({
    name,
    prefix: '',
    whole: mode.kind === 'all' && mode.history === 'yes' && options.refs.length === 0,
    source,
    readPlace: async (commit, path) => {
      if (commit !== undefined) return withGit ? readPlaceThrough(repository, commit, path, ambient) : undefined;
      return repository.worktree === undefined ? undefined : readInside(repository.worktree, path);
    },
  });

  if (mode.kind !== 'all') {
    if (!withGit)
      return failed(name, 'git-failed', 'git is not installed; --staged, --since, --range and --branch need it');
    if (mode.kind === 'staged') {
      const { createStagedSource } = await import('../sources/git/staged-source.ts');
      return target(createStagedSource(common, ambient));
    }
    if (mode.kind === 'uncommitted') {
      if (repository.worktree === undefined) return failed(name, 'not-found', 'a bare repository has no work tree');
      const { createWorktreeSource } = await import('../sources/git/worktree-source.ts');
      return target(
        createWorktreeSource(
          { ...common, noIgnore: options.noIgnore, followSymlinks: options.followSymlinks },
          ambient,
        ),
      );
    }
    const { createRangeSource } = await import('../sources/git/range-source.ts');
    const { kind: _, ...range } = mode;
    return target(createRangeSource({ ...common, ...range }, ambient));
  }

  const sources: Source[] = [];
  if (mode.history !== 'no')
    sources.push(
      await history({ ...common, refs: options.refs, verifyObjects: options.verifyObjects }, withGit, ambient),
    );
  if (mode.history !== 'only' && repository.worktree !== undefined) {
    const { createWorktreeSource } = await import('../sources/git/worktree-source.ts');
    const { worktree } = repository;
    sources.push(
      createWorktreeSource(
        {
          ...common,
          repository: { ...repository, worktree },
          noIgnore: options.noIgnore,
          followSymlinks: options.followSymlinks,
          all: mode.history === 'no',
        },
        ambient,
      ),
    );
  }
  if (sources.length === 0) return failed(name, 'not-found', 'a bare repository has no files; leave out --history no');
  return target(createCompositeSource(sources));
}

async function history(options: HistoryOptions, withGit: boolean, ambient: Ambient): Promise<Source> {
  const { createHistorySource, createNoGitSource } = await import('../sources/git/history-source.ts');
  return withGit ? createHistorySource(options, ambient) : createNoGitSource(options, ambient);
}
