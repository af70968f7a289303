/**
 * Objects that history names and the repository does not have: left out by a partial clone, or lost. They are found by
 * walking everything that the refs reach, which costs about a third of reading all texts; so a complete clone of more
 * than 200,000 objects is trusted to be complete, as git itself does.
 */
import { type GitDoor, gitStream } from './door.ts';
import { createSplitter } from './splitter.ts';

export const TRUSTED_ABOVE_OBJECTS = 200_000;

export interface MissingObjects {
  /** Sorted ids. */
  readonly ids: readonly string[];
}

/** @throws GitError when git cannot walk at all, as when a commit is missing or corrupt. */
export async function findMissing(
  door: GitDoor,
  tips: readonly string[],
  signal: AbortSignal,
): Promise<MissingObjects> {
  const ids: string[] = [];
  const decoder = new TextDecoder('latin1');
  const lines = createSplitter(0x0a, (bytes, start, end) => {
    if (bytes[start] === 0x3f) ids.push(decoder.decode(bytes.subarray(start + 1, end)));
  });
  if (tips.length === 0) return { ids };
  await gitStream(
    door,
    ['rev-list', '--objects', '--no-object-names', '--missing=print', '--quiet', '--stdin'],
    lines.push,
    { input: tips.map((tip) => `${tip}\n`).join(''), signal },
  );
  return { ids: ids.sort() };
}
