/** Who is whose parent among all commits of a repository, to tell which parents are missed. */
import { fromHex, hashBytes, nibble, type OidTable } from './oid.ts';
import { findEntry, type Forest } from './pack/forest.ts';

/** Commits are numbers: entries of the forest, then loose objects. */
export interface CommitLinks {
  /** `tree` is called with the id of the commit's tree. */
  add(commit: number, bytes: Uint8Array, tree: (id: Uint8Array, at: number) => void): void;
  /** Ids, sorted, that commits reachable from `tips` name as parents and that are not there. `shallow`: they have none. */
  missingParents(tips: readonly string[], shallow: readonly string[]): readonly string[];
}

const TREE = Buffer.from('tree ');
const PARENT = Buffer.from('parent ');
const LF = 0x0a;

export function createCommitLinks(forest: Forest, loose: OidTable): CommitLinks {
  const width = hashBytes(forest.hash);
  const id = new Uint8Array(width);
  /** Pairs: a commit and its parent. */
  let pairs = new Int32Array(4096);
  let count = 0;
  /** By commit: parents that are not there. Few. */
  const missing = new Map<number, string[]>();

  function numberOf(bytes: Uint8Array): number {
    const entry = findEntry(forest, bytes);
    if (entry >= 0) return entry;
    const index = loose.find(bytes);
    return index < 0 ? -1 : forest.count + index;
  }

  function addPair(commit: number, parent: number): void {
    if (count + 2 > pairs.length) {
      const larger = new Int32Array(pairs.length * 2);
      larger.set(pairs);
      pairs = larger;
    }
    pairs[count] = commit;
    pairs[count + 1] = parent;
    count += 2;
  }

  /** Reads `<key><hex id>\n` into `id`; false if it is not that. */
  function readId(bytes: Uint8Array, at: number, key: Uint8Array): boolean {
    for (let byte = 0; byte < key.length; byte += 1) if (bytes[at + byte] !== key[byte]) return false;
    const start = at + key.length;
    if (bytes[start + width * 2] !== LF) return false;
    for (let byte = 0; byte < width; byte += 1) {
      const value = (nibble(bytes[start + byte * 2] ?? 0) << 4) | nibble(bytes[start + byte * 2 + 1] ?? 0);
      if (value < 0) return false;
      id[byte] = value;
    }
    return true;
  }

  /** Commits that lead to `tips`, as bits of their numbers. */
  function reach(tips: readonly string[], cut: ReadonlySet<number>): Uint8Array {
    const total = forest.count + loose.size;
    const starts = new Int32Array(total + 1);
    for (let at = 0; at < count; at += 2) starts[(pairs[at] ?? 0) + 1] = (starts[(pairs[at] ?? 0) + 1] ?? 0) + 1;
    for (let at = 1; at <= total; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
    const next = starts.slice();
    const parents = new Int32Array(count / 2);
    for (let at = 0; at < count; at += 2) {
      const place = next[pairs[at] ?? 0] ?? 0;
      next[pairs[at] ?? 0] = place + 1;
      parents[place] = pairs[at + 1] ?? 0;
    }
    const reached = new Uint8Array(total);
    const open: number[] = [];
    const enter = (commit: number): void => {
      if (commit < 0 || reached[commit] === 1) return;
      reached[commit] = 1;
      open.push(commit);
    };
    for (const tip of tips) enter(numberOf(fromHex(tip)));
    for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
      if (cut.has(commit)) continue;
      for (let at = starts[commit] ?? 0; at < (starts[commit + 1] ?? 0); at += 1) enter(parents[at] ?? -1);
    }
    return reached;
  }

  return {
    add(commit, bytes, tree) {
      if (!readId(bytes, 0, TREE)) return;
      tree(id, 0);
      for (let at = TREE.length + width * 2 + 1; readId(bytes, at, PARENT); at += PARENT.length + width * 2 + 1) {
        const parent = numberOf(id);
        if (parent >= 0) addPair(commit, parent);
        else missing.set(commit, [...(missing.get(commit) ?? []), Buffer.from(id).toString('hex')]);
      }
    },
    missingParents(tips, shallow) {
      if (missing.size === 0) return [];
      const cut = new Set(shallow.map((oid) => numberOf(fromHex(oid))));
      const reached = reach(tips, cut);
      const missed = [...missing].filter(([commit]) => reached[commit] === 1 && !cut.has(commit));
      return [...new Set(missed.flatMap(([, parents]) => parents))].sort();
    },
  };
}
