/** The graph from what readers note of commits, against what git says. */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { graphLines, openHistory, outputIds } from '../../../../../test/support/history-access.ts';
import { buildHistory, randomHistory } from '../../../../../test/support/random-history.ts';
import { storeObject, storeTree } from '../../../../../test/support/raw-objects.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import type { TextSink } from '../../types/index.ts';
import { eachNote } from './commit-notes.ts';
import { type DeltaPlan, planDeltas } from './delta-plan.ts';
import type { HistoryAccess } from './history-access.ts';
import { entryHex, openForest } from './pack/forest.ts';
import { openDatabase } from './pack/object-database.ts';
import { readDeltas } from './pack-delta-reader.ts';
import { createTreeHistory } from './trees/tree-history.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('notes');
});
afterEach(() => dir.remove());

const NOTHING: TextSink = { text: () => undefined, notScanned: () => undefined, progress: () => undefined };
const signal = new AbortController().signal;

interface Noted {
  readonly history: HistoryAccess;
  /** Ids of the commits of which something was noted. */
  readonly commits: readonly string[];
  readonly close: () => void;
}

/** `isKnown`: objects that no job reads; `isRun`: jobs that are run, by number. */
async function noteAll(
  repo: TestRepo,
  isKnown: (oid: string) => boolean = () => false,
  isRun: (job: number) => boolean = () => true,
): Promise<Noted> {
  const dirs = [join(repo.gitDir, 'objects')];
  const forest = await openForest(dirs, 'sha1');
  const plan: DeltaPlan = planDeltas(forest, dirs, {
    maxTextBytes: 1e7,
    allowMissing: false,
    verifyObjects: false,
    where: 'history',
    isKnown: (id, at) => isKnown(Buffer.from(id.subarray(at, at + 20)).toString('hex')),
  });
  for (const [number, job] of plan.jobs.entries()) if (isRun(number)) await readDeltas(job, NOTHING, { signal });
  const commits: string[] = [];
  eachNote(forest, plan.notes, (entry) => commits.push(entryHex(forest, entry)));
  const objects = openDatabase(dirs, 'sha1');
  const noted = { notes: plan.notes, isRead: plan.isRead, over: Promise.resolve() };
  return {
    history: createTreeHistory({ forest, objects, shallow: [], noted }),
    commits,
    close: () => objects.close(),
  };
}

it('is the graph that git walks, whatever of it was noted', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(randomHistory, fc.nat(), fc.boolean(), async (history, known, areRun) => {
    const { repo, commits } = buildHistory(dir.path, history);
    repo.git('repack', '-adfq', '--depth=50', '--window=50');
    repo.git('update-ref', '-d', 'refs/build/tip');
    const { git, ctx, close } = await openHistory(repo.path);
    const isKnown = (oid: string): boolean => ((known >> (commits.indexOf(oid) % 30)) & 1) === 1;
    const { history: own, commits: noted, close: closeOwn } = await noteAll(repo, isKnown, () => areRun);
    const tips = outputIds(repo, 'for-each-ref', '--format=%(objectname)', 'refs/heads');
    expect(graphLines(await own.graph(tips, [], ctx))).toEqual(graphLines(await git.graph(tips, [], ctx)));
    const isPlain = (oid: string): boolean => repo.git('rev-list', '--parents', '-1', oid).split(' ').length <= 3;
    // What no ref leads to was not packed.
    const packed = repo.git('rev-list', '--all').split('\n');
    const expected = areRun ? packed.filter((oid) => !isKnown(oid) && isPlain(oid)) : [];
    expect([...noted].sort()).toEqual(expected.sort());
    closeOwn();
    await close();
  });
  await fc.assert(property, { numRuns: 40 });
});

it('leaves out what is spelt in another way, or names what no pack has', { timeout: 60_000 }, async () => {
  const repo = makeRepo(dir.path, { bare: true });
  const blob = storeObject(repo, 'blob', Buffer.from('x\n'));
  const tree = storeTree(repo, ['100644', 'f', blob]);
  const commit = (...lines: readonly string[]): string =>
    storeObject(repo, 'commit', Buffer.from(`${lines.join('\n')}\n\nmessage\n`));
  const who = (date: string): string => `Ada <ada@example.org> ${date}`;
  const usual = (date: number): readonly string[] => [
    `author ${who(`${date} +0000`)}`,
    `committer ${who(`${date} +0000`)}`,
  ];
  const root = commit(`tree ${tree}`, ...usual(1_600_000_000));
  const plain = commit(`tree ${tree}`, `parent ${root}`, ...usual(1_600_000_060));
  const dateless = commit(`tree ${tree}`, `parent ${plain}`, `author ${who('')}`, `committer ${who('')}`);
  const octopus = commit(
    `tree ${tree}`,
    ...[root, plain, dateless].map((oid) => `parent ${oid}`),
    ...usual(1_600_000_120),
  );
  const orphan = commit(`tree ${tree}`, `parent ${'e'.repeat(40)}`, ...usual(1_600_000_180));
  const stray = commit(`tree ${'d'.repeat(40)}`, `parent ${octopus}`, ...usual(1_600_000_240));
  const all = [root, plain, dateless, octopus, orphan, stray, tree, blob];
  repo.gitWith({ input: `${all.join('\n')}\n` }, 'pack-objects', '-q', join(repo.gitDir, 'objects/pack/pack'));
  repo.git('prune-packed', '-q');

  const { history, commits, close } = await noteAll(repo);
  expect([...commits].sort()).toEqual([root, plain].sort());
  const graph = await history.graph([stray], [], { signal, notScanned: () => undefined });
  expect(graphLines(graph)).toEqual(
    [[root], [plain, root], [dateless, plain], [octopus, root, plain, dateless], [stray, octopus]].map((line) =>
      line.join(' '),
    ),
  );
  close();
});
