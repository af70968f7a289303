/** What the index changes against each of the commits that will be parents of the next one. */
import type { SourceContext } from '../../types/index.ts';
import { pathText } from '../path-text.ts';
import { SUBMODULE_MODE, type IndexChange } from './index-diff.ts';

/** A path whose index entry differs from a parent's. */
export interface StagedChange extends IndexChange {
  /** The same file in that parent under its old name, when it is known to be renamed. */
  readonly renamedFrom?: string;
}

export interface StagedFile {
  readonly path: string;
  readonly oid: string;
  /** Texts of the same file in the parents. */
  readonly before: readonly string[];
  /** Parents that have no file of that name, by number: there it may have had another. */
  readonly newIn: readonly number[];
}

export interface Staged {
  /** Changed against every parent, and still there; sorted by path. */
  readonly files: readonly StagedFile[];
  /** Paths of the parents that were read, by the id of their text. */
  readonly parentPaths: ReadonlyMap<string, ReadonlySet<string>>;
  /** By parent: texts of paths that go away. */
  readonly removed: readonly ReadonlySet<string>[];
}

/** `diffs`: one list for each parent. */
export function combine(diffs: readonly (readonly StagedChange[])[], ctx: Pick<SourceContext, 'notScanned'>): Staged {
  const byPath = diffs.map((changes) => new Map(changes.map((change) => [change.path, change])));
  const files: StagedFile[] = [];
  for (const path of [...new Set(diffs.flatMap((changes) => changes.map((change) => change.path)))].sort()) {
    const changes = byPath.map((map) => map.get(path));
    const first = changes[0];
    const shown = pathText(Buffer.from(path, 'latin1'));
    if (changes.some((change) => change?.isUnmerged)) {
      ctx.notScanned({
        state: 'excluded',
        reason: 'ignored',
        where: shown,
        detail: 'unmerged: it cannot be committed as it is',
      });
    } else if (first === undefined || changes.includes(undefined) || first.now.oid === '') {
      // A parent has exactly this entry, or it goes away: nothing is brought in.
    } else if (first.now.mode === SUBMODULE_MODE) {
      ctx.notScanned({ state: 'excluded', reason: 'submodule', where: shown });
    } else {
      files.push({
        path,
        oid: first.now.oid,
        before: changes.flatMap((change) => (change === undefined || !hasText(change) ? [] : [change.was.oid])),
        newIn: changes.flatMap((change, parent) => (change?.was.oid === '' ? [parent] : [])),
      });
    }
  }
  return { files, parentPaths: pathsRead(diffs), removed: diffs.map(textsGone) };
}

/** A submodule's commit is no text. */
function hasText({ was }: StagedChange): boolean {
  return was.oid !== '' && was.mode !== SUBMODULE_MODE;
}

function pathsRead(diffs: readonly (readonly StagedChange[])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const paths = new Map<string, Set<string>>();
  for (const change of diffs.flat()) {
    if (change.isUnmerged || !hasText(change)) continue;
    const known = paths.get(change.was.oid) ?? new Set();
    paths.set(change.was.oid, known.add(change.renamedFrom ?? change.path));
  }
  return paths;
}

function textsGone(changes: readonly StagedChange[]): ReadonlySet<string> {
  const gone = changes.filter((change) => !change.isUnmerged && change.now.oid === '' && hasText(change));
  return new Set(gone.map((change) => change.was.oid));
}
