/**
 * Shares the objects of a repository out into jobs: trees of deltas by the work below their roots, loose objects by
 * size. Every object is in one job, once, however many copies there are; the jobs depend on the repository alone.
 */
import type { Job } from '../../types/index.ts';
import { HISTORY_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import type { TextPolicy } from './object-text.ts';
import { createOidTable, fromHex, hashBytes, type OidTable } from './oid.ts';
import { entryHex, findEntry, type Forest } from './pack/forest.ts';
import { listLoose, looseHeader, type ObjectHeader } from './pack/loose.ts';
import { ObjectError } from './pack/object-error.ts';
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

export interface PlanOptions extends TextPolicy {
  readonly allowMissing: boolean;
  readonly verifyObjects: boolean;
  readonly where: string;
  /** Nothing but these objects. */
  readonly only?: OidTable | undefined;
  /** True for objects that were scanned before: they are not pushed, and read only if something new derives from them. */
  isKnown?(id: Uint8Array, at: number): boolean;
  /** True for objects that were scanned before, but for some rules: asked for those that are not known. */
  isToProbe?(id: Uint8Array, at: number): boolean;
  /** Readers note what they pushed. */
  readonly notePushed?: boolean;
}

export interface DeltaPlan {
  readonly jobs: readonly DeltaJob[];
  readonly blobs: number;
  readonly commits: number;
  readonly tags: number;
  readonly trees: number;
  /** Ids of objects that no copy can be read of, sorted. */
  readonly unreadable: readonly string[];
  /** Ids of the loose objects that no pack has. */
  readonly loose: OidTable;
}

/** A base must be in memory whole, also where the text made from it is small. git makes no deltas of larger files. */
const BASE_BYTES = 512 * 1024 * 1024;
const HELD_BYTES = 256 * 1024 * 1024;
/** What one job may put together, and how much more for each byte that is stored: far above what repositories need. */
const WORK_BYTES = 64 * 1024 * 1024 * 1024;
const WORK_PER_STORED_BYTE = 16 * 1024;
/** Most bytes of a delta's text are copied, which costs little. */
const COPY_COST = 1 / 8;

/** An entry's text is to be pushed. */
const PUSH = 1;
/** An entry is to be compared with its id, and that is all: a tree, or a copy. */
export const VERIFY = 2;
/** An entry's text is to be pushed with `Text.probe`. */
export const PROBE = 3;

const COMMIT = 1;
const TREE = 2;
const BLOB = 3;

export function planDeltas(forest: Forest, objectDirs: readonly string[], options: PlanOptions): DeltaPlan {
  const count = { commits: 0, trees: 0, blobs: 0, tags: 0 };
  const isChosen = (id: Uint8Array, at: number): boolean =>
    options.only === undefined || options.only.find(id, at) >= 0;
  const tally = (type: number): void => {
    if (type === COMMIT) count.commits += 1;
    else if (type === TREE) count.trees += 1;
    else if (type === BLOB) count.blobs += 1;
    else count.tags += 1;
  };
  const wanted = chooseEntries(forest, isChosen, tally, options);
  const loose = chooseLoose(forest, objectDirs, isChosen, tally, options);
  const shared = {
    reader: 'git-deltas',
    forest,
    objectDirs,
    wanted: wanted.entries,
    verifyObjects: options.verifyObjects,
    allowMissing: options.allowMissing,
    where: options.where,
    maxTextBytes: options.maxTextBytes,
    scanBinary: options.scanBinary,
    ...(options.notePushed === true ? { pushed: notes(forest.count) } : {}),
  } as const;
  const jobs = [
    ...shareRoots(forest, wanted.entries, shared),
    ...shareLoose(loose.texts, shared),
    ...shareLoose(loose.probes, { ...shared, probesLoose: true }),
  ];
  const unreadable = new Set([...wanted.unreadable, ...loose.unreadable]);
  return {
    // What takes longest begins first.
    jobs: jobs.sort((a, b) => b.weight - a.weight),
    ...count,
    unreadable: [...unreadable].filter((oid) => loose.known.find(fromHex(oid)) < 0).sort(),
    loose: loose.known,
  };
}

function notes(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * 4));
}

interface Chosen {
  readonly entries: Uint8Array;
  /** Entries of no type, whose object has no other entry that has one. */
  readonly unreadable: readonly string[];
}

function chooseEntries(
  forest: Forest,
  isChosen: (id: Uint8Array, at: number) => boolean,
  tally: (type: number) => void,
  options: PlanOptions,
): Chosen {
  const { type, repeated, ids } = forest;
  const width = hashBytes(forest.hash);
  const entries = new Uint8Array(new SharedArrayBuffer(forest.count));
  const unreadable = new Set<number>();
  for (let entry = 0; entry < forest.count; entry += 1) {
    const kind = type[entry] ?? 0;
    if (kind === 0) {
      if (repeated[entry] === 0 && isChosen(ids, entry * width)) unreadable.add(entry);
      continue;
    }
    if (!isChosen(ids, entry * width)) continue;
    const isKnown = options.isKnown?.(ids, entry * width) === true;
    if (options.verifyObjects && !isKnown) entries[entry] = VERIFY;
    // The first of several counts, unless it cannot be read and this is the next that can.
    if (repeated[entry] === 1 && !unreadable.delete(findEntry(forest, ids, entry * width))) continue;
    tally(kind);
    if (kind !== TREE && !isKnown) entries[entry] = options.isToProbe?.(ids, entry * width) === true ? PROBE : PUSH;
  }
  return { entries, unreadable: [...unreadable].map((entry) => entryHex(forest, entry)) };
}

interface ChosenLoose {
  readonly texts: readonly LooseText[];
  readonly probes: readonly LooseText[];
  readonly known: OidTable;
  readonly unreadable: readonly string[];
}

interface LooseText {
  readonly id: Uint8Array;
  readonly size: number;
}

/** Loose objects that no pack has a readable entry of. */
function chooseLoose(
  forest: Forest,
  objectDirs: readonly string[],
  isChosen: (id: Uint8Array, at: number) => boolean,
  tally: (type: number) => void,
  options: PlanOptions,
): ChosenLoose {
  const texts: LooseText[] = [];
  const probes: LooseText[] = [];
  const known = createOidTable(forest.hash);
  const unreadable = new Set<string>();
  for (const directory of objectDirs) {
    for (const oid of listLoose(directory, forest.hash)) {
      const id = fromHex(oid);
      const packed = findEntry(forest, id);
      if ((packed >= 0 && forest.type[packed] !== 0) || known.find(id) >= 0 || !isChosen(id, 0)) continue;
      const header = headerOf(directory, oid);
      if (header === undefined) {
        unreadable.add(oid);
        continue;
      }
      unreadable.delete(oid);
      known.add(id);
      tally(TYPE_NUMBERS[header.type]);
      if ((header.type !== 'tree' || options.verifyObjects) && options.isKnown?.(id, 0) !== true)
        (options.isToProbe?.(id, 0) === true ? probes : texts).push({ id, size: header.size });
    }
  }
  return { texts, probes, known, unreadable: [...unreadable] };
}

const TYPE_NUMBERS = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

function headerOf(directory: string, oid: string): ObjectHeader | undefined {
  try {
    return looseHeader(directory, oid);
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}

type Shared = Omit<DeltaJob, 'weight' | 'objects' | 'roots' | 'loose' | 'loosePushed' | 'limits'>;

/** Roots with something wanted below, in the order of the packs. */
function shareRoots(forest: Forest, wanted: Uint8Array, shared: Shared): readonly DeltaJob[] {
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

function limitsOf(shared: Shared, stored: number): WalkLimits {
  return {
    textBytes: shared.maxTextBytes,
    baseBytes: Math.max(BASE_BYTES, shared.maxTextBytes),
    heldBytes: HELD_BYTES,
    workBytes: WORK_BYTES + stored * WORK_PER_STORED_BYTE,
  };
}

function shareLoose(texts: readonly LooseText[], shared: Shared): readonly DeltaJob[] {
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
