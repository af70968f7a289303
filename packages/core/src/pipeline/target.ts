import type { Source } from '../types/index.ts';

/** A target ready to be scanned. */
export interface OpenTarget {
  /** As the operator named it. */
  readonly name: string;
  readonly source: Source;
  /** Put before the paths of its sightings, where a run has several targets: empty, or ending in `/`. */
  readonly prefix: string;
  /** The file at a commit, or in the work tree without one; undefined if it cannot be read. */
  readPlace?(commit: string | undefined, path: string): Promise<Uint8Array | undefined>;
}
