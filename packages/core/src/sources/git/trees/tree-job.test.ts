/** What jobs read of trees, against each tree read by itself; in one thread and in several. */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildHistory, randomHistory } from '../../../../../../test/support/random-history.ts';
import { makeTempDir, type TestRepo } from '../../../../../../test/support/repo.ts';
import type { Job, JobNews } from '../../../types/index.ts';
import { createOidTable, type OidTable } from '../oid.ts';
import { type Forest, openForest } from '../pack/forest.ts';
import { openDatabase } from '../pack/object-database.ts';
import { createEntryTable } from './entry-table.ts';
import { createNameTable } from './name-table.ts';
import { createObjectNumbers } from './object-numbers.ts';
import { parseTree } from './parse-tree.ts';
import { runTreeJobs } from './run-tree-jobs.ts';
import { shareTrees, type TreeJob } from './tree-job.ts';
import { NO_SHARE } from './tree-share.ts';
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
      await runTreeJobs(jobs, ctx, (each) => {
        expect(each.malformed).toHaveLength(0);
        takeShare(tables, each);
      });
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

/** So many jobs, which are never run. */
async function jobsOf(count: number): Promise<readonly TreeJob[]> {
  const forest = await openForest([dir.path], 'sha1');
  const [weight, objects, wanted] = [0, 0, new Uint8Array(0)];
  return Array.from({ length: count }, (_, number) => ({
    reader: 'git-trees',
    number,
    forest,
    roots: new Int32Array(0),
    wanted,
    checks: false,
    weight,
    objects,
  }));
}

it('hands on shares in the order of the jobs, each as soon as it can, also past a lost one', async () => {
  const jobs = await jobsOf(5);
  const taken: number[] = [];
  const before: (readonly number[])[] = [];
  const tell = (hear: (news: JobNews) => void, number: number): void => {
    hear({ type: 'told', what: { number, share: { ...NO_SHARE, names: Uint8Array.of(number) } } });
    before.push([...taken]);
  };
  const run = (_: readonly Job[], hear: (news: JobNews) => void): Promise<void> => {
    // The third is never told.
    for (const number of [1, 0, 4, 3]) tell(hear, number);
    return Promise.resolve();
  };
  await runTreeJobs(jobs, { ...ctx, run }, (share) => taken.push(share.names[0] ?? -1));
  expect(before).toEqual([[], [0, 1], [0, 1], [0, 1]]);
  expect(taken).toEqual([0, 1, 3, 4]);
});

it('ends in the first error that there is in taking shares, when all jobs are over', async () => {
  const jobs = await jobsOf(3);
  let told = 0;
  const run = (_: readonly Job[], hear: (news: JobNews) => void): Promise<void> => {
    for (const { number } of jobs) {
      hear({ type: 'told', what: { number, share: NO_SHARE } });
      told += 1;
    }
    return Promise.resolve();
  };
  const taken: number[] = [];
  const failing = runTreeJobs(jobs, { ...ctx, run }, () => {
    throw new Error(`share ${taken.push(told)}`);
  });
  await expect(failing).rejects.toThrow('share 1');
  expect([told, taken]).toEqual([3, [0]]);
});
