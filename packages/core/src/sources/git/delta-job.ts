/** Jobs that read what packs hold, by trees of deltas, and loose objects. */
import type { Job } from '../../types/index.ts';
import type { CommitNotes } from './commit-notes.ts';
import type { TextPolicy } from './object-text.ts';
import type { Forest } from './pack/forest.ts';
import type { WalkLimits } from './pack/walk.ts';

/** An entry's text is to be pushed. */
export const PUSH = 1;
/** An entry is to be compared with its id, and that is all: a tree, or a copy. */
export const VERIFY = 2;
/** An entry's text is to be pushed with `Text.probe`. */
export const PROBE = 3;

export interface DeltaJob extends Job, TextPolicy {
  readonly reader: 'git-deltas';
  readonly forest: Forest;
  /** The object directories, the target's first. */
  readonly objectDirs: readonly string[];
  /** By entry number: PUSH, VERIFY, PROBE, or 0 for what is only read if others derive from it. */
  readonly wanted: Uint8Array;
  readonly roots: Int32Array;
  /** Raw ids of loose objects. */
  readonly loose: Uint8Array;
  /** They are pushed to be probed. */
  readonly probesLoose?: boolean;
  readonly limits: WalkLimits;
  /** Compare every object with its id, not a sample. */
  readonly verifyObjects: boolean;
  readonly allowMissing: boolean;
  /** For what is counted and has no place of its own. */
  readonly where: string;
  /** Where readers note what they pushed, on shared memory: by entry, 1 + the bytes of its object. */
  readonly pushed?: Uint32Array;
  /** The same for loose objects, in the order of `loose`. */
  readonly loosePushed?: Uint32Array;
  /** Where readers note what leads on from the commits of the packs; in jobs that have some. */
  readonly commits?: CommitNotes;
}
