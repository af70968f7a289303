/** A repository as target: history and uncommitted state, what is staged, or what a range of commits brought in. */
import type { Ambient } from '../sources/ambient.ts';
import type { Repository } from '../sources/git/detect.ts';
import type { HistoryOptions } from '../sources/git/history-source.ts';
import type { PlaceReader } from '../sources/git/place.ts';
import type { Source } from '../types/index.ts';
import { createCompositeSource, createLateSource } from './composite-source.ts';
import { failed, readInside } from './target.ts';
import type { OpenTarget, TargetOptions } from './target.ts';
import { closingToo } from './wrap-source.ts';

export async function openRepository(
  name: string,
  repository: Repository,
  options: TargetOptions,
  ambient: Ambient,
): Promise<OpenTarget> {
  const { mode } = options;
  const common = { repository, maxTextBytes: options.maxTextBytes, allowMissing: options.allowMissing };
  // Asked only where it matters: it takes a while.
  const withGit = async (): Promise<boolean> => (await import('../sources/git/place.ts')).gitIsThere(ambient);
  /** One for all places of the target; closed with its source. */
  let places: PlaceReader | undefined;
  const target = (source: Source): OpenTarget => ({
    name,
    prefix: '',
    whole: mode.kind === 'all' && mode.history === 'yes' && options.refs.length === 0,
    source: closingToo(source, async () => places?.close()),
    readPlace: async (commit, path) => {
      if (commit !== undefined) {
        const { createPlaceReader, gitIsThere } = await import('../sources/git/place.ts');
        if (places === undefined && !(await gitIsThere(ambient))) return undefined;
        places ??= createPlaceReader(repository, ambient);
        return places.read(commit, path);
      }
      return repository.worktree === undefined ? undefined : readInside(repository.worktree, path);
    },
  });

  if (mode.kind === 'staged') {
    const { createStagedSource } = await import('../sources/git/staged-source.ts');
    return target(createStagedSource({ ...common, ofCommit: mode.ofCommit === true }, ambient));
  }
  if (mode.kind !== 'all') {
    if (!(await withGit()))
      return failed(name, 'git-failed', 'git is not installed; --since, --range and --branch need it');
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
  const openHistory = async (more: Partial<HistoryOptions>): Promise<Source> =>
    history({ ...common, refs: options.refs, verifyObjects: options.verifyObjects, ...more }, await withGit(), ambient);
  if (mode.history !== 'no') sources.push(createLateSource(() => openHistory({})));
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
  const opened = target(createCompositeSource(sources));
  // Whoever asks for other refs, or for every object to be compared with its id, wants them read.
  if (mode.history === 'no' || options.refs.length > 0 || options.verifyObjects) return opened;
  return {
    ...opened,
    async remembering(memory, settings) {
      const { createRememberedHistory } = await import('./memory/remembered-history.ts');
      const { maxTextBytes, allowMissing } = options;
      const remembered = createRememberedHistory({
        repository,
        ambient,
        memory,
        settings,
        maxTextBytes,
        allowMissing,
        open: openHistory,
      });
      return createCompositeSource([remembered, ...sources.slice(1)]);
    },
  };
}

async function history(options: HistoryOptions, withGit: boolean, ambient: Ambient): Promise<Source> {
  const { createHistorySource, createNoGitSource } = await import('../sources/git/history-source.ts');
  return withGit ? createHistorySource(options, ambient) : createNoGitSource(options, ambient);
}
