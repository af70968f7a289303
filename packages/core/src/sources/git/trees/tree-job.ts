/** Jobs that read what trees hold of the wanted blobs, each a share of the trees of all packs. */
import type { Job, Reader } from '../../../types/index.ts';
import { createOidTable, hashBytes, type OidTable } from '../oid.ts';
import type { Forest } from '../pack/forest.ts';
import { ObjectError } from '../pack/object-error.ts';
import { readTreeShare } from './read-tree-share.ts';
import { NO_SHARE, type TreeShare } from './tree-share.ts';
import { TREE } from '../pack/object-types.ts';

export interface TreeJob extends Job {
  readonly reader: 'git-trees';
  /** Place among the jobs of its kind: shares are put together in this order, whoever is done first. */
  readonly number: number;
  readonly forest: Forest;
  readonly roots: Int32Array;
  /** Raw ids of the wanted blobs, on shared memory. */
  readonly wanted: Uint8Array;
  /** Tell blobs that no pack has. */
  readonly checks: boolean;
}

/** What the source is told of a job. */
export interface TreeNews {
  readonly number: number;
  readonly share: TreeShare;
}

/**
 * Work in one job. Each job reads all that part of a pack in which trees lie, whatever its share of it is, so a job is as
 * much as is staged at a time (staged-entries.ts).
 */
const JOB_BYTES = 12 * 1024 * 1024;
/** What a tree costs besides the bytes that are inflated for it. */
const OVERHEAD_BYTES = 8;

/** `most`: work in one job, unless one tree of deltas is more. */
export function shareTrees(
  forest: Forest,
  wanted: OidTable,
  checks: boolean,
  most: number = JOB_BYTES,
): readonly TreeJob[] {
  const { type, root, size } = forest;
  const weights = new Float64Array(forest.count);
  for (let entry = 0; entry < forest.count; entry += 1) {
    const top = root[entry] ?? -1;
    if (top >= 0 && type[entry] === TREE) weights[top] = (weights[top] ?? 0) + (size[entry] ?? 0) + OVERHEAD_BYTES;
  }
  const ids = wanted.raw();
  const shared = new Uint8Array(new SharedArrayBuffer(ids.length));
  shared.set(ids);
  const jobs: TreeJob[] = [];
  let roots: number[] = [];
  let weight = 0;
  const cut = (): void => {
    if (roots.length === 0) return;
    const number = jobs.length;
    jobs.push({
      reader: 'git-trees',
      number,
      forest,
      roots: Int32Array.from(roots),
      wanted: shared,
      checks,
      weight,
      objects: roots.length,
    });
    roots = [];
    weight = 0;
  };
  for (let entry = 0; entry < forest.count; entry += 1) {
    const own = weights[entry] ?? 0;
    if (own === 0) continue;
    if (weight + own > most) cut();
    roots.push(entry);
    weight += own;
  }
  cut();
  return jobs;
}

/** Tells the source of the share as `TreeNews`. */
export const readTreeJob: Reader<TreeJob> = async (job, sink, ctx) => {
  sink.tell?.({ number: job.number, share: await shareOf(job, ctx.signal) } satisfies TreeNews);
};

async function shareOf({ forest, roots, wanted, checks }: TreeJob, signal: AbortSignal): Promise<TreeShare> {
  const table = createOidTable(forest.hash, wanted.length / hashBytes(forest.hash));
  for (let at = 0; at < wanted.length; at += table.width) table.append(wanted, at);
  try {
    return await readTreeShare(forest, roots, table, checks, signal);
  } catch (error) {
    if (!(error instanceof ObjectError)) throw error;
    return { ...NO_SHARE, limit: error.message };
  }
}
