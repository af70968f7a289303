import { afterEach, beforeEach, expect, test } from 'vitest';
import { testAmbient } from '../../../../test/support/ambient.ts';
import { makeRepo, makeTempDir } from '../../../../test/support/repo.ts';
import type { Job, PlacingContext, Source } from '../types/index.ts';
import { createLateSource } from './composite-source.ts';
import { openTarget } from './open-target.ts';
import { closingToo } from './wrap-source.ts';

const job: Job = { reader: 'none', weight: 0, objects: 0 };
const ctx: PlacingContext = {
  signal: new AbortController().signal,
  now: () => new Date(0),
  log: () => undefined,
  notScanned: () => undefined,
  isCut: false,
};

function source(heard: string[]): Required<Source> {
  const hear = (what: string): void => void heard.push(what);
  return {
    async plan() {
      hear('plan');
      return await Promise.resolve({ jobs: [job], describes: 'all', facts: {} });
    },
    heard: (reader, { type }) => hear(`heard ${reader} ${type}`),
    done: ({ reader }) => hear(`done ${reader}`),
    unread: (jobs) => hear(`unread ${jobs.length}`),
    async attribute() {
      hear('attribute');
      return await Promise.resolve([]);
    },
    async close() {
      hear('close');
      await Promise.resolve();
    },
  };
}

test.each([
  [
    'is closed with more',
    (inner: Source, heard: string[]) => closingToo(inner, () => Promise.resolve(void heard.push('more'))),
  ],
  ['is made late', (inner: Source) => createLateSource(() => Promise.resolve(inner))],
])('a source that %s hears all that it would hear by itself', async (_, wrap) => {
  const heard: string[] = [];
  const wrapped = wrap(source(heard), heard);
  expect(await wrapped.plan(ctx)).toMatchObject({ describes: 'all', jobs: [job] });
  wrapped.heard?.('r', { type: 'told', what: 1 });
  wrapped.done?.(job);
  wrapped.unread?.([job], ctx);
  await wrapped.attribute(new Map(), ctx);
  await wrapped.close();
  const all = ['plan', 'heard r told', 'done none', 'unread 1', 'attribute', 'close'];
  expect(heard.filter((what) => what !== 'more')).toEqual(all);
});

test('a source is closed although what is in it cannot be', async () => {
  const heard: string[] = [];
  const inner = { ...source(heard), close: () => Promise.reject(new Error('it cannot')) };
  const wrapped = closingToo(inner, () => Promise.resolve(void heard.push('more')));
  await expect(wrapped.close()).rejects.toThrow('it cannot');
  expect(heard).toEqual(['more']);
});

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('wrap');
});
afterEach(() => dir.remove());

test(
  'a clone is told when its jobs are over, so that its commits can be read beside the scan',
  { timeout: 60_000 },
  async () => {
    const repo = makeRepo(dir.path);
    repo.commitFiles({ f: 'x' });
    const options = {
      mode: { kind: 'all', history: 'yes' },
      refs: [],
      plain: false,
      noIgnore: false,
      followSymlinks: false,
      allowMissing: false,
      verifyObjects: false,
      maxTextBytes: 1 << 20,
      signal: new AbortController().signal,
    } as const;
    const target = await openTarget('clone', `file://${repo.path}`, options, testAmbient(), () => undefined);
    try {
      expect(Object.keys(target.source)).toEqual(expect.arrayContaining(['done', 'heard', 'unread']));
    } finally {
      await target.source.close();
    }
  },
);
