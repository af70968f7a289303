/** Commits chosen by options of `git rev-list`, such as dates, counts and authors: not always the whole of a range. */
import { type CommitGraph, createGraphBuilder } from './commit-graph.ts';
import { type GitDoor, git } from './door.ts';

/** The caller answers for `options`: only ones that choose commits, each an argument of its own. */
export interface CommitChoice {
  readonly options: readonly string[];
  /** Revisions and ranges; none begins with a dash. None at all: HEAD, unless an option names refs. */
  readonly revisions: readonly string[];
  /** Commits that change these paths alone. */
  readonly paths: readonly string[];
}

/** True for what leads from some commits to others; options and paths choose by what may be cut off, too. */
export function hasBase({ options, revisions, paths }: CommitChoice): boolean {
  const isBase = (revision: string): boolean => revision.startsWith('^') || revision.includes('..');
  return options.length === 0 && paths.length === 0 && revisions.some(isBase);
}

const NAMES_REFS = ['--all', '--branches', '--tags', '--remotes', '--glob'];
const MAX_BYTES = 1024 * 1024 * 1024;

/** The commits with their true parents, which stand outside the graph unless they were chosen, too. @throws GitError */
export async function chosenGraph(door: GitDoor, choice: CommitChoice, signal: AbortSignal): Promise<CommitGraph> {
  const namesRefs = choice.options.some((option) => NAMES_REFS.includes(option.split('=')[0] ?? ''));
  const revisions = choice.revisions.length === 0 && !namesRefs ? ['HEAD'] : choice.revisions;
  const paths = choice.paths.length === 0 ? [] : ['--', ...choice.paths];
  const ids = await git(door, ['rev-list', ...choice.options, '--end-of-options', ...revisions, ...paths], {
    signal,
    maxBytes: MAX_BYTES,
  });
  const builder = createGraphBuilder(door.hash);
  if (ids.length === 0) return builder.finish();
  // Asked again without the options, since a choice by path also rewrites parents.
  const lines = await git(door, ['rev-list', '--no-walk=unsorted', '--parents', '--timestamp', '--stdin'], {
    input: ids,
    signal,
    maxBytes: MAX_BYTES,
  });
  for (const line of Buffer.from(lines).toString('latin1').split('\n')) {
    const [date = '', commit, ...parents] = line.split(' ');
    if (commit === undefined) continue;
    const number = (oid: string): number => builder.table.addHex(Buffer.from(oid, 'latin1'), 0);
    builder.add(number(commit), Number(date), parents.map(number));
  }
  return builder.finish();
}
