import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MadeEntry, makeDelta, objectIdOf } from '../../../../../test/support/made-pack.ts';
import { writeLoose, writePack } from '../../../../../test/support/pack-files.ts';
import { makeRepo, makeTempDir } from '../../../../../test/support/repo.ts';
import type { NotScanned, TextSink } from '../../types/index.ts';
import { linearMemory } from '../../bytes/linear-memory.ts';
import { type DeltaPlan, planDeltas, type PlanOptions } from './delta-plan.ts';
import { createOidTable, fromHex } from './oid.ts';
import { readDeltas } from './pack-delta-reader.ts';
import { openForest } from './pack/forest.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('reader');
});
afterEach(() => dir.remove());

interface Pushed {
  readonly id: string;
  readonly text: string;
  readonly derived: boolean;
  readonly keep: number | undefined;
  readonly copies: readonly number[];
}

interface Read {
  readonly plan: DeltaPlan;
  readonly pushed: readonly Pushed[];
  readonly events: readonly NotScanned[];
}

async function read(options: Partial<PlanOptions> = {}, objectDirs: readonly string[] = [dir.path]): Promise<Read> {
  const forest = await openForest(objectDirs, 'sha1');
  const plan = planDeltas(forest, objectDirs, {
    maxTextBytes: 1e6,
    allowMissing: false,
    verifyObjects: false,
    where: 'history',
    ...options,
  });
  const pushed: Pushed[] = [];
  const events: NotScanned[] = [];
  for (const job of plan.jobs) {
    const slots: string[] = [];
    const sink: TextSink = {
      text({ id, bytes, inherit, keep }) {
        const text = Buffer.from(bytes).toString('latin1');
        if (inherit !== undefined) expectRuns(slots[inherit.base] ?? '', text, inherit.copies);
        if (keep !== undefined) slots[keep] = text;
        pushed.push({ id, text, derived: inherit !== undefined, keep, copies: [...(inherit?.copies ?? [])] });
      },
      notScanned: (event) => events.push(event),
      progress: () => undefined,
    };
    await readDeltas(job, sink, { signal: new AbortController().signal });
  }
  return { plan, pushed, events };
}

function expectRuns(base: string, text: string, copies: Int32Array): void {
  for (let at = 0; at < copies.length; at += 3) {
    const [from = 0, to = 0, length = 0] = copies.subarray(at, at + 3);
    expect(text.slice(to, to + length)).toBe(base.slice(from, from + length));
  }
}

function blob(text: string): MadeEntry {
  return { type: 'blob', content: Buffer.from(text, 'latin1') };
}

function derived(from: MadeEntry, base: number | string, kept: number, added: string): MadeEntry {
  const { code, result } = makeDelta(from.content, [{ copy: [0, kept] }, { insert: Buffer.from(added, 'latin1') }]);
  return { type: from.type, content: result, delta: { base, code } };
}

function idOf({ type, content }: MadeEntry): string {
  return objectIdOf(type, content);
}

const base = blob('the base of everything\n');
const first = derived(base, 0, 12, 'first\n');
const second = derived(first, 1, 8, 'cond\n');

it('says how each text derives from the one that was kept for it', async () => {
  writePack(dir.path, 'a', [base, first, second, derived(base, 0, 5, 'other\n')]);
  const { pushed, plan, events } = await read();
  expect(pushed.map(({ text, derived, keep }) => ({ text, derived, keep }))).toEqual([
    { text: 'the base of everything\n', derived: false, keep: 0 },
    { text: 'the bother\n', derived: true, keep: undefined },
    { text: 'the base of first\n', derived: true, keep: 1 },
    { text: 'the basecond\n', derived: true, keep: undefined },
  ]);
  expect(plan).toMatchObject({ blobs: 4, commits: 0, tags: 0, trees: 0, unreadable: [] });
  expect(plan.jobs.map(({ objects }) => objects)).toEqual([4]);
  expect(events).toEqual([]);
});

it('says which bytes a text has from its base where there are many in a row', async () => {
  const whole = blob('one line of ten lines that are alike\n'.repeat(10));
  writePack(dir.path, 'a', [whole, derived(whole, 0, 200, 'end\n'), derived(whole, 0, 20, 'end\n')]);
  const { pushed } = await read();
  const told = pushed.map(({ text, derived, copies }) => ({ size: text.length, derived, copies }));
  expect(told.toSorted((a, b) => b.size - a.size)).toEqual([
    { size: 370, derived: false, copies: [] },
    { size: 204, derived: true, copies: [0, 0, 200] },
    { size: 24, derived: true, copies: [] },
  ]);
});

it('what derives from a text that was not pushed derives from nothing', async () => {
  const binary = blob(`\x89PNG\r\n\x1a\n${'some text behind it\n'.repeat(3)}`);
  const pointer = blob(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`);
  const large = blob('x'.repeat(900));
  const cut = makeDelta(binary.content, [{ copy: [10, 20] }]);
  const fromBinary: MadeEntry = { type: 'blob', content: cut.result, delta: { base: 0, code: cut.code } };
  writePack(dir.path, 'a', [
    binary,
    fromBinary,
    derived(fromBinary, 1, 5, ' and more\n'),
    pointer,
    derived(pointer, 3, 20, 'no pointer\n'),
    large,
    derived(large, 5, 20, 'small\n'),
  ]);
  const { pushed, events } = await read({ maxTextBytes: 500 });
  expect(pushed.filter((text) => text.derived).map(({ text }) => text.slice(-10))).toEqual([' and more\n']);
  expect(pushed).toHaveLength(4);
  expect(events).toEqual([
    { state: 'excluded', reason: 'too-large', where: `git:${idOf(large)}`, detail: '900 bytes' },
    { state: 'excluded', reason: 'binary', where: 'history', count: 1 },
    { state: 'excluded', reason: 'lfs-pointer', where: 'history', count: 1 },
  ]);
});

it('each object is pushed once over packs, alternates and loose objects, and a sound copy is found', async () => {
  const other = join(dir.path, 'other');
  const noise = Buffer.alloc(20, 0xff);
  writePack(dir.path, 'a', [{ ...base, stream: noise }, first, { ...blob('only loose is sound\n'), stream: noise }]);
  writePack(other, 'b', [blob('another\n'), base, derived(base, 1, 3, 'n\n')]);
  writeLoose(dir.path, idOf(first), 'blob', first.content);
  writeLoose(other, idOf(blob('only loose is sound\n')), 'blob', Buffer.from('only loose is sound\n'));
  writeLoose(other, idOf(blob('loose\n')), 'blob', Buffer.from('loose\n'));
  writeLoose(dir.path, idOf(blob('loose\n')), 'blob', Buffer.from('loose\n'));
  const { pushed, events, plan } = await read({}, [dir.path, other]);
  expect(pushed.map(({ text }) => text).sort()).toEqual(
    [
      'the base of everything\n',
      'the base of first\n',
      'only loose is sound\n',
      'another\n',
      'then\n',
      'loose\n',
    ].sort(),
  );
  expect(events).toEqual([]);
  expect(plan.blobs).toBe(6);
});

it('a pipe in place of a loose object keeps nobody waiting', async () => {
  const oid = idOf(base);
  mkdirSync(join(dir.path, oid.slice(0, 2)));
  execFileSync('mkfifo', [join(dir.path, oid.slice(0, 2), oid.slice(2))]);
  writeLoose(dir.path, idOf(first), 'blob', first.content);
  const { pushed, plan } = await read();
  expect(pushed.map(({ id }) => id)).toEqual([`git:${idOf(first)}`]);
  expect(plan.unreadable).toEqual([oid]);
});

it('loose bases of packed deltas, and entries whose base is lost', async () => {
  const lost = blob('lost\n');
  const below = derived(lost, idOf(lost), 3, 'below\n');
  writePack(dir.path, 'a', [{ ...first, delta: { base: idOf(base), code: first.delta!.code } }, below]);
  writeLoose(dir.path, idOf(base), 'blob', base.content);
  const { pushed, plan } = await read();
  expect(pushed.map(({ text, derived }) => ({ text, derived }))).toEqual([
    { text: 'the base of everything\n', derived: false },
    { text: 'the base of first\n', derived: false },
  ]);
  expect(plan.unreadable).toEqual([idOf(below)]);
});

it('messages are those of commits and tags; trees are not pushed', async () => {
  const repo = makeRepo(dir.path);
  repo.commitFiles({ f: 'x\n' }, { message: 'the message\n' });
  repo.git('tag', '-a', 'v1', '-m', 'the tag');
  repo.git('repack', '-adq');
  const { pushed, plan } = await read({}, [join(repo.gitDir, 'objects')]);
  expect(pushed.map(({ text }) => text).sort()).toEqual(['the message\n', 'the tag\n', 'x\n']);
  expect(plan).toMatchObject({ blobs: 1, commits: 1, tags: 1, trees: 1 });
});

it('what is chosen or already known decides what is pushed, and bases are read for it', async () => {
  writePack(dir.path, 'a', [base, first, second]);
  writeLoose(dir.path, idOf(blob('loose\n')), 'blob', Buffer.from('loose\n'));
  const only = createOidTable('sha1');
  only.add(fromHex(idOf(second)));
  const chosen = await read({ only });
  expect(chosen.pushed).toMatchObject([{ id: `git:${idOf(second)}`, derived: false }]);
  expect(chosen.plan.blobs).toBe(1);
  const known = createOidTable('sha1');
  for (const entry of [base, second, blob('loose\n')]) known.add(fromHex(idOf(entry)));
  const fresh = await read({ isKnown: (id, at) => known.find(id, at) >= 0 });
  expect(fresh.pushed).toMatchObject([{ id: `git:${idOf(first)}`, derived: false }]);
  expect(fresh.plan.blobs).toBe(4);
  const none = await read({ isKnown: () => true });
  expect(none.plan.jobs).toEqual([]);
});

it('compares a sample of the objects with their ids, or all', async () => {
  const wrong = (id: string): MadeEntry => ({ ...blob('not what the id says\n'), id });
  const sampled = `40${'1'.repeat(38)}`;
  const other = `41${'1'.repeat(38)}`;
  const treeId = '2'.repeat(40);
  const tree: MadeEntry = { ...wrong(treeId), type: 'tree' };
  writePack(dir.path, 'a', [wrong(sampled), wrong(other), tree, base]);
  const some = await read();
  expect(some.events).toEqual([{ state: 'failed', reason: 'corrupt', where: `git:${sampled}` }]);
  expect(some.pushed.map(({ id }) => id)).toEqual([`git:${other}`, `git:${idOf(base)}`]);
  const all = await read({ verifyObjects: true });
  expect(all.events.map(({ where }) => where).sort()).toEqual([sampled, treeId, other].map((id) => `git:${id}`).sort());
  expect(all.pushed.map(({ id }) => id)).toEqual([`git:${idOf(base)}`]);
});

it('jobs are shares of trees that depend on the repository alone', async () => {
  const large = (seed: number): MadeEntry => blob(`line of ${seed}\n`.repeat(40_000));
  const roots = Array.from({ length: 60 }, (_, seed) => large(seed));
  const entries = roots.flatMap((root, at) => [root, derived(root, at * 2, 60_000, 'x')]);
  writePack(dir.path, 'a', entries);
  const { plan, pushed } = await read();
  expect(plan.jobs.length).toBeGreaterThan(1);
  expect(plan.jobs.flatMap(({ roots }) => [...roots]).sort((a, b) => a - b)).toEqual(roots.map((_, at) => at * 2));
  expect(plan.jobs.map(({ weight }) => weight)).toEqual(plan.jobs.map(({ weight }) => weight).sort((a, b) => b - a));
  expect(plan.jobs.reduce((sum, { objects }) => sum + objects, 0)).toBe(120);
  expect(new Set(pushed.map(({ id }) => id)).size).toBe(120);
});

it('counts the bytes of a text also when memory grows while it is scanned', async () => {
  const repo = makeRepo(dir.path);
  repo.commitFiles({ a: 'a line of a file\n'.repeat(9), b: 'b' });
  repo.git('repack', '-adq');
  const forest = await openForest([join(repo.gitDir, 'objects')], 'sha1');
  const { jobs } = planDeltas(forest, [join(repo.gitDir, 'objects')], {
    maxTextBytes: 1e6,
    allowMissing: false,
    verifyObjects: false,
    where: 'history',
  });
  const memory = linearMemory();
  let counted = 0;
  const sink: TextSink = {
    text: () => void memory.allocate(memory.bytes.length),
    notScanned: () => undefined,
    progress: (_objects, bytes) => {
      counted += bytes;
    },
  };
  for (const job of jobs) await readDeltas(job, sink, { signal: new AbortController().signal });
  const sizes = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectsize)').split('\n');
  const texts = sizes.filter((line) => !line.startsWith('tree')).map((line) => Number(line.split(' ')[1]));
  expect(counted).toBe(texts.reduce((sum, size) => sum + size, 0));
});
