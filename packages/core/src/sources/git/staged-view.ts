/** The staged changes as the source needs them, whoever found them out: we by reading files, or git. */
import type { Job, SourceContext } from '../../types/index.ts';
import type { TextPolicy } from './object-text.ts';
import type { ObjectAs } from './cat-file-reader.ts';
import type { StagedChange } from './staged-diff.ts';

export interface StagedView {
  /** One list for each commit that will be a parent of the next one; one against nothing before the first commit. */
  readonly diffs: readonly (readonly StagedChange[])[];
  /** A job that reads these objects. */
  job(objects: readonly StagedObject[], weight: number, policy: StagedPolicy): Job;
  /** By new path, the text that a file had under its old name in a parent; for names that `diffs` says nothing of. */
  renames(parent: number, ctx: SourceContext): Promise<ReadonlyMap<string, string>>;
  /** Every path of the parents that holds one of these texts. Paths are as reports show them. */
  pathsOf(oids: ReadonlySet<string>, ctx: SourceContext): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  close(): Promise<void>;
}

export interface StagedObject {
  readonly oid: string;
  readonly as: ObjectAs;
}

export interface StagedPolicy extends TextPolicy {
  /** A missing object is excluded as `missing-allowed`, not failed. */
  readonly allowMissing: boolean;
}

export const STAGED_WHERE = 'staged changes';
