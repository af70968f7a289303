/** History from the trees of the packs, against what git says about it. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../../test/support/ambient.ts';
import { buildHistory, randomHistory } from '../../../../../../test/support/random-history.ts';
import { makeRepo, makeTempDir, openRepo, type TestRepo } from '../../../../../../test/support/repo.ts';
import type { NotScanned } from '../../../types/index.ts';
import type { CommitGraph } from '../commit-graph.ts';
import { detect } from '../detect.ts';
import { type OpenDoor, openDoor } from '../door.ts';
import { createGitHistory } from '../git-history.ts';
import type { HistoryAccess } from '../history-access.ts';
import { createOidTable, fromHex, type OidTable } from '../oid.ts';
import { openForest } from '../pack/forest.ts';
import { type ObjectDatabase, openDatabase } from '../pack/object-database.ts';
import { createTreeHistory } from './tree-history.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('trees');
});
afterEach(() => dir.remove());

interface Opened {
  readonly own: HistoryAccess;
  readonly git: HistoryAccess;
  /** What `own` could not tell. */
  readonly events: NotScanned[];
  readonly ctx: { readonly signal: AbortSignal; notScanned(event: NotScanned): void };
  readonly close: () => Promise<void>;
}

async function open(path: string): Promise<Opened> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const opened: OpenDoor = await openDoor(repository, testAmbient());
  const { door, dir: layout } = opened;
  const objects: ObjectDatabase = openDatabase(layout.objectDirs, layout.hash);
  const forest = await openForest(layout.objectDirs, layout.hash);
  const events: NotScanned[] = [];
  return {
    own: createTreeHistory({ forest, objects, shallow: layout.shallow }),
    git: createGitHistory(door, 1),
    events,
    ctx: { signal: new AbortController().signal, notScanned: (event) => events.push(event) },
    async close() {
      objects.close();
      await opened.close();
    },
  };
}

function ids(repo: TestRepo, ...args: string[]): readonly string[] {
  return repo
    .git(...args)
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(' ') < 0 ? undefined : line.indexOf(' ')))
    .filter((line) => line !== '');
}

function tableOf(access: HistoryAccess, oids: readonly string[]): OidTable {
  const table = createOidTable(access.hash);
  for (const oid of oids) table.add(fromHex(oid));
  return table;
}

function graphLines(graph: CommitGraph): readonly string[] {
  return Array.from(graph.order, (commit) =>
    [commit, ...graph.parents(commit)].map((each) => graph.table.hex(each)).join(' '),
  );
}

/** Each change in words, in the order of commits; those of one commit sorted. */
async function changeLines(
  access: HistoryAccess,
  graph: CommitGraph,
  wanted: OidTable,
  allParents: boolean,
  ctx: Opened['ctx'],
): Promise<readonly string[]> {
  const { count, commit, parent, path, before, after, paths } = await access.changes(graph, wanted, allParents, ctx);
  const at = Array.from({ length: count }, (_, index) => index);
  const place = (index: number): number => graph.position[commit[index] ?? 0] ?? -1;
  expect(at.every((index) => index === 0 || place(index - 1) <= place(index))).toBe(true);
  const hex = (blob: number | undefined): string => (blob === undefined || blob < 0 ? '-' : wanted.hex(blob));
  return at
    .map((index) => ({
      place: place(index),
      line: `${place(index)} ${parent[index] ?? 'none'} ${hex(before[index])} ${hex(after[index])} ${JSON.stringify(paths[path[index] ?? 0])}`,
    }))
    .sort((a, b) => a.place - b.place || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
    .map(({ line }) => line);
}

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
      const { own, git, events, ctx, close } = await open(repo.path);
      const tips = ids(repo, 'for-each-ref', '--format=%(objectname)', 'refs/heads');
      const blobs = ids(repo, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)').filter(
        (oid, at) => repo.git('cat-file', '-t', oid) === 'blob' && at % share === 0,
      );
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

/** Stores an object as it is, sound or not; gives its id. */
function store(repo: TestRepo, type: string, content: Buffer): string {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const oid = createHash('sha1').update(bytes).digest('hex');
  const folder = join(repo.gitDir, 'objects', oid.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, oid.slice(2)), deflateSync(bytes, { level: 1 }));
  return oid;
}

function treeOf(...entries: readonly (readonly [mode: string, name: string, oid: string])[]): Buffer {
  return Buffer.concat(
    entries.map(([mode, name, oid]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])),
  );
}

function commitOf(repo: TestRepo, tree: string, ...parents: readonly string[]): string {
  const who = `Ada <ada@example.org> ${1_600_000_000 + (clock += 60)} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`];
  return store(repo, 'commit', Buffer.from(`${lines.join('\n')}\n\nx\n`));
}
let clock = 0;

/** Changes of the history of a commit, as both tell them. */
async function both(
  repo: TestRepo,
  tip: string,
  blobs: readonly string[],
): Promise<{
  readonly own: readonly string[];
  readonly git: readonly string[];
  readonly events: readonly NotScanned[];
}> {
  const { own, git, events, ctx, close } = await open(repo.path);
  const quiet = { ...ctx, notScanned: () => undefined };
  const graph = await own.graph([tip], [], ctx);
  const wanted = tableOf(own, blobs);
  const result = {
    own: await changeLines(own, graph, wanted, false, ctx),
    git: await changeLines(git, graph, wanted, false, quiet),
    events,
  };
  await close();
  return result;
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
  const { own, git, events } = await both(repo, tip, blobs);
  expect(own).toHaveLength(4);
  expect(own).toEqual(git);
  expect(events).toEqual([]);
});

it('reads trees as git does, sorted or not, with odd modes, and with a commit where a tree should be', async () => {
  const repo = makeRepo(dir.path);
  const blob = store(repo, 'blob', Buffer.from('a\n'));
  const other = store(repo, 'blob', Buffer.from('b\n'));
  const sub = store(repo, 'tree', treeOf(['100644', 'f', blob]));
  const inner = commitOf(repo, sub);
  const first = commitOf(
    repo,
    store(
      repo,
      'tree',
      treeOf(
        ['100664', 'a', blob],
        ['120000', 'b', blob],
        ['040000', 'c', sub],
        ['40000', 'commit', inner],
        ['160000', 'm', other],
      ),
    ),
  );
  const second = commitOf(
    repo,
    store(
      repo,
      'tree',
      treeOf(['40000', 'a', sub], ['100755', 'b', blob], ['100644', 'm', other], ['100644', 'z/y', blob]),
    ),
    first,
  );
  const { own, git, events } = await both(repo, second, [blob, other]);
  expect(own).toEqual(git);
  expect(own.filter((line) => line.startsWith('0'))).toHaveLength(4);
  expect(events).toEqual([]);
});

it('loses no blob of a tree that names one thing twice', async () => {
  const repo = makeRepo(dir.path);
  const blobs = ['a', 'b', 'c'].map((text) => store(repo, 'blob', Buffer.from(text)));
  const [a = '', b = '', c = ''] = blobs;
  const first = commitOf(repo, store(repo, 'tree', treeOf(['100644', 'f', a], ['100644', 'f', b])));
  const second = commitOf(
    repo,
    store(repo, 'tree', treeOf(['100644', 'f', a], ['100644', 'f', c], ['100644', 'f', b], ['100644', 'f', b])),
    first,
  );
  const { own, events } = await both(repo, second, blobs);
  for (const blob of blobs) expect(own.some((line) => line.includes(`${blob} "f"`))).toBe(true);
  expect(events).toEqual([]);
});

it('reports a tree that is missing, corrupt or malformed once, and goes on', async () => {
  const repo = makeRepo(dir.path);
  const blob = store(repo, 'blob', Buffer.from('a\n'));
  const broken = [
    store(repo, 'tree', Buffer.concat([treeOf(['100644', 'f', blob]), Buffer.from('100644 cut')])),
    store(repo, 'tree', treeOf(['100644', '', blob])),
    store(repo, 'tree', treeOf(['99999', 'x', blob])),
    'd'.repeat(40),
    blob,
    store(repo, 'tree', treeOf(['100644', 'gone', blob])),
  ];
  const file = join(repo.gitDir, 'objects', (broken.at(-1) ?? '').slice(0, 2), (broken.at(-1) ?? '').slice(2));
  chmodSync(file, 0o644);
  writeFileSync(file, 'garbage');
  let tip: string | undefined;
  for (const round of ['100644', '100755']) {
    for (const oid of broken)
      tip = commitOf(
        repo,
        store(repo, 'tree', treeOf(['40000', 'd', oid], [round, 'f', blob])),
        ...(tip === undefined ? [] : [tip]),
      );
    tip = commitOf(repo, 'e'.repeat(40), tip ?? '');
  }
  const { own, events } = await both(repo, tip ?? '', [blob]);
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
    const blob = store(repo, 'blob', Buffer.from('a\n'));
    let deep = store(repo, 'tree', treeOf(['100644', 'f', blob]));
    for (let level = 0; level < 4200; level += 1) deep = store(repo, 'tree', treeOf(['40000', 'd', deep]));
    const bombs = [blob, store(repo, 'blob', Buffer.from('not wanted'))].map((leaf) => {
      let bomb = store(repo, 'tree', treeOf(['100644', 'f', leaf]));
      for (let level = 0; level < 12; level += 1)
        bomb = store(repo, 'tree', treeOf(...[...'abcdefghij'].map((name) => ['40000', name, bomb] as const)));
      return bomb;
    });
    const plain = store(repo, 'tree', treeOf(['100644', 'f', blob]));
    const first = commitOf(repo, plain);
    const second = commitOf(repo, deep, first);
    const third = commitOf(repo, bombs[0] ?? '', second);
    const fourth = commitOf(repo, bombs[1] ?? '', third);
    const last = commitOf(repo, plain, fourth);
    const { own, ctx, events, close } = await open(repo.path);
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
  const { own, git, events } = await both(repo, commits[2] ?? '', blobs);
  expect(own).toHaveLength(3);
  expect(own).toEqual(git);
  const [, b = '', c = ''] = blobs;
  const shallow = await both(openRepo(clone), commits[2] ?? '', blobs);
  expect(shallow.own).toEqual([`0 0 - ${b} "f"`, `1 0 ${b} ${c} "f"`]);
  expect([...events, ...shallow.events]).toEqual([]);
});

it('reports a commit that cannot be read, and tells the rest', async () => {
  const repo = makeRepo(dir.path);
  const [first = '', second = '', third = ''] = ['one', 'two', 'three'].map((text) => repo.commitFiles({ f: text }));
  rmSync(join(repo.gitDir, 'objects', second.slice(0, 2), second.slice(2)));
  const { own, ctx, events, close } = await open(repo.path);
  expect(graphLines(await own.graph([third, first], [], ctx))).toEqual([first, third]);
  await close();
  expect(events).toMatchObject([{ state: 'failed', reason: 'corrupt', where: `git:${second}` }]);
});

it('ends when it is interrupted', async () => {
  const repo = makeRepo(dir.path);
  const tip = repo.commitFiles({ f: 'x' });
  const { own, ctx, close } = await open(repo.path);
  const aborted = { ...ctx, signal: AbortSignal.abort() };
  const graph = await own.graph([tip], [], ctx);
  await expect(own.changes(graph, tableOf(own, []), false, aborted)).rejects.toThrow();
  await close();
});
