/** Single questions to a repository that is not being scanned at the moment. */
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../limits.ts';
import { createCatFile, readEach } from './cat-file-process.ts';
import type { Repository } from './detect.ts';
import { git, openDoor, type GitDoor, installedVersion } from './door.ts';
import { isAbsence } from './git-error.ts';
import { fromHex, hashBytes } from './oid.ts';

/** True when a git that is new enough is installed. @throws GitError `git-failed` where that cannot be told */
export async function gitIsThere(ambient: Ambient): Promise<boolean> {
  try {
    await installedVersion(ambient);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Content of `path` in a commit (anything that names one); undefined when there is none. */
export async function readPlaceThrough(
  repository: Repository,
  commit: string,
  path: string,
  ambient: Ambient,
): Promise<Uint8Array | undefined> {
  const open = await openDoor(repository, ambient);
  const { signal } = new AbortController();
  try {
    const found = (await resolveNames(open.door, [`${commit}:${path}`], signal))[0];
    if (found?.type !== 'blob') return undefined;
    let content: Uint8Array | undefined;
    await readEach(createCatFile(open.door), fromHex(found.oid), hashBytes(open.door.hash), signal, {
      maxBlobBytes: DEFAULT_MAX_TEXT_BYTES,
      object: (_index, _type, bytes) => {
        content = bytes.slice();
      },
      missing: () => undefined,
      corrupt: () => undefined,
      gaveUp: () => undefined,
    });
    return content;
  } finally {
    await open.close();
  }
}

export interface Resolved {
  readonly oid: string;
  readonly type: string;
}

/**
 * What each name stands for. Names go in as lines of input, where none can be an option; one with a line break in it
 * stands for nothing.
 */
export async function resolveNames(
  door: GitDoor,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly (Resolved | undefined)[]> {
  const asked = names.filter((name) => !name.includes('\n') && name !== '');
  if (asked.length === 0) return names.map(() => undefined);
  const output = new TextDecoder().decode(
    await git(door, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
      input: asked.map((name) => `${name}\n`).join(''),
      signal,
    }),
  );
  const answers = output.split('\n');
  const byName = new Map(asked.map((name, index) => [name, parseAnswer(answers[index] ?? '', door)]));
  return names.map((name) => byName.get(name));
}

/** `<oid> <type>`; for a name that stands for nothing, the name and `missing` or `ambiguous`. */
function parseAnswer(line: string, door: GitDoor): Resolved | undefined {
  const width = hashBytes(door.hash) * 2;
  const type = line.slice(width + 1);
  if (line[width] !== ' ' || !['blob', 'commit', 'tag', 'tree'].includes(type)) return undefined;
  return { oid: line.slice(0, width), type };
}
