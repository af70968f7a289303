/** What is not a whole scan leaves nothing for the next one. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { repositoryAt, scanSettings } from '../../../../../test/support/real-scan.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { githubToken } from '../../../../../test/support/tokens.ts';
import { GitError } from '../../sources/git/git-error.ts';
import { createHistorySource } from '../../sources/git/history-source.ts';
import type { Job, Source } from '../../types/index.ts';
import { createCompositeSource } from '../composite-source.ts';
import { scan, type ScanOptions, type ScanResult } from '../scan.ts';
import { createRememberedHistory } from './remembered-history.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
let kept: string;
beforeEach(() => {
  dir = makeTempDir('remembered');
  repo = makeRepo(dir.path);
  kept = join(dir.path, 'kept');
  repo.commitFiles({ secret: `T=${githubToken('remembered')}\n` });
});
afterEach(() => dir.remove());

/** `beside`: another source of the same target. */
async function scanRemembering(changes: Partial<ScanOptions>, beside: readonly Source[] = []): Promise<ScanResult> {
  const repository = await repositoryAt(repo.path);
  const settings = await scanSettings();
  const remembered = createRememberedHistory({
    repository,
    ambient: testAmbient(),
    memory: {
      directory: kept,
      key: () => new Uint8Array(32).fill(1),
      random: (bytes) => new Uint8Array(bytes).fill(2),
      uid: process.getuid?.(),
      use: true,
      version: '0',
    },
    settings,
    maxTextBytes: 1 << 20,
    allowMissing: false,
    open: (options) => Promise.resolve(createHistorySource({ repository, ...options }, testAmbient())),
  });
  const source = createCompositeSource([remembered, ...beside]);
  try {
    return await scan({
      source,
      settings,
      workers: 1,
      workerUrl: new URL('../worker.ts', import.meta.url),
      signal: new AbortController().signal,
      now: () => new Date(0),
      log: () => undefined,
      ...changes,
    });
  } finally {
    await source.close();
  }
}

function filesKept(): readonly string[] {
  return existsSync(kept) ? readdirSync(kept) : [];
}

test('a whole scan does', async () => {
  await scanRemembering({});
  expect(filesKept()).toHaveLength(2);
});

test('one that its deadline cut short does not', async () => {
  const deadline = new AbortController();
  deadline.abort();
  const { notScanned } = await scanRemembering({ deadline: { signal: deadline.signal, isOver: () => true } });
  expect(notScanned.map(({ reason }) => reason)).toContain('interrupted');
  expect(filesKept()).toEqual([]);
});

test('one that was interrupted does not, although its places were found', async () => {
  const abort = new AbortController();
  const onProgress = (): void => abort.abort();
  const { interrupted } = await scanRemembering({ signal: abort.signal, onProgress });
  expect(interrupted).toBe(true);
  expect(filesKept()).toEqual([]);
});

test('one during which git failed in another source does not', async () => {
  const failing: AsyncIterable<Job> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new GitError('git-failed', 'git failed')) }),
  };
  const beside: Source = {
    plan: () => Promise.resolve({ jobs: [], later: failing, describes: 'more', facts: {} }),
    attribute: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  const { notScanned } = await scanRemembering({}, [beside]);
  expect(notScanned.map(({ reason }) => reason)).toEqual(['git-failed']);
  expect(filesKept()).toEqual([]);
});
