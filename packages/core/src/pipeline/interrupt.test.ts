/** A scan that is interrupted: what was found until then is reported, with its places if these can be had in time. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testAmbient } from '../../../../test/support/ambient.ts';
import { repositoryAt, scanSettings } from '../../../../test/support/real-scan.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../test/support/repo.ts';
import { githubToken } from '../../../../test/support/tokens.ts';
import { createHistorySource, createNoGitSource } from '../sources/git/history-source.ts';
import { createRangeSource } from '../sources/git/range-source.ts';
import { createWorktreeSource } from '../sources/git/worktree-source.ts';
import type { Source } from '../types/index.ts';
import { createCompositeSource } from './composite-source.ts';
import { scan, type ScanOptions, type ScanResult } from './scan.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('interrupt');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

const FILES = 12;

/** As much as a worker takes a while for; whichever part of it is read first holds a credential. */
function commitMuch(): void {
  for (let at = 0; at < FILES; at += 1) {
    const filler = Array.from({ length: 60_000 }, (_, line) => `${at} ${line} of nothing, ${line * line} over`);
    repo.write(`large${at}`, `T=${githubToken(`interrupt ${at}`)}\n${filler.join('\n')}\n`);
  }
  repo.commit();
}

async function scanThese(source: Source, changes: Partial<ScanOptions>): Promise<ScanResult> {
  try {
    return await scan({
      source,
      settings: await scanSettings(),
      workers: 1,
      workerUrl: new URL('worker.ts', import.meta.url),
      signal: new AbortController().signal,
      now: () => new Date(0),
      log: () => undefined,
      ...changes,
    });
  } finally {
    await source.close();
  }
}

/** Interrupted as soon as something was read. */
async function interrupted(source: Source, changes: Partial<ScanOptions> = {}): Promise<ScanResult> {
  const abort = new AbortController();
  const result = await scanThese(source, {
    signal: abort.signal,
    onProgress({ objects }) {
      if (objects > 0) abort.abort();
    },
    ...changes,
  });
  expect(result.interrupted).toBe(true);
  return result;
}

describe.each([
  [
    'the history, with git',
    async () => createHistorySource({ repository: await repositoryAt(repo.path) }, testAmbient()),
  ],
  ['the history, without', async () => createNoGitSource({ repository: await repositoryAt(repo.path) }, testAmbient())],
  [
    'a range',
    async () => createRangeSource({ repository: await repositoryAt(repo.path), branch: 'HEAD' }, testAmbient()),
  ],
] as const)('%s', (_, open) => {
  test('what was found is placed', { timeout: 120_000 }, async () => {
    commitMuch();
    const { located, notScanned } = await interrupted(await open());
    expect(located.length).toBeGreaterThan(0);
    for (const { sighting } of located) {
      expect(sighting).toMatchObject({ kind: 'git', inHead: true, line: 1 });
      expect(sighting.path).toMatch(/^large\d+$/);
    }
    expect(notScanned).toMatchObject([{ state: 'failed', reason: 'interrupted' }]);
  });

  test('what cannot be placed in time is told as found in its object', { timeout: 120_000 }, async () => {
    const token = githubToken('interrupt');
    repo.commitFiles({ secret: `T=${token}\n` });
    const blob = repo.git('rev-parse', 'HEAD:secret').trim();
    const { located, notScanned } = await interrupted(await open(), { placingMs: 0 });
    expect(located.map(({ sighting }) => sighting)).toMatchObject([{ kind: 'git-object', path: '', blob, line: 1 }]);
    expect(notScanned.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['interrupted']));
    expect(notScanned.map(({ detail }) => detail)).toContain('where in it the findings are was not found out in time');
  });
});

test(
  'what the work tree holds is told, too, when the places in history cannot be had',
  { timeout: 120_000 },
  async () => {
    repo.commitFiles({ committed: `T=${githubToken('committed')}\n` });
    repo.write('new', `T=${githubToken('new')}\n`);
    const repository = await repositoryAt(repo.path);
    const { worktree } = repository;
    if (worktree === undefined) throw new Error('no work tree');
    const source = createCompositeSource([
      createHistorySource({ repository }, testAmbient()),
      createWorktreeSource({ repository: { ...repository, worktree } }, testAmbient()),
    ]);
    const abort = new AbortController();
    const options = { signal: abort.signal, placingMs: 0 };
    const { located } = await scanThese(
      { ...source, attribute: (hits, ctx) => (abort.abort(), source.attribute(hits, ctx)) },
      options,
    );
    expect(located.map(({ sighting }) => [sighting.kind, sighting.path])).toEqual([
      ['git-object', ''],
      ['file', 'new'],
    ]);
  },
);
