/** What the sightings of a credential say: where, since when, by whom, and whether it is still there. */
import type { Finding } from '../types/finding.ts';
import type { CommitRef, GitSighting, Sighting } from '../types/sighting.ts';

/** The commit that brought the credential in there, where there is one. */
export function commitOf(sighting: Sighting): CommitRef | undefined {
  switch (sighting.kind) {
    case 'git':
    case 'commit-message':
    case 'tag-message':
      return sighting;
    default:
      return undefined;
  }
}

/** In HEAD, in a file, in the index or on standard input: an edit of the present state would take it out. */
export function isPresent(sighting: Sighting): boolean {
  switch (sighting.kind) {
    case 'file':
    case 'stdin':
    case 'staged':
      return true;
    case 'git':
      return sighting.inHead;
    default:
      return false;
  }
}

/**
 * - `head`: in the tree of HEAD. `file`: in files, not in HEAD. `staged`: about to be committed, and nowhere else.
 * - `branch`: in the tip of another branch. `removed`: in history alone.
 * - `message`: in commit or tag messages alone. `unreachable`: in git objects that nothing leads to.
 * - `unplaced`: in git objects, and it is not known what leads to them.
 */
export type Presence = 'head' | 'file' | 'staged' | 'branch' | 'removed' | 'message' | 'unreachable' | 'unplaced';

export function presence(finding: Finding): Presence {
  const kinds = new Set(finding.sightings.map((s) => s.kind));
  const history = finding.sightings.filter((s): s is GitSighting => s.kind === 'git');
  if (history.some((s) => s.inHead)) return 'head';
  if (kinds.has('file') || kinds.has('stdin')) return 'file';
  if (kinds.has('staged')) return kinds.size === 1 ? 'staged' : 'file';
  if (history.some((s) => s.removed === undefined)) return 'branch';
  if (history.length > 0) return 'removed';
  if (kinds.has('commit-message') || kinds.has('tag-message')) return 'message';
  return kinds.has('git-object') ? 'unplaced' : 'unreachable';
}

/** `<credential> <this>` reads as a sentence. */
export function presenceText(where: Presence): string {
  switch (where) {
    case 'head':
      return 'is still in HEAD';
    case 'file':
      return 'is in a file';
    case 'staged':
      return 'is about to be committed';
    case 'branch':
      return 'is in another branch';
    case 'removed':
      return 'was removed from HEAD, but is still in the history';
    case 'message':
      return 'is in a commit or tag message';
    case 'unreachable':
      return 'is in a git object that nothing leads to';
    case 'unplaced':
      return 'is in a git object; where in the history was not found out';
  }
}

/** The place to show when a format has room for one: in HEAD if there is one, then files, then the rest of history. */
export function primarySighting(finding: Finding): Sighting | undefined {
  let best: Sighting | undefined;
  for (const sighting of finding.sightings) {
    if (best === undefined || rank(sighting) < rank(best)) best = sighting;
  }
  return best;
}

function rank(sighting: Sighting): number {
  switch (sighting.kind) {
    case 'git':
      return sighting.inHead ? 0 : sighting.removed === undefined ? 2 : 3;
    case 'file':
    case 'stdin':
    case 'staged':
      return 1;
    case 'commit-message':
    case 'tag-message':
      return 4;
    case 'git-unreachable':
    case 'git-object':
      return 5;
  }
}

/** The earliest commit that is known to hold it. */
export function firstSeen(finding: Finding): CommitRef | undefined {
  return pick(finding.sightings.map(commitOf), (a, b) => a.date < b.date);
}

/** The latest commit that is known to have changed a text while that held it. */
export function lastSeen(finding: Finding): CommitRef | undefined {
  const commits = finding.sightings.flatMap((s) =>
    s.kind === 'git' && s.last !== undefined ? [s, s.last] : [commitOf(s)],
  );
  return pick(commits, (a, b) => a.date > b.date);
}

/** The commit that took the last copy out of the trees; undefined while one is left. */
export function removedBy(finding: Finding): CommitRef | undefined {
  if (presence(finding) !== 'removed') return undefined;
  return pick(
    finding.sightings.map((s) => (s.kind === 'git' ? s.removed : undefined)),
    (a, b) => a.date > b.date,
  );
}

function pick(
  commits: readonly (CommitRef | undefined)[],
  better: (a: CommitRef, b: CommitRef) => boolean,
): CommitRef | undefined {
  let best: CommitRef | undefined;
  for (const commit of commits) {
    if (commit !== undefined && (best === undefined || better(commit, best))) best = commit;
  }
  return best;
}

/**
 * A path for formats that want a file: never empty. Messages and texts without a place have none of their own; theirs
 * is where git keeps the object when it is loose.
 */
export function filePath(sighting: Sighting): string {
  switch (sighting.kind) {
    case 'file':
    case 'staged':
    case 'git':
      return sighting.path === '' ? '(unnamed)' : sighting.path;
    case 'stdin':
      return sighting.path === '' ? 'stdin' : sighting.path;
    case 'commit-message':
    case 'tag-message':
      return objectPath(sighting.commit);
    case 'git-unreachable':
    case 'git-object':
      return objectPath(sighting.blob);
  }
}

function objectPath(id: string): string {
  return `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`;
}

export function shortCommit(id: string): string {
  return id.slice(0, 10);
}

/** `YYYY-MM-DD` of an ISO 8601 date. */
export function day(date: string): string {
  return date.slice(0, 10);
}
