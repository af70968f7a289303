/**
 * What an index changes against a tree, as `git diff-index --cached --ita-invisible-in-index` says it, without renames.
 * Directories whose tree the index knows to be that of the other side are passed over, so a small change in a large
 * repository costs the trees on the way to it.
 */
import { type CachedTree, IndexError, type IndexFile } from './index-file.ts';
import { emptyTree, type HashName, hashBytes } from './oid.ts';
import { eachEntry } from './tree-entries.ts';

/** A path on one side; `oid` is empty, and the mode 0, where it is not there. */
export interface Side {
  readonly mode: number;
  readonly oid: string;
}

export interface IndexChange {
  /** Its bytes, one character each. */
  readonly path: string;
  /** In the index; of a path that is in conflict, nothing. */
  readonly now: Side;
  readonly was: Side;
  readonly isUnmerged: boolean;
}

const NOTHING: Side = { mode: 0, oid: '' };
const TREE_MODE = 0o040000;
export const SUBMODULE_MODE = 0o160000;
const LINK_MODE = 0o120000;
const FORMAT = 0o170000;
const SLASH = 0x2f;

/** More than this are not read here: git reads many trees faster. */
const MAX_TREES = 256;
/** Nor are folders in folders without end. */
const MAX_PATH = 4096;

/**
 * Sorted by path.
 * @param tree its id; empty for the empty tree
 * @param readTree the content of a tree object; may throw
 * @throws IndexError where git is to be asked: the index or a tree is out of order, or the trees are too many
 */
export function diffIndexWithTree(
  index: IndexFile,
  tree: string,
  hash: HashName,
  readTree: (oid: string) => Uint8Array,
): readonly IndexChange[] {
  const { bytes, pathStart, pathEnd } = index;
  const changes: IndexChange[] = [];
  let trees = 0;

  function treeEntries(oid: string): Map<string, Side> {
    if (oid === '' || oid === emptyTree(hash)) return new Map();
    trees += 1;
    if (trees > MAX_TREES) throw new IndexError('many trees have changed');
    return parseTree(readTree(oid), hash);
  }

  /** `from` to `to`: the entries in the folder that `prefix` names, which is empty or ends in a slash. */
  function folder(prefix: string, from: number, to: number, oid: string, cached: CachedTree | undefined): void {
    if (prefix.length > MAX_PATH) throw new IndexError('a path is too long');
    if (cached !== undefined && cached.oid !== '' && cached.oid === oid && cached.entries === to - from) return;
    const there = treeEntries(oid);
    const seen = new Set<string>();
    for (let entry = from; entry < to;) {
      const start = pathStart[entry] ?? 0;
      const end = pathEnd[entry] ?? 0;
      let nameEnd = start + prefix.length;
      while (nameEnd < end && bytes[nameEnd] !== SLASH) nameEnd += 1;
      const isFile = nameEnd === end;
      const name = bytes.toString('latin1', start + prefix.length, nameEnd);
      if (name === '' || seen.has(name)) throw new IndexError('the index is out of order');
      seen.add(name);
      const was = there.get(name) ?? NOTHING;
      if (isFile) {
        const next = endOfPath(entry, to);
        file(prefix + name, entry, next, was.mode === TREE_MODE ? NOTHING : was);
        entry = next;
        if (was.mode !== TREE_MODE) there.delete(name);
      } else {
        const known = cached?.folders.get(name);
        const next = endOfFolder(entry, to, nameEnd + 1 - start, known?.entries ?? -1);
        folder(`${prefix}${name}/`, entry, next, was.mode === TREE_MODE ? was.oid : '', known);
        entry = next;
        if (was.mode === TREE_MODE) there.delete(name);
      }
    }
    for (const [name, was] of there) gone(prefix + name, was);
  }

  /** Behind the last entry of the same path: a conflict has one for each side. */
  function endOfPath(entry: number, to: number): number {
    const start = pathStart[entry] ?? 0;
    const end = pathEnd[entry] ?? 0;
    let next = entry + 1;
    while (next < to && isPrefix(start, end, next) && (pathEnd[next] ?? 0) - (pathStart[next] ?? 0) === end - start)
      next += 1;
    return next;
  }

  /** Behind the last entry whose path begins with the same `length` bytes. `count`: how many the index says there are. */
  function endOfFolder(entry: number, to: number, length: number, count: number): number {
    const start = pathStart[entry] ?? 0;
    const isIn = (other: number): boolean => isPrefix(start, start + length, other);
    const expected = entry + count;
    if (count > 0 && expected <= to && isIn(expected - 1) && (expected === to || !isIn(expected))) return expected;
    let next = entry + 1;
    while (next < to && isIn(next)) next += 1;
    return next;
  }

  /** Whether the path of `entry` begins with `bytes[start, end)`. The last bytes tell most paths apart. */
  function isPrefix(start: number, end: number, entry: number): boolean {
    const other = pathStart[entry] ?? 0;
    if ((pathEnd[entry] ?? 0) - other < end - start) return false;
    for (let at = end - start - 1; at >= 0; at -= 1) if (bytes[start + at] !== bytes[other + at]) return false;
    return true;
  }

  function file(path: string, from: number, to: number, was: Side): void {
    if (to > from + 1 || index.stage(from) !== 0) {
      for (let entry = from; entry < to; entry += 1)
        if (index.stage(entry) === 0) throw new IndexError('the index is out of order');
      changes.push({ path, now: NOTHING, was, isUnmerged: true });
      return;
    }
    const now = index.isIntended(from) ? NOTHING : { mode: index.mode(from), oid: index.oid(from) };
    if (now.mode === TREE_MODE) throw new IndexError('a sparse index');
    if (now.oid !== was.oid || now.mode !== was.mode) changes.push({ path, now, was, isUnmerged: false });
  }

  /** A path of the tree that the index does not have, and all below it. */
  function gone(path: string, was: Side): void {
    if (was.mode === TREE_MODE) for (const [name, side] of treeEntries(was.oid)) gone(`${path}/${name}`, side);
    else changes.push({ path, now: NOTHING, was, isUnmerged: false });
  }

  folder('', 0, index.count, tree, index.trees);
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** By name, one character per byte. Modes as git reads them: of a file nothing counts but whether it can be run. */
function parseTree(tree: Uint8Array, hash: HashName): Map<string, Side> {
  const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.length);
  const width = hashBytes(hash);
  const entries = new Map<string, Side>();
  const isSound = eachEntry(bytes, width, (mode, nameStart, nameEnd, id) => {
    const name = bytes.toString('latin1', nameStart, nameEnd);
    if (name.includes('/') || entries.has(name)) throw new IndexError('a tree is out of order');
    entries.set(name, { mode: canonical(mode), oid: bytes.toString('hex', id, id + width) });
  });
  if (!isSound) throw new IndexError('a tree is malformed');
  return entries;
}

function canonical(mode: number): number {
  const format = mode & FORMAT;
  if (format === TREE_MODE || format === LINK_MODE || format === SUBMODULE_MODE) return format;
  return (mode & 0o100) === 0 ? 0o100644 : 0o100755;
}
