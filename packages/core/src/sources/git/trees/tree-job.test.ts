/** What jobs read of trees, against each tree read by itself; in one thread and in several. */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildHistory, randomHistory } from '../../../../../../test/support/random-history.ts';
import { makeTempDir, type TestRepo } from '../../../../../../test/support/repo.ts';
import { createOidTable, type OidTable } from '../oid.ts';
import { type Forest, openForest } from '../pack/forest.ts';
import { openDatabase } from '../pack/object-database.ts';
import { createEntryTable } from './entry-table.ts';
import { createNameTable } from './name-table.ts';
import { createObjectNumbers } from './object-numbers.ts';
import { parseTree } from './parse-tree.ts';
import { runTreeJobs } from './run-tree-jobs.ts';
import { shareTrees } from './tree-job.ts';
import { createTreeStore } from './tree-store.ts';
import { takeShare, type TreeTables } from './tree-taker.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('tree-jobs');
});
afterEach(() => dir.remove());

const ctx = { signal: new AbortController().signal, notScanned: () => undefined };

function createTables(forest: Forest, wanted: OidTable): TreeTables {
  return {
    store: createTreeStore(forest.count),
    names: createNameTable(),
    entries: createEntryTable(wanted.size, forest.count),
    numbers: createObjectNumbers(forest),
  };
}

function entriesOf({ store, names, entries, numbers }: TreeTables, wanted: OidTable, tree: number): readonly string[] {
  store.seal(entries.size);
  const found = store.compare(-1, tree);
  return Array.from({ length: found.count }, (_, at) => {
    const entry = found.entries[at] ?? 0;
    const child = entries.child(entry);
    const id = child < 0 ? `blob ${wanted.hex(~child)}` : `tree ${numbers.hex(child)}`;
    return `${found.signs[at] ?? 0} ${id} ${names.text(entries.name(entry))}`;
  }).sort();
}

function pack(repo: TestRepo, ...args: readonly string[]): void {
  repo.git('repack', '-adfq', ...args);
}

it('is what each tree holds, however the trees are packed and shared out', { timeout: 120_000 }, async () => {
  const depths = fc.constantFrom(['--depth=0'], ['--depth=50', '--window=50'], ['--depth=4000', '--window=250']);
  const property = fc.asyncProperty(
    randomHistory,
    depths,
    fc.integer({ min: 1, max: 3 }),
    fc.nat(1000),
    async (...drawn) => {
      const [history, packing, share, most] = drawn;
      const { repo } = buildHistory(dir.path, history);
      pack(repo, ...packing);
      const objectDirs = [join(repo.gitDir, 'objects')];
      const forest = await openForest(objectDirs, 'sha1');
      const wanted = createOidTable('sha1');
      for (let entry = 0; entry < forest.count; entry += share)
        if (forest.type[entry] === 3) wanted.add(forest.ids, entry * 20);
      const tables = createTables(forest, wanted);
      const jobs = shareTrees(forest, wanted, false, most);
      for (const each of await runTreeJobs(jobs, ctx)) {
        expect(each.malformed).toHaveLength(0);
        takeShare(tables, each);
      }
      const alone = createTables(forest, wanted);
      const objects = openDatabase(objectDirs, 'sha1');
      for (let tree = 0; tree < forest.count; tree += 1) {
        expect(tables.store.has(tree)).toBe(forest.type[tree] === 2);
        if (forest.type[tree] !== 2) continue;
        expect(parseTree(alone, wanted, tree, objects.read(alone.numbers.hex(tree), 1e6).bytes)).toBe(true);
        expect(entriesOf(tables, wanted, tree)).toEqual(entriesOf(alone, wanted, tree));
      }
      objects.close();
    },
  );
  await fc.assert(property, { numRuns: 40 });
});
