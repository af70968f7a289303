import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTempDir } from '../../../../test/support/repo.ts';
import { scanSettings } from '../../../../test/support/real-scan.ts';
import { createFilesSource } from '../sources/files/files-source.ts';
import type { Job, NotScanned, SourceContext } from '../types/index.ts';
import { INLINE_BYTES, runJobs } from './pool.ts';
import { scan } from './scan.ts';
import type { ScanResult } from './scan.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('pool');
});
afterEach(() => dir.remove());

/** More files than are listed before workers are started. */
function makeTree(files: number): void {
  for (let at = 0; at < files; at += 1) {
    if (at % 50 === 0) mkdirSync(join(dir.path, `d${Math.floor(at / 50)}`));
    writeFileSync(join(dir.path, `d${Math.floor(at / 50)}`, `${at}.txt`), `line of ${at}\n`);
  }
}

async function scanTree(workers: number, signal: AbortSignal, onProgress?: () => void): Promise<ScanResult> {
  const source = createFilesSource({ root: dir.path });
  return await scan({
    source,
    settings: await scanSettings(),
    workers,
    workerUrl: new URL('worker.ts', import.meta.url),
    signal,
    now: () => new Date(0),
    log: (() => undefined) satisfies SourceContext['log'],
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

test('jobs that are found while the first are run are run, too', { timeout: 120_000 }, async () => {
  makeTree(6000);
  const result = await scanTree(3, new AbortController().signal);
  expect({ texts: result.texts, files: result.facts['files'], notScanned: result.notScanned }).toEqual({
    texts: 6000,
    files: 6000,
    notScanned: [],
  });
});

test('an interrupt in the middle ends walk and workers, and is told', { timeout: 120_000 }, async () => {
  makeTree(6000);
  const abort = new AbortController();
  let calls = 0;
  const result = await scanTree(2, abort.signal, () => {
    calls += 1;
    if (calls === 3) abort.abort();
  });
  expect(result.interrupted).toBe(true);
  const told: readonly NotScanned[] = result.notScanned.filter(({ reason }) => reason === 'interrupted');
  expect(told).toHaveLength(1);
});

test('whatever looks for jobs is told when no more are wanted', { timeout: 120_000 }, async () => {
  const abort = new AbortController();
  let open = 0;
  async function* endless(): AsyncGenerator<Job, void> {
    open += 1;
    try {
      for (;;) {
        yield { reader: 'git-deltas', weight: INLINE_BYTES, objects: 1 };
        abort.abort();
        await Promise.resolve();
      }
    } finally {
      open -= 1;
    }
  }
  const unread: Job[] = [];
  await runJobs(
    [],
    {
      settings: await scanSettings(),
      workers: 1,
      workerUrl: new URL('worker.ts', import.meta.url),
      signal: abort.signal,
      onMessage: () => undefined,
      onUnread: (job) => unread.push(job),
    },
    endless(),
  );
  expect(open).toBe(0);
  expect(unread.length).toBeGreaterThan(0);
});
