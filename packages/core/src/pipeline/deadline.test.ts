/** A scan that has a deadline: what was found until then is placed, and every text that was not read is named. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testAmbient } from '../../../../test/support/ambient.ts';
import { scanSettings } from '../../../../test/support/real-scan.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../test/support/repo.ts';
import { githubToken } from '../../../../test/support/tokens.ts';
import { detect } from '../sources/git/detect.ts';
import { createHistorySource } from '../sources/git/history-source.ts';
import { createStagedSource } from '../sources/git/staged-source.ts';
import { readStaged, type StagedJob } from '../sources/git/staged-reader.ts';
import type { NotScanned, Source, SourceContext, TextSink } from '../types/index.ts';
import { scan, type Progress, type ScanResult } from './scan.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('deadline');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

async function stagedSource(): Promise<Source> {
  const repository = await detect(repo.path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  return createStagedSource({ repository }, testAmbient());
}

async function scanUntil(
  deadline: AbortController,
  onProgress: (progress: Progress) => void,
  given?: Source,
  isOver = () => deadline.signal.aborted,
): Promise<ScanResult> {
  const source = given ?? (await stagedSource());
  const result = await scan({
    source,
    settings: await scanSettings(),
    workers: 1,
    workerUrl: new URL('worker.ts', import.meta.url),
    signal: new AbortController().signal,
    deadline: { signal: deadline.signal, isOver },
    now: () => new Date(0),
    log: (() => undefined) satisfies SourceContext['log'],
    onProgress,
  });
  await source.close();
  return result;
}

function unread(notScanned: readonly NotScanned[]): readonly string[] {
  return notScanned
    .filter(({ reason, detail }) => reason === 'interrupted' && detail === undefined)
    .map(({ where }) => where);
}

test(
  'after it, workers begin nothing more; what was found is placed, what was not read is named',
  { timeout: 120_000 },
  async () => {
    repo.write('small', `token = "${githubToken('deadline')}"\n`);
    const large = Array.from({ length: 6 }, (_, i) => `large${i}`);
    for (const [i, name] of large.entries()) repo.write(name, `a line of nothing, over and over\n`.repeat(280_000 + i));
    repo.stage();
    const deadline = new AbortController();
    const result = await scanUntil(deadline, ({ objects }) => {
      if (objects > 0) deadline.abort();
    });
    const names = unread(result.notScanned);
    expect(names.length).toBeGreaterThan(0);
    expect(large).toEqual(expect.arrayContaining([...names]));
    expect(names.length + result.texts).toBe(7);
    expect(result.interrupted).toBe(false);
    expect(result.located.map(({ sighting }) => sighting.path)).toEqual(['small']);
    expect(result.notScanned.filter(({ state }) => state === 'failed').length).toBe(names.length + 1);
  },
);

test('before anything was read, everything is named', async () => {
  repo.write('a', 'x');
  repo.write('b', 'x');
  repo.stage();
  const deadline = new AbortController();
  deadline.abort();
  const result = await scanUntil(deadline, () => undefined);
  expect([unread(result.notScanned), result.texts, result.interrupted]).toEqual([['a', 'b'], 0, false]);
});

test('a text in the middle of which it passes is named, and found what was found before', async () => {
  repo.write('small', `token = "${githubToken('deadline')}"\n`);
  repo.write('large', `token = "${githubToken('never seen')}" password: \n`.repeat(400));
  repo.write('larger', `token = "${githubToken('never begun')}"\n`.repeat(800));
  repo.stage();
  const deadline = new AbortController();
  let looks = 0;
  const result = await scanUntil(
    deadline,
    () => undefined,
    undefined,
    // No timer is heard while a text is scanned, so it is looked whether the time is over: here, at the third look.
    () => {
      looks += 1;
      if (looks === 3) setTimeout(() => deadline.abort(), 0);
      return looks >= 3;
    },
  );
  expect(result.located.map(({ sighting }) => sighting.path)).toEqual(['small']);
  expect(unread(result.notScanned)).toEqual(['large', 'larger']);
});

test('a reader that is told to stop names the rest: small files come first, each behind what it is compared with', async () => {
  repo.commitFiles({ middle: 'm'.repeat(100), gone: 'g' });
  repo.write('middle', 'M'.repeat(100));
  repo.write('small', 's');
  repo.write('large', 'l'.repeat(1000));
  repo.remove('gone');
  repo.stage();
  const source = await stagedSource();
  const abort = new AbortController();
  const ctx = {
    signal: abort.signal,
    now: () => new Date(0),
    log: () => undefined,
    notScanned: () => undefined,
  } satisfies SourceContext;
  const [job] = (await source.plan(ctx)).jobs as readonly StagedJob[];
  if (job === undefined) throw new Error('no job');
  const order: string[] = [];
  const events: NotScanned[] = [];
  const sink: TextSink = {
    text({ bytes }) {
      order.push(Buffer.from(bytes.subarray(0, 1)).toString());
      if (order.length === 2) abort.abort();
    },
    notScanned: (event) => events.push(event),
    progress: () => undefined,
  };
  await readStaged(job, sink, { signal: abort.signal });
  await source.close();
  expect(order).toEqual(['s', 'm']);
  expect(unread(events)).toEqual(['middle', 'large']);
});

test('places in history are told also when it passes before the commits were read', { timeout: 120_000 }, async () => {
  repo.commitFiles({ secret: `token = "${githubToken('deadline')}"\n` });
  const repository = await detect(repo.path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const source = createHistorySource({ repository }, testAmbient());
  const deadline = new AbortController();
  // When the jobs are over, what leads on from the commits is still to be read.
  const result = await scanUntil(deadline, () => undefined, { ...source, done: () => deadline.abort() });
  expect(result.located.map(({ sighting }) => sighting.path)).toEqual(['secret']);
});
