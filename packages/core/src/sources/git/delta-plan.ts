/**
 * Which objects of a repository are read, and as what. Every object is in one job, once, however many copies there are;
 * the jobs depend on the repository alone.
 */
import { HISTORY_JOB_BYTES } from '../limits.ts';
import { type CommitNotes, createCommitNotes } from './commit-notes.ts';
import { type DeltaJob, PROBE, PUSH, VERIFY } from './delta-job.ts';
import type { TextPolicy } from './object-text.ts';
import { createOidTable, fromHex, hashBytes, type OidTable } from './oid.ts';
import { entryHex, findEntry, type Forest } from './pack/forest.ts';
import { listLoose, looseHeader, type ObjectHeader } from './pack/loose.ts';
import { ObjectError } from './pack/object-error.ts';
import { createNotes, type LooseText, shareLoose, shareRoots } from './share-jobs.ts';
import { BLOB, COMMIT, TREE, typeNumber } from './pack/object-types.ts';

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
  /** Where the jobs note what they learn of commits. */
  readonly notes: CommitNotes;
  /** True for an entry whose text a job reads. */
  readonly isRead: (entry: number) => boolean;
}

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
    ...(options.notePushed === true ? { pushed: createNotes(forest.count) } : {}),
  } as const;
  const notes = createCommitNotes(forest);
  const jobs = [
    ...shareRoots(forest, wanted.entries, shared, notes),
    ...shareLoose(loose.texts, shared),
    ...shareLoose(loose.probes, { ...shared, probesLoose: true }),
  ];
  const unreadable = new Set([...wanted.unreadable, ...loose.unreadable]);
  return {
    jobs: jobs.sort((a, b) => urgency(b) - urgency(a) || b.weight - a.weight),
    ...count,
    unreadable: [...unreadable].filter((oid) => loose.known.find(fromHex(oid)) < 0).sort(),
    loose: loose.known,
    notes,
    isRead: (entry) => wanted.entries[entry] === PUSH || wanted.entries[entry] === PROBE,
  };
}

/** What takes longest begins first; then commits, since others wait for what is noted of them. */
function urgency({ weight, commits }: DeltaJob): number {
  if (weight > HISTORY_JOB_BYTES) return 2;
  return commits === undefined ? 0 : 1;
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
      tally(typeNumber(header.type));
      if ((header.type !== 'tree' || options.verifyObjects) && options.isKnown?.(id, 0) !== true)
        (options.isToProbe?.(id, 0) === true ? probes : texts).push({ id, size: header.size });
    }
  }
  return { texts, probes, known, unreadable: [...unreadable] };
}

function headerOf(directory: string, oid: string): ObjectHeader | undefined {
  try {
    return looseHeader(directory, oid);
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}
