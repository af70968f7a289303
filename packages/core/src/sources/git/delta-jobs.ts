/** Jobs of a history: roots of deltas by the work below them, loose objects by size. */
import type { Job } from '../../types/index.ts';
import { HISTORY_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import type { TextPolicy } from './object-text.ts';
import { hashBytes } from './oid.ts';
import type { Forest } from './pack/forest.ts';
import type { WalkLimits } from './pack/walk.ts';

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
}

export interface LooseText {
  readonly id: Uint8Array;
  readonly size: number;
}

/** A base must be in memory whole, also where the text made from it is small. git makes no deltas of larger files. */
const BASE_BYTES = 512 * 1024 * 1024;
const HELD_BYTES = 256 * 1024 * 1024;
/** What one job may put together, and how much more for each byte that is stored: far above what repositories need. */
const WORK_BYTES = 64 * 1024 * 1024 * 1024;
const WORK_PER_STORED_BYTE = 16 * 1024;
/** Most bytes of a delta's text are copied, which costs little. */
const COPY_COST = 1 / 8;

export type SharedByJobs = Omit<DeltaJob, 'weight' | 'objects' | 'roots' | 'loose' | 'loosePushed' | 'limits'>;

/** Roots with something wanted below, in the order of the packs. */
export function shareRoots(forest: Forest, wanted: Uint8Array, shared: SharedByJobs): readonly DeltaJob[] {
  const { root, size, offset, packs } = forest;
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
  const sum = { weight: 0, stored: 0, objects: 0 };
  const cut = (): void => {
    if (roots.length === 0) return;
    jobs.push({
      ...shared,
      roots: Int32Array.from(roots),
      loose: new Uint8Array(0),
      weight: sum.weight,
      objects: sum.objects,
      limits: limitsOf(shared, sum.stored),
    });
    roots = [];
    Object.assign(sum, { weight: 0, stored: 0, objects: 0 });
  };
  for (let entry = 0; entry < forest.count; entry += 1) {
    if (objects[entry] === 0) continue;
    if (sum.weight + (weights[entry] ?? 0) > HISTORY_JOB_BYTES) cut();
    roots.push(entry);
    sum.weight += weights[entry] ?? 0;
    sum.stored += stored[entry] ?? 0;
    sum.objects += objects[entry] ?? 0;
  }
  cut();
  return jobs;
}

function limitsOf(shared: SharedByJobs, stored: number): WalkLimits {
  return {
    textBytes: shared.maxTextBytes,
    baseBytes: Math.max(BASE_BYTES, shared.maxTextBytes),
    heldBytes: HELD_BYTES,
    workBytes: WORK_BYTES + stored * WORK_PER_STORED_BYTE,
  };
}

export function shareLoose(texts: readonly LooseText[], shared: SharedByJobs): readonly DeltaJob[] {
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
      ...(shared.pushed === undefined ? {} : { loosePushed: notes(end - first) }),
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

/** On shared memory, for readers to write to. */
export function notes(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * 4));
}
