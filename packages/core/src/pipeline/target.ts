import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitChoice } from '../sources/git/chosen-commits.ts';
import type { Repository } from '../sources/git/detect.ts';
import type { PushedCommits } from '../sources/git/pushed-commits.ts';
import type { FailedReason, Source } from '../types/index.ts';
import { createFailedSource } from './composite-source.ts';
import type { MemoryOptions } from './memory/memory.ts';
import type { TextScanSettings } from './messages.ts';

export type TargetMode =
  | { readonly kind: 'all'; readonly history: 'yes' | 'only' | 'no' }
  /** `ofCommit`: git has started us for a commit, and GIT_INDEX_FILE is the index of it, wherever that lies. */
  | { readonly kind: 'staged'; readonly ofCommit?: boolean }
  /** What the work tree holds and no commit does. */
  | { readonly kind: 'uncommitted' }
  | {
      readonly kind: 'range';
      readonly since?: string;
      readonly range?: string;
      readonly branch?: string;
      readonly commits?: CommitChoice;
      readonly pushed?: PushedCommits;
    };

export interface TargetOptions {
  readonly mode: TargetMode;
  /** Only the history of these refs. */
  readonly refs: readonly string[];
  /** Scan repositories as plain directories. */
  readonly plain: boolean;
  readonly noIgnore: boolean;
  readonly followSymlinks: boolean;
  readonly allowMissing: boolean;
  /** Compare every git object that is scanned with its id, not a sample of them. */
  readonly verifyObjects: boolean;
  readonly maxTextBytes: number;
  /** What standard input holds, when a target is `-`. */
  readonly stdin?: Uint8Array;
  /** Told how a clone gets on. */
  readonly onClone?: (message: string) => void;
  /** What the target is, where that is known and need not be found out. */
  readonly repository?: Repository;
  readonly signal: AbortSignal;
}

/** A target ready to be scanned. */
export interface OpenTarget {
  /** As the operator named it. */
  readonly name: string;
  /** Closing it ends what `readPlace` has begun, too. */
  readonly source: Source;
  /** The same, but it takes from earlier scans what has not changed. Closed by whoever asked for it. */
  readonly remembering?: (memory: MemoryOptions, settings: TextScanSettings) => Promise<Source>;
  /** Put before the paths of its sightings, where a run has several targets: empty, or ending in `/`. */
  readonly prefix: string;
  /** Everything is scanned that an entry of an ignore file could be about, so that an unused one says something. */
  readonly whole: boolean;
  /** The file at a commit, or in the work tree without one; undefined if it cannot be read. @throws GitError */
  readPlace?(commit: string | undefined, path: string): Promise<Uint8Array | undefined>;
}

/** A file below `root` by a path from another scanner's file, which may not lead out of it. */
export async function readInside(root: string, path: string): Promise<Uint8Array | undefined> {
  if (path.startsWith('/') || path.split('/').includes('..')) return undefined;
  return readFile(join(root, path)).catch(() => undefined);
}

export function failed(name: string, reason: FailedReason, detail: string): OpenTarget {
  return {
    name,
    prefix: '',
    whole: false,
    source: createFailedSource({ state: 'failed', reason, where: name, detail }),
  };
}
