/** Trees of a history are read in jobs: what comes of each is the same in this thread and in eight others. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runJobs } from '../../packages/core/src/pipeline/pool.ts';
import { createOidTable } from '../../packages/core/src/sources/git/oid.ts';
import { openForest } from '../../packages/core/src/sources/git/pack/forest.ts';
import { runTreeJobs } from '../../packages/core/src/sources/git/trees/run-tree-jobs.ts';
import type { TreeShare } from '../../packages/core/src/sources/git/trees/tree-share.ts';
import { shareTrees, type TreeJob } from '../../packages/core/src/sources/git/trees/tree-job.ts';
import type { Job, JobNews, NotScanned } from '../../packages/core/src/types/index.ts';
import { openHistory, changeLines, outputIds, tableOf } from '../support/history-access.ts';
import { scanSettings } from '../support/real-scan.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';

const signal = new AbortController().signal;

function makeHistory(): TestRepo {
  const repo = makeRepo(tempFolder());
  for (let at = 0; at < 30; at += 1)
    repo.commitFiles({ [`d${at % 7}/e${at % 2}/f${at % 3}`]: `${at}\n`, top: `${at}` });
  repo.git('repack', '-adfq', '--depth=1');
  return repo;
}

test('one worker thread and eight read what this thread reads', { timeout: 120_000 }, async () => {
  const repo = makeHistory();
  const forest = await openForest([join(repo.gitDir, 'objects')], 'sha1');
  const wanted = createOidTable('sha1');
  for (let entry = 0; entry < forest.count; entry += 1)
    if (forest.type[entry] === 3) wanted.add(forest.ids, entry * 20);
  const jobs = shareTrees(forest, wanted, true, 1);
  expect(jobs.length).toBeGreaterThan(8);
  const inline: TreeShare[] = [];
  await runTreeJobs(jobs, { signal, notScanned: () => undefined }, (share) => inline.push(share));
  const settings = await scanSettings();
  for (const workers of [1, 8]) {
    // So much work that it is not done in this thread.
    const run = (few: readonly Job[], hear: (news: JobNews) => void): Promise<void> =>
      runJobs(
        few.map((job) => ({ ...job, weight: 1e9 })),
        {
          settings,
          hasTexts: false,
          workers,
          workerUrl: new URL('../../packages/core/src/pipeline/worker.ts', import.meta.url),
          signal,
          onMessage: hear,
        },
      );
    const threads: TreeShare[] = [];
    await runTreeJobs(jobs, { signal, notScanned: () => undefined, run }, (share) => threads.push(share));
    expect(threads).toEqual(inline);
  }
});

test('what is lost with a worker is reported, and read tree by tree', { timeout: 60_000 }, async () => {
  const repo = makeHistory();
  const { own, ctx, close } = await openHistory(repo.path);
  const graph = await own.graph(outputIds(repo, 'for-each-ref', '--format=%(objectname)', 'refs/heads'), [], ctx);
  const blobs = outputIds(repo, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)').filter(
    (oid) => repo.git('cat-file', '-t', oid) === 'blob',
  );
  const expected = await changeLines(own, graph, tableOf(own, blobs), false, ctx);
  const events: NotScanned[] = [];
  const lost = { state: 'failed', reason: 'limit', where: '5 objects', detail: 'a worker stopped' } as const;
  let asked: readonly Job[] = [];
  const run = (jobs: readonly Job[], hear: (news: JobNews) => void): Promise<void> => {
    asked = jobs;
    hear({ type: 'lost', notScanned: [lost] });
    return Promise.resolve();
  };
  const noticed = { ...ctx, notScanned: (event: NotScanned) => events.push(event), run };
  expect(await changeLines(own, graph, tableOf(own, blobs), false, noticed)).toEqual(expected);
  expect(events).toEqual([lost]);
  expect((asked as readonly TreeJob[]).map(({ reader }) => reader)).toEqual(['git-trees']);
  await close();
});
