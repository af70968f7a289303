/** All commits of a history: those of the packs are read in one go, or taken from what others noted of them. */
import type { CommitNotes } from '../commit-notes.ts';
import type { Forest } from '../pack/forest.ts';
import { type CommitList, createCommitList } from './commit-list.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import type { PackedObjects } from './packed-objects.ts';
import type { SmallVisit } from './small-walk.ts';
import { COMMIT } from '../pack/object-types.ts';

/** What others note of the commits that they read. */
export interface NotedCommits {
  readonly notes: CommitNotes;
  /** True for an entry that others read. */
  readonly isRead: (entry: number) => boolean;
  /** They are through. */
  readonly over: Promise<void>;
}

export interface HistoryCommits {
  readonly list: CommitList;
  /** Brings in the commits of the packs, once: packs do not change. Waits until others are through with theirs. */
  readAll(signal: AbortSignal): Promise<void>;
  /** Row of a commit, read if it must be; -1 when it is missing or corrupt. */
  readonly rowOf: (object: number) => number;
}

export function createHistoryCommits(
  objects: PackedObjects,
  numbers: ObjectNumbers,
  noted: NotedCommits | undefined,
): HistoryCommits {
  const { forest } = objects;
  const list = createCommitList(forest.hash, numbers);
  let isRead = false;

  const add: SmallVisit = (entry, bytes, start, end) => {
    if (list.row(entry) < 0) list.add(entry, bytes, start, end);
  };

  async function takeNotes({ notes, isRead: isOthers, over }: NotedCommits, signal: AbortSignal): Promise<void> {
    await objects.walkSome(
      packedCommits(forest, (entry) => !isOthers(entry)),
      signal,
      add,
    );
    await over;
    signal.throwIfAborted();
    list.take(forest, notes);
    // Of these nothing was noted, since they are unusual, or could not be read.
    await objects.walkSome(
      packedCommits(forest, (entry) => isOthers(entry) && list.row(entry) < 0),
      signal,
      add,
    );
  }

  return {
    list,
    async readAll(signal) {
      if (isRead) return;
      if (noted === undefined) await objects.walkAll('commit', signal, add);
      else await takeNotes(noted, signal);
      isRead = true;
    },
    rowOf(object) {
      const row = list.row(object);
      if (row >= 0) return row;
      const found = objects.read(numbers.hex(object));
      return found?.type === 'commit' ? list.add(object, found.bytes, 0, found.bytes.length) : -1;
    },
  };
}

/** Entries of those commits that are chosen, of copies the first. */
export function packedCommits({ type, repeated }: Forest, isChosen: (entry: number) => boolean): readonly number[] {
  const entries: number[] = [];
  for (let entry = 0; entry < type.length; entry += 1)
    if (type[entry] === COMMIT && repeated[entry] === 0 && isChosen(entry)) entries.push(entry);
  return entries;
}
