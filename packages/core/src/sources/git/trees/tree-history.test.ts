/** History from the trees of the packs, against what git says about it. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  bothChanges,
  changeLines,
  graphLines,
  openHistory,
  outputIds,
  tableOf,
} from '../../../../../../test/support/history-access.ts';
import { buildHistory, randomHistory } from '../../../../../../test/support/random-history.ts';
import { storeCommit, storeObject, storeTree } from '../../../../../../test/support/raw-objects.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../../test/support/repo.ts';
import type { HistoryAccess } from '../history-access.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('trees');
});
afterEach(() => dir.remove());

const PACKINGS = [
  (): void => undefined,
  (repo: TestRepo) => void repo.git('repack', '-adfq', '--depth=50', '--window=50'),
  (repo: TestRepo) => void repo.git('repack', '-adfq', '--depth=0'),
  (repo: TestRepo, commits: readonly string[]) => {
    // Half of it packed, the rest loose.
    repo.gitWith(
      { input: `${commits[commits.length >> 1] ?? ''}\n` },
      'pack-objects',
      '--revs',
      '-q',
      join(repo.gitDir, 'objects/pack/pack'),
    );
    repo.git('prune-packed', '-q');
  },
];

it('is what git says, whatever the history and however it is packed', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(
    randomHistory,
    fc.nat(PACKINGS.length - 1),
    fc.integer({ min: 1, max: 3 }),
    fc.nat(17),
    async (history, packing, share, from) => {
      const { repo, commits } = buildHistory(dir.path, history);
      // fast-import leaves a pack; objects by themselves are another case.
      if (packing === 3) unpack(repo);
      PACKINGS[packing]?.(repo, commits);
      repo.git('update-ref', '-d', 'refs/build/tip');
      const { own, git, events, ctx, close } = await openHistory(repo.path);
      const tips = outputIds(repo, 'for-each-ref', '--format=%(objectname)', 'refs/heads');
      const blobs = outputIds(
        repo,
        'cat-file',
        '--batch-all-objects',
        '--batch-check=%(objectname) %(objecttype)',
      ).filter((oid, at) => repo.git('cat-file', '-t', oid) === 'blob' && at % share === 0);
      for (const exclude of [[], [commits[from % commits.length] ?? '']]) {
        const theirs = await git.graph(tips, exclude, ctx);
        const ours = await own.graph(tips, exclude, ctx);
        expect(graphLines(ours)).toEqual(graphLines(theirs));
        const wanted = tableOf(own, blobs);
        for (const allParents of [false, true]) {
          const expected = await changeLines(git, theirs, wanted, allParents, ctx);
          expect(await changeLines(own, ours, wanted, allParents, ctx)).toEqual(expected);
          expect(await changeLines(own, theirs, wanted, allParents, ctx)).toEqual(expected);
        }
      }
      expect(await own.types([...blobs, ...commits, 'f'.repeat(40)], ctx)).toEqual(
        await git.types([...blobs, ...commits, 'f'.repeat(40)], ctx),
      );
      const read = async (access: HistoryAccess): Promise<readonly string[]> => {
        const found: string[] = [];
        await access.read(
          commits,
          (oid, type, bytes) => found.push(`${oid} ${type} ${Buffer.from(bytes).toString('hex')}`),
          ctx,
        );
        return [...new Set(found)].sort();
      };
      expect(await read(own)).toEqual(await read(git));
      expect(events).toEqual([]);
      await close();
    },
  );
  await fc.assert(property, { numRuns: 25, seed: 20260201 });
});

/** Makes every object of the packs a loose one. */
function unpack(repo: TestRepo): void {
  const packs = join(repo.gitDir, 'objects/pack');
  const names = readdirSync(packs);
  const contents = names.filter((name) => name.endsWith('.pack')).map((name) => readFileSync(join(packs, name)));
  for (const name of names) rmSync(join(packs, name), { force: true });
  for (const input of contents) repo.gitWith({ input }, 'unpack-objects', '-q');
}

it('reads SHA-256, trees in several packs, and one object in two of them', async () => {
  const repo = makeRepo(dir.path, { sha256: true });
  repo.commitFiles({ 'd/f': 'one\n', g: 'x\n' });
  repo.git('repack', '-dq');
  repo.commitFiles({ 'd/f': 'two\n' });
  const tip = repo.commitFiles({ 'd/f': 'one\n', h: 'one\n' });
  repo.git('repack', '-dq');
  repo.gitWith({ input: `${tip}\n` }, 'pack-objects', '--revs', '-q', join(repo.gitDir, 'objects/pack/pack'));
  const blobs = [repo.git('rev-parse', 'HEAD:d/f')];
  const { own, git, events } = await bothChanges(repo, tip, blobs);
  expect(own).toHaveLength(4);
  expect(own).toEqual(git);
  expect(events).toEqual([]);
});

it('reads trees as git does, sorted or not, with odd modes, and with a commit where a tree should be', async () => {
  const repo = makeRepo(dir.path);
  const blob = storeObject(repo, 'blob', Buffer.from('a\n'));
  const other = storeObject(repo, 'blob', Buffer.from('b\n'));
  const sub = storeTree(repo, ['100644', 'f', blob]);
  const inner = storeCommit(repo, sub);
  const first = storeCommit(
    repo,
    storeTree(
      repo,
      ['100664', 'a', blob],
      ['120000', 'b', blob],
      ['040000', 'c', sub],
      ['40000', 'commit', inner],
      ['160000', 'm', other],
    ),
  );
  const second = storeCommit(
    repo,
    storeTree(repo, ['40000', 'a', sub], ['100755', 'b', blob], ['100644', 'm', other], ['100644', 'z/y', blob]),
    first,
  );
  const { own, git, events } = await bothChanges(repo, second, [blob, other]);
  expect(own).toEqual(git);
  expect(own.filter((line) => line.startsWith('0'))).toHaveLength(4);
  expect(events).toEqual([]);
});
