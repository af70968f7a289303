/** Shares objects out into jobs: trees of deltas by the work below their roots, loose objects by size. */
import { HISTORY_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import type { CommitNotes } from './commit-notes.ts';
import type { DeltaJob } from './delta-job.ts';
import { hashBytes } from './oid.ts';
import type { Forest } from './pack/forest.ts';
import { COMMIT } from './pack/object-types.ts';
import type { WalkLimits } from './pack/walk.ts';

/** A base must be in memory whole, also where the text made from it is small. git makes no deltas of larger files. */
const BASE_BYTES = 512 * 1024 * 1024;
const HELD_BYTES = 256 * 1024 * 1024;
/** What one job may put together, and how much more for each byte that is stored: far above what repositories need. */
const WORK_BYTES = 64 * 1024 * 1024 * 1024;
const WORK_PER_STORED_BYTE = 16 * 1024;
/** Most bytes of a delta's text are copied, which costs little. */
const COPY_COST = 1 / 8;

/** What all jobs of a plan have in common. */
type Shared = Omit<DeltaJob, 'weight' | 'objects' | 'roots' | 'loose' | 'loosePushed' | 'limits' | 'commits'>;

export interface LooseText {
  readonly id: Uint8Array;
  readonly size: number;
}

/** Notes for so many objects, on shared memory. */
export function createNotes(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * 4));
}

/** Roots with something wanted below, in the order of the packs. Jobs with commits get `notes` for them. */
export function shareRoots(
  forest: Forest,
  wanted: Uint8Array,
  shared: Shared,
  notes: CommitNotes,
): readonly DeltaJob[] {
  const { type, root, size, offset, packs } = forest;
  const weights = new Float64Array(forest.count);
  const stored = new Float64Array(forest.count);
  const objects = new Int32Array(forest.count);
  for (const { first, count, end } of packs) {
    for (let entry = first; entry < first + count; entry += 1) {
      const top = root[entry] ?? -1;
      if (top < 0) continue;
      const next = entry + 1 < first + count ? (offset[entry + 1] ?? end) : end;
      stored[top] = (stored[top] ?? 0) + next - (offset[entry] ?? next);
      weights[top] =
        (weights[top] ?? 0) +
        (size[entry] ?? 0) +
        (top === entry ? 0 : (size[top] ?? 0) * COPY_COST) +
        TEXT_OVERHEAD_BYTES;
      objects[top] = (objects[top] ?? 0) + (wanted[entry] === 0 ? 0 : 1);
    }
  }
  const jobs: DeltaJob[] = [];
  let roots: number[] = [];
  const sum = { weight: 0, stored: 0, objects: 0, hasCommits: false };
  const cut = (): void => {
    if (roots.length === 0) return;
    jobs.push({
      ...shared,
      roots: Int32Array.from(roots),
      loose: new Uint8Array(0),
      weight: sum.weight,
      objects: sum.objects,
      limits: limitsOf(shared, sum.stored),
      ...(sum.hasCommits ? { commits: notes } : {}),
    });
    roots = [];
    Object.assign(sum, { weight: 0, stored: 0, objects: 0, hasCommits: false });
  };
  for (let entry = 0; entry < forest.count; entry += 1) {
    if (objects[entry] === 0) continue;
    if (sum.weight + (weights[entry] ?? 0) > HISTORY_JOB_BYTES) cut();
    roots.push(entry);
    sum.weight += weights[entry] ?? 0;
    sum.stored += stored[entry] ?? 0;
    sum.objects += objects[entry] ?? 0;
    sum.hasCommits ||= type[entry] === COMMIT;
  }
  cut();
  return jobs;
}

function limitsOf(shared: Shared, stored: number): WalkLimits {
  return {
    textBytes: shared.maxTextBytes,
    baseBytes: Math.max(BASE_BYTES, shared.maxTextBytes),
    heldBytes: HELD_BYTES,
    workBytes: WORK_BYTES + stored * WORK_PER_STORED_BYTE,
  };
}

export function shareLoose(texts: readonly LooseText[], shared: Shared): readonly DeltaJob[] {
  const width = hashBytes(shared.forest.hash);
  const jobs: DeltaJob[] = [];
  let first = 0;
  let weight = 0;
  const cut = (end: number): void => {
    if (end === first) return;
    const loose = new Uint8Array((end - first) * width);
    for (let at = first; at < end; at += 1) loose.set(texts[at]?.id ?? [], (at - first) * width);
    const roots = new Int32Array(0);
    jobs.push({
      ...shared,
      roots,
      loose,
      ...(shared.pushed === undefined ? {} : { loosePushed: createNotes(end - first) }),
      weight,
      objects: end - first,
      limits: limitsOf(shared, 0),
    });
    first = end;
    weight = 0;
  };
  for (const [at, { size }] of texts.entries()) {
    if (weight + size + TEXT_OVERHEAD_BYTES > HISTORY_JOB_BYTES) cut(at);
    weight += size + TEXT_OVERHEAD_BYTES;
  }
  cut(texts.length);
  return jobs;
}
