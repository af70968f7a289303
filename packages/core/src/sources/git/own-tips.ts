/** The tips of a repository's history by our own reading: from the files of its refs, and the types that its packs tell. */
import { tagTarget } from './commit-text.ts';
import { fromHex, idWords } from './oid.ts';
import { findEntry } from './pack/forest.ts';
import { findWordSlots } from './pack/id-slots.ts';
import { COMMIT } from './pack/object-types.ts';
import type { PrivateDir } from './private-dir.ts';
import { headBranch, headOid, type Ref } from './ref-files.ts';
import { type Branch, branchName, byName, type Peeled, resolveTips, type Tips } from './refs.ts';
import type { PackedObjects } from './trees/packed-objects.ts';

/** There may be as many refs as commits (those of pull requests), so what the packs know to be a commit needs no look-up of its own. */
export async function readOwnTips(dir: PrivateDir, objects: PackedObjects, signal: AbortSignal): Promise<Tips> {
  const { forest } = objects;
  const head = { oid: headOid(dir.refs), branch: headBranch(dir.refs) };
  const oids = [...dir.refs.refs.map((ref) => ref.oid), ...dir.refs.bareTips];
  const entries = new Int32Array(oids.length);
  findWordSlots(forest.slots, idWords(oids), oids.length, entries);
  const commits: string[] = [];
  const branches: Branch[] = [];
  const others: Ref[] = [];
  const otherIds = new Set(head.oid === undefined ? [] : [head.oid]);
  const seen = new Uint8Array(forest.count);
  for (const [index, oid] of oids.entries()) {
    const entry = entries[index] ?? -1;
    const ref = dir.refs.refs[index];
    if (entry < 0 || forest.type[entry] !== COMMIT) {
      otherIds.add(oid);
      if (ref !== undefined) others.push(ref);
      continue;
    }
    const name = ref === undefined ? undefined : branchName(ref.name);
    if (name !== undefined) branches.push({ name, commit: oid });
    if (seen[entry] === 0) commits.push(oid);
    seen[entry] = 1;
  }
  const rest = await resolveTips([...otherIds].sort(), others, head, (asked) => peelOwn(objects, asked, signal));
  const isSeen = (oid: string): boolean => seen[findEntry(forest, fromHex(oid))] === 1;
  return {
    ...rest,
    branches: [...branches, ...rest.branches].sort(byName),
    commits: [...commits, ...rest.commits.filter((oid) => !isSeen(oid))],
  };
}

/** What each of these is; nothing for those that are missing or corrupt. */
export async function peelOwn(
  objects: PackedObjects,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Peeled>> {
  const found = new Map<string, Peeled>();
  const tags: string[] = [];
  for (const oid of ids) {
    const type = objects.typeOf(oid);
    if (type === 'tag') tags.push(oid);
    else if (type !== undefined) found.set(oid, { type });
  }
  await objects.readEach(tags, signal, (oid, type, bytes) => {
    if (type === 'tag') found.set(oid, { type, target: tagTarget(bytes) });
  });
  return found;
}
