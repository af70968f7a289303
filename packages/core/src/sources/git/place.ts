/** Single questions to a repository that is not being scanned at the moment. */
import type { Ambient } from '../ambient.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../limits.ts';
import { type CatFile, createCatFile, readEach } from './cat-file-process.ts';
import type { Repository } from './detect.ts';
import { git, openDoor, type GitDoor, installedVersion, type OpenDoor } from './door.ts';
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

/** Reads files of commits through one git, which it starts when it is first asked and ends when it is closed. */
export interface PlaceReader {
  /** Content of `path` in a commit (anything that names one); undefined when there is none. @throws GitError */
  read(commit: string, path: string): Promise<Uint8Array | undefined>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export function createPlaceReader(repository: Repository, ambient: Ambient): PlaceReader {
  let opening: Promise<{ readonly open: OpenDoor; readonly catFile: CatFile }> | undefined;
  const { signal } = new AbortController();

  async function start(): Promise<{ readonly open: OpenDoor; readonly catFile: CatFile }> {
    const open = await openDoor(repository, ambient);
    return { open, catFile: createCatFile(open.door) };
  }

  return {
    async read(commit, path) {
      opening ??= start();
      const { open, catFile } = await opening;
      const found = (await resolveNames(open.door, [`${commit}:${path}`], signal))[0];
      if (found?.type !== 'blob') return undefined;
      let content: Uint8Array | undefined;
      await readEach(catFile, fromHex(found.oid), hashBytes(open.door.hash), signal, {
        maxBlobBytes: DEFAULT_MAX_TEXT_BYTES,
        object: (_index, _type, bytes) => {
          content = bytes.slice();
        },
        missing: () => undefined,
        corrupt: () => undefined,
        gaveUp: () => undefined,
      });
      return content;
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      opened?.catFile.close();
      await opened?.open.close();
    },
  };
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
