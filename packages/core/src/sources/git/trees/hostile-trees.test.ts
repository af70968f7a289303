/** Trees and commits that git would not make, or that are not there. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bothChanges, graphLines, openHistory, tableOf } from '../../../../../../test/support/history-access.ts';
import { storeCommit, storeObject, storeTree, treeBytes } from '../../../../../../test/support/raw-objects.ts';
import { makeRepo, makeTempDir, openRepo } from '../../../../../../test/support/repo.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('trees');
});
afterEach(() => dir.remove());

it('loses no blob of a tree that names one thing twice', async () => {
  const repo = makeRepo(dir.path);
  const blobs = ['a', 'b', 'c'].map((text) => storeObject(repo, 'blob', Buffer.from(text)));
  const [a = '', b = '', c = ''] = blobs;
  const first = storeCommit(repo, storeTree(repo, ['100644', 'f', a], ['100644', 'f', b]));
  const second = storeCommit(
    repo,
    storeTree(repo, ['100644', 'f', a], ['100644', 'f', c], ['100644', 'f', b], ['100644', 'f', b]),
    first,
  );
  const { own, events } = await bothChanges(repo, second, blobs);
  for (const blob of blobs) expect(own.some((line) => line.includes(`${blob} "f"`))).toBe(true);
  expect(events).toEqual([]);
});

it.each([false, true])('reports a tree that is missing, corrupt or malformed once (packed: %s)', async (isPacked) => {
  const repo = makeRepo(dir.path);
  const blob = storeObject(repo, 'blob', Buffer.from('a\n'));
  const broken = [
    storeObject(repo, 'tree', Buffer.concat([treeBytes(['100644', 'f', blob]), Buffer.from('100644 cut')])),
    storeTree(repo, ['100644', '', blob]),
    storeTree(repo, ['99999', 'x', blob]),
    'd'.repeat(40),
    blob,
    storeTree(repo, ['100644', 'gone', blob]),
  ];
  if (isPacked) {
    const input = [...broken.slice(0, 3), blob].map((oid) => `${oid}\n`).join('');
    repo.gitWith({ input }, 'pack-objects', '-q', join(repo.gitDir, 'objects/pack/pack'));
    repo.git('prune-packed', '-q');
  }
  const file = join(repo.gitDir, 'objects', (broken.at(-1) ?? '').slice(0, 2), (broken.at(-1) ?? '').slice(2));
  chmodSync(file, 0o644);
  writeFileSync(file, 'garbage');
  let tip: string | undefined;
  for (const round of ['100644', '100755']) {
    for (const oid of broken)
      tip = storeCommit(
        repo,
        storeTree(repo, ['40000', 'd', oid], [round, 'f', blob]),
        ...(tip === undefined ? [] : [tip]),
      );
    tip = storeCommit(repo, 'e'.repeat(40), tip ?? '');
  }
  const { own, events } = await bothChanges(repo, tip ?? '', [blob]);
  expect(events.map(({ state, reason, where }) => `${state} ${reason} ${where}`).sort()).toEqual(
    [...broken, 'e'.repeat(40)].map((oid) => `failed corrupt git:${oid}`).sort(),
  );
  // What stands before the end of a tree that is cut off is there.
  expect(own).toContain(`0 0 - ${blob} "d/f"`);
  expect(own).toContain(`0 0 - ${blob} "f"`);
  expect(own).toContain(`6 0 ${blob} - "f"`);
});

it(
  'gives up on directories that are too deep or hold themselves many times over, and goes on',
  { timeout: 120_000 },
  async () => {
    const repo = makeRepo(dir.path);
    const blob = storeObject(repo, 'blob', Buffer.from('a\n'));
    let deep = storeTree(repo, ['100644', 'f', blob]);
    for (let level = 0; level < 4200; level += 1) deep = storeTree(repo, ['40000', 'd', deep]);
    const bombs = [blob, storeObject(repo, 'blob', Buffer.from('not wanted'))].map((leaf) => {
      let bomb = storeTree(repo, ['100644', 'f', leaf]);
      for (let level = 0; level < 12; level += 1)
        bomb = storeTree(repo, ...[...'abcdefghij'].map((name) => ['40000', name, bomb] as const));
      return bomb;
    });
    const plain = storeTree(repo, ['100644', 'f', blob]);
    const first = storeCommit(repo, plain);
    const second = storeCommit(repo, deep, first);
    const third = storeCommit(repo, bombs[0] ?? '', second);
    const fourth = storeCommit(repo, bombs[1] ?? '', third);
    const last = storeCommit(repo, plain, fourth);
    const { own, ctx, events, close } = await openHistory(repo.path);
    const graph = await own.graph([last], [], ctx);
    const changes = await own.changes(graph, tableOf(own, [blob]), false, ctx);
    await close();
    expect(events.map(({ state, reason, where }) => `${state} ${reason} ${where}`)).toEqual(
      [second, third, fourth, last].map((oid) => `failed limit git:${oid}`),
    );
    expect(changes.count).toBeGreaterThan(1);
    expect(changes.paths[changes.path[0] ?? -1]).toBe('f');
  },
);

it('does not believe a commit-graph or a graft, and stops where a shallow clone ends', async () => {
  const repo = makeRepo(dir.path);
  const commits = ['one', 'two', 'three'].map((text) => repo.commitFiles({ f: text }));
  const blobs = commits.map((commit) => repo.git('rev-parse', `${commit}:f`));
  const clone = join(dir.path, 'shallow');
  repo.git('clone', '-q', '--bare', '--depth=2', `file://${repo.path}`, clone);
  repo.git('commit-graph', 'write', '--reachable');
  const file = join(repo.gitDir, 'objects/info/commit-graph');
  const bytes = readFileSync(file);
  const place = bytes.indexOf(Buffer.from(commits[1] ?? '', 'hex'));
  expect(place).toBeGreaterThan(0);
  chmodSync(file, 0o644);
  // Parents and trees in it are made to be others.
  for (let at = place + 60; at < bytes.length - 20; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  repo.writeGitFile('info/grafts', `${commits[2] ?? ''}\n`);
  const { own, git, events } = await bothChanges(repo, commits[2] ?? '', blobs);
  expect(own).toHaveLength(3);
  expect(own).toEqual(git);
  const shallow = await bothChanges(openRepo(clone), commits[2] ?? '', blobs);
  expect(shallow.own).toEqual([`0 0 - ${blobs[1] ?? ''} "f"`, `1 0 ${blobs[1] ?? ''} ${blobs[2] ?? ''} "f"`]);
  expect([...events, ...shallow.events]).toEqual([]);
});

it('reports a commit that cannot be read, and tells the rest', async () => {
  const repo = makeRepo(dir.path);
  const [first = '', second = '', third = ''] = ['one', 'two', 'three'].map((text) => repo.commitFiles({ f: text }));
  rmSync(join(repo.gitDir, 'objects', second.slice(0, 2), second.slice(2)));
  const { own, ctx, events, close } = await openHistory(repo.path);
  expect(graphLines(await own.graph([third, first], [], ctx))).toEqual([first, third]);
  await close();
  expect(events).toMatchObject([{ state: 'failed', reason: 'corrupt', where: `git:${second}` }]);
});

it('ends when it is interrupted', async () => {
  const repo = makeRepo(dir.path);
  const tip = repo.commitFiles({ f: 'x' });
  const { own, ctx, close } = await openHistory(repo.path);
  const aborted = { ...ctx, signal: AbortSignal.abort() };
  const graph = await own.graph([tip], [], ctx);
  await expect(own.changes(graph, tableOf(own, []), false, aborted)).rejects.toThrow();
  await close();
});
