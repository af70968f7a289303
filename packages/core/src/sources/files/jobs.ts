/** Batches of files for workers, in the order of the files. */
import { lstatSync, statSync } from 'node:fs';
import type { NotScanned } from '../../types/index.ts';
import { type HashName, hashBytes } from '../git/oid.ts';
import { DEFAULT_MAX_TEXT_BYTES, FILES_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import { errorCode } from './directory.ts';
import { CLOCK_SLACK_MS, type FilesJob } from './reader.ts';
import { absolute, type RelativePath, text } from './relative-path.ts';

export interface FilesJobOptions {
  /** Absolute, without symbolic links. */
  readonly root: string;
  readonly followSymlinks: boolean;
  readonly maxTextBytes?: number | undefined;
  /** Of the scan. */
  readonly now: Date;
  /** Blob that a path has in the last commit. */
  readonly known?: { readonly hash: HashName; readonly idOf: (path: string) => Uint8Array | undefined } | undefined;
}

/** The sizes of so many files are asked for, to share them out by weight. Where there are more, that evens out by itself. */
const MOST_SIZED = 1024;
/** Of files whose size is not known. */
const FILES_PER_JOB = 256;
/** What source files have on average, about. */
const ASSUMED_BYTES = 6 * 1024;

export interface JobMaker {
  add(path: RelativePath): void;
  /** No file follows. */
  end(): void;
  /** Jobs that are ready, each given once. None before there are more than MOST_SIZED files, or it has ended. */
  take(): readonly FilesJob[];
}

export function createJobMaker(options: FilesJobOptions, notScanned: (event: NotScanned) => void): JobMaker {
  let waiting: RelativePath[] = [];
  let ready: FilesJob[] = [];
  let isMany = false;

  function cut(weight: number): void {
    if (waiting.length > 0) ready.push(jobOf(waiting, weight, options));
    waiting = [];
  }

  function cutBySize(): void {
    const files = waiting;
    waiting = [];
    let weight = 0;
    for (const path of files) {
      const size = sizeOf(path, options, notScanned);
      if (size === undefined) continue;
      const cost = size + TEXT_OVERHEAD_BYTES;
      if (weight + cost > FILES_JOB_BYTES) {
        cut(weight);
        weight = 0;
      }
      waiting.push(path);
      weight += cost;
    }
    cut(weight);
  }

  return {
    add(path) {
      waiting.push(path);
      if (!isMany && waiting.length <= MOST_SIZED) return;
      if (isMany ? waiting.length < FILES_PER_JOB : waiting.length % FILES_PER_JOB !== 0) return;
      isMany = true;
      const files = waiting;
      for (let at = 0; at < files.length; at += FILES_PER_JOB) {
        waiting = files.slice(at, at + FILES_PER_JOB);
        cut(waiting.length * (ASSUMED_BYTES + TEXT_OVERHEAD_BYTES));
      }
    },
    end() {
      if (isMany) cut(waiting.length * (ASSUMED_BYTES + TEXT_OVERHEAD_BYTES));
      else cutBySize();
    },
    take() {
      const jobs = ready;
      ready = [];
      return jobs;
    },
  };
}

function jobOf(paths: readonly RelativePath[], weight: number, options: FilesJobOptions): FilesJob {
  const { known } = options;
  return {
    reader: 'files',
    weight,
    objects: paths.length,
    root: options.root,
    paths,
    maxTextBytes: options.maxTextBytes ?? DEFAULT_MAX_TEXT_BYTES,
    followSymlinks: options.followSymlinks,
    begun: options.now.getTime() - CLOCK_SLACK_MS,
    ...(known === undefined ? {} : { known: { hash: known.hash, ids: knownIds(paths, known) } }),
  };
}

function knownIds(paths: readonly RelativePath[], known: NonNullable<FilesJobOptions['known']>): Uint8Array {
  const width = hashBytes(known.hash);
  const ids = new Uint8Array(paths.length * width);
  for (const [index, path] of paths.entries()) ids.set(known.idOf(text(path)) ?? [], index * width);
  return ids;
}

/** Undefined, and said, for a file that is too large or cannot be looked at. */
function sizeOf(
  path: RelativePath,
  { root, followSymlinks, maxTextBytes = DEFAULT_MAX_TEXT_BYTES }: FilesJobOptions,
  notScanned: (event: NotScanned) => void,
): number | undefined {
  try {
    const place = absolute(root, path);
    const { size } = followSymlinks ? statSync(place) : lstatSync(place);
    if (size <= maxTextBytes) return size;
    notScanned({ state: 'excluded', reason: 'too-large', where: text(path), detail: `${size} bytes` });
  } catch (error) {
    const code = errorCode(error);
    const reason = code === 'ENOENT' ? 'not-found' : 'unreadable';
    notScanned({ state: 'failed', reason, where: text(path), detail: code });
  }
  return undefined;
}
