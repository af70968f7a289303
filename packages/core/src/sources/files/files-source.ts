/** The files of a directory, or one file. */
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Hit, Located, Plan, Source, SourceContext, TextId } from '../../types/index.ts';
import { createJobMaker, type FilesJobOptions } from './jobs.ts';
import type { FilesJob } from './reader.ts';
import type { RelativePath } from './relative-path.ts';
import { createWalk, ENTRIES_BETWEEN_PAUSES, pause, walk, type WalkOptions } from './walk.ts';

export interface FilesOptions {
  /** A directory, or a file; absolute, without symbolic links. */
  readonly root: string;
  /** Top level of the repository that it lies in, whose ignore files apply, too. */
  readonly repositoryTop?: string;
  readonly noIgnore?: boolean;
  readonly followSymlinks?: boolean;
  readonly maxTextBytes?: number;
}

export function createFilesSource(options: FilesOptions): Source {
  async function plan(ctx: SourceContext): Promise<Plan> {
    ctx.signal.throwIfAborted();
    const isFile = statSync(options.root, { throwIfNoEntry: false })?.isFile() === true;
    const name = basename(options.root);
    if (isFile) {
      const jobs = filesJobs(
        [name],
        { ...options, root: dirname(options.root), followSymlinks: true, now: ctx.now() },
        ctx,
      );
      return { jobs, describes: `the file ${name}`, facts: { files: 1 } };
    }
    const { root, noIgnore = false, followSymlinks = false, repositoryTop } = options;
    const walked: WalkOptions = { root, noIgnore, followSymlinks, repositoryTop, skipNestedRepositories: false };
    const facts = { files: 0 };
    const later = walkedJobs(walked, options, facts, ctx);
    // Of a tree that is not large, all files are known when the plan is.
    const first = await later.next();
    return { jobs: first.done === true ? [] : [first.value], later, describes: `the files of ${name}`, facts };
  }
  return {
    plan,
    attribute: (hits) => Promise.resolve(locateFiles(hits)),
    close: () => Promise.resolve(),
  };
}

/** The jobs of a tree, the first of them long before its last directory was seen. */
async function* walkedJobs(
  walked: WalkOptions,
  options: FilesOptions,
  facts: { files: number },
  ctx: SourceContext,
): AsyncGenerator<FilesJob, void> {
  const notScanned = ctx.notScanned.bind(ctx);
  const maker = createJobMaker({ ...options, followSymlinks: walked.followSymlinks, now: ctx.now() }, notScanned);
  const sink = {
    file(path: RelativePath): void {
      facts.files += 1;
      maker.add(path);
    },
    notScanned,
  };
  const walk = createWalk(walked, sink);
  while (walk.step(ENTRIES_BETWEEN_PAUSES)) {
    yield* maker.take();
    await pause(ctx.signal);
  }
  maker.end();
  yield* maker.take();
}

export async function listFiles(
  options: WalkOptions,
  ctx: Pick<SourceContext, 'signal' | 'notScanned'>,
): Promise<readonly RelativePath[]> {
  const files: RelativePath[] = [];
  await walk(options, { file: (path) => files.push(path), notScanned: (event) => ctx.notScanned(event) }, ctx.signal);
  return files;
}

/** The jobs of files that are known. */
export function filesJobs(
  files: readonly RelativePath[],
  options: FilesJobOptions,
  ctx: Pick<SourceContext, 'notScanned'>,
): readonly FilesJob[] {
  const maker = createJobMaker(options, (event) => ctx.notScanned(event));
  for (const file of files) maker.add(file);
  maker.end();
  return maker.take();
}

/** One sighting for each hit. */
export function locateFiles(hits: ReadonlyMap<TextId, readonly Hit[]>): readonly Located[] {
  const located: Located[] = [];
  for (const [id, found] of hits) {
    if (!id.startsWith('file:')) continue;
    for (const hit of found) {
      located.push({
        text: id,
        hit,
        sighting: {
          kind: 'file',
          path: id.slice('file:'.length),
          line: hit.line,
          column: hit.column,
          endLine: hit.endLine,
          endColumn: hit.endColumn,
          ...(hit.decoded.length === 0 ? {} : { decoded: hit.decoded }),
        },
      });
    }
  }
  return located;
}
