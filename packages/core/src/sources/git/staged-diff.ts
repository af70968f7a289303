/** What the index changes against each of the commits that will be parents of the next one. */
import type { SourceContext } from '../../types/index.ts';
import { pathText } from '../path-text.ts';
import { git, type GitDoor } from './door.ts';
import type { HashName } from './oid.ts';

/** A path whose index entry differs from a parent's. Ids are empty where there is no entry. */
export interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  readonly status: string;
  /** The same path in that parent, after renames. */
  readonly was: { readonly path: string; readonly oid: string };
}

export interface Staged {
  /** Changed against every parent, and still there; sorted by path. */
  readonly changed: readonly {
    readonly path: string;
    readonly mode: string;
    readonly oid: string;
    readonly parents: readonly string[];
  }[];
  /** Paths of the parents that were read, by the id of their text. */
  readonly parentPaths: ReadonlyMap<string, ReadonlySet<string>>;
}

const SUBMODULE = '160000';

/** git knows the empty tree without having it. */
export function emptyTree(hash: HashName): string {
  return hash === 'sha1'
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
}

export async function diffIndex(
  door: GitDoor,
  base: string,
  index: string,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const args = ['diff-index', '--cached', '--raw', '-z', '-M', '--no-abbrev', '--ita-invisible-in-index', base];
  const output = await git(door, args, { env: { GIT_INDEX_FILE: index }, signal, maxBytes: 1024 * 1024 * 1024 });
  const tokens = Buffer.from(output.buffer, output.byteOffset, output.length).toString('latin1').split('\0');
  const entries: Entry[] = [];
  for (let at = 0; at + 1 < tokens.length;) {
    // `:<mode> <mode> <oid> <oid> <status>`, the path, and for a rename the new path behind it.
    const [, mode = '', before = '', after = '', status = ''] = (tokens[at] ?? '').split(' ');
    const from = tokens[at + 1] ?? '';
    const isRename = status.startsWith('R') || status.startsWith('C');
    const path = isRename ? (tokens[at + 2] ?? '') : from;
    entries.push({
      path,
      mode,
      oid: present(after),
      status: status.charAt(0),
      was: { path: from, oid: present(before) },
    });
    at += isRename ? 3 : 2;
  }
  return entries;
}

function present(oid: string): string {
  for (const digit of oid) if (digit !== '0') return oid;
  return '';
}

/** `diffs`: one list for each parent. */
export function combine(diffs: readonly (readonly Entry[])[], ctx: Pick<SourceContext, 'notScanned'>): Staged {
  const byPath = diffs.map((entries) => new Map(entries.map((entry) => [entry.path, entry])));
  const changed: { path: string; mode: string; oid: string; parents: readonly string[] }[] = [];
  const parentPaths = new Map<string, Set<string>>();
  for (const entries of diffs) {
    for (const { was, status } of entries) {
      if (was.oid === '' || status === 'U') continue;
      const paths = parentPaths.get(was.oid) ?? new Set();
      parentPaths.set(was.oid, paths.add(was.path));
    }
  }
  for (const path of [...new Set(diffs.flatMap((entries) => entries.map((entry) => entry.path)))].sort()) {
    const entries = byPath.map((map) => map.get(path));
    const first = entries[0];
    const shown = pathText(Buffer.from(path, 'latin1'));
    if (entries.some((entry) => entry?.status === 'U')) {
      ctx.notScanned({
        state: 'excluded',
        reason: 'ignored',
        where: shown,
        detail: 'unmerged: it cannot be committed as it is',
      });
    } else if (first === undefined || entries.includes(undefined) || first.status === 'D') {
      // A parent has exactly this entry, or it goes away: nothing is brought in.
    } else if (first.mode === SUBMODULE) {
      ctx.notScanned({ state: 'excluded', reason: 'submodule', where: shown });
    } else {
      changed.push({
        path,
        mode: first.mode,
        oid: first.oid,
        parents: entries.flatMap((entry) => (entry === undefined || entry.was.oid === '' ? [] : [entry.was.oid])),
      });
    }
  }
  return { changed, parentPaths };
}
