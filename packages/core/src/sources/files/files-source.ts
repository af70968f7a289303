/** The files of a directory, or one file. */
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Hit, Located, Plan, Source, SourceContext, TextId } from '../../types/index.ts';
import { type HashName, hashBytes } from '../git/oid.ts';
import { DEFAULT_MAX_TEXT_BYTES, FILES_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import type { FilesJob } from './reader.ts';
import { type FoundFile, text, walk, type WalkOptions } from './walk.ts';

export interface FilesOptions {
  /** A directory, or a file; absolute, without symbolic links. */
  readonly root: string;
  /** Top level of the repository that it lies in, whose ignore files apply, too. */
  readonly repositoryTop?: string;
  readonly noIgnore?: boolean;
  readonly followSymlinks?: boolean;
  readonly maxTextBytes?: number;
  readonly scanBinary?: boolean;
}

export function createFilesSource(options: FilesOptions): Source {
  return {
    async plan(ctx: SourceContext): Promise<Plan> {
      const stats = statSync(options.root, { throwIfNoEntry: false });
      const isFile = stats?.isFile() === true;
      const root = isFile ? dirname(options.root) : options.root;
      const walked: WalkOptions = {
        root,
        noIgnore: options.noIgnore ?? false,
        followSymlinks: options.followSymlinks ?? false,
        repositoryTop: options.repositoryTop,
        skipNestedRepositories: false,
      };
      const files = isFile ? [{ path: basename(options.root), size: stats.size }] : await listFiles(walked, ctx);
      return {
        jobs: filesJobs(files, { ...options, root, followSymlinks: isFile || walked.followSymlinks }, ctx),
        describes: isFile ? `the file ${basename(options.root)}` : `the files of ${basename(options.root)}`,
        facts: { files: files.length },
      };
    },
    attribute: (hits) => Promise.resolve(locateFiles(hits)),
    close: () => Promise.resolve(),
  };
}

export async function listFiles(
  options: WalkOptions,
  ctx: Pick<SourceContext, 'signal' | 'notScanned'>,
): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  await walk(options, { file: (file) => files.push(file), notScanned: (event) => ctx.notScanned(event) }, ctx.signal);
  return files;
}

export interface FilesJobOptions extends FilesOptions {
  readonly followSymlinks: boolean;
  /** Blob that a path has in the last commit. */
  readonly known?: { readonly hash: HashName; readonly idOf: (path: string) => Uint8Array | undefined };
}

/** Batches of about the same weight, in the order of the files. */
export function filesJobs(
  files: readonly FoundFile[],
  options: FilesJobOptions,
  ctx: Pick<SourceContext, 'notScanned'>,
): readonly FilesJob[] {
  const maxTextBytes = options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES;
  const jobs: FilesJob[] = [];
  let batch: FoundFile[] = [];
  let weight = 0;

  function cut(): void {
    if (batch.length === 0) return;
    const { known } = options;
    jobs.push({
      reader: 'files',
      weight,
      objects: batch.length,
      root: options.root,
      paths: batch.map((file) => file.path),
      maxTextBytes,
      scanBinary: options.scanBinary ?? false,
      followSymlinks: options.followSymlinks,
      ...(known === undefined ? {} : { known: { hash: known.hash, ids: knownIds(batch, known) } }),
    });
    batch = [];
    weight = 0;
  }

  for (const file of files) {
    if (file.size > maxTextBytes) {
      ctx.notScanned({ state: 'excluded', reason: 'too-large', where: text(file.path), detail: `${file.size} bytes` });
      continue;
    }
    const cost = file.size + TEXT_OVERHEAD_BYTES;
    if (weight + cost > FILES_JOB_BYTES) cut();
    batch.push(file);
    weight += cost;
  }
  cut();
  return jobs;
}

function knownIds(files: readonly FoundFile[], known: NonNullable<FilesJobOptions['known']>): Uint8Array {
  const width = hashBytes(known.hash);
  const ids = new Uint8Array(files.length * width);
  for (const [index, file] of files.entries()) ids.set(known.idOf(text(file.path)) ?? [], index * width);
  return ids;
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
