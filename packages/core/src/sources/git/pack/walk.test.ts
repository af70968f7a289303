import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MadeEntry, makeDelta, makeMultiPackIndex, objectIdOf } from '../../../../../../test/support/made-pack.ts';
import { walkAll, walkRoots, type Walked, writeLoose, writePack } from '../../../../../../test/support/pack-files.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../../test/support/repo.ts';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { openForest } from './forest.ts';
import { openOtherCopies } from './other-copies.ts';
import { DEFAULT_WALK_LIMITS } from './walk.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('walk');
});
afterEach(() => dir.remove());

/** Versions of a file, each with a line changed, and some small ones. */
function fill(repo: TestRepo, versions: number, seed = ''): void {
  let body = Array.from(
    { length: 200 },
    (_, line) => `${line} ${createHash('md5').update(`${seed}${line}`).digest('hex')}`,
  );
  for (let version = 0; version < versions; version += 1) {
    body = [...body.slice(0, version), `changed in ${version}`, ...body.slice(version + 1)];
    repo.commitFiles({ f: body.join('\n'), [`dir/g${version % 3}`]: `${seed}${version}`, empty: '' });
  }
  repo.git('tag', '-a', `v${seed}`, '-m', `tag ${seed}`);
}

function objectsOf(repo: TestRepo): string {
  return join(repo.gitDir, 'objects');
}

/** Ids of what the repository's packs hold. */
function packedIds(repo: TestRepo): readonly string[] {
  const packs = join(objectsOf(repo), 'pack');
  return readdirSync(packs)
    .filter((name) => name.endsWith('.idx'))
    .flatMap((name) =>
      repo
        .gitWith({ input: readFileSync(join(packs, name)) }, 'show-index')
        .toString()
        .split('\n'),
    )
    .filter((line) => line !== '')
    .map((line) => line.split(' ')[1] ?? '');
}

type Objects = ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>;

/** What git says of objects. */
function readByGit(repo: TestRepo, ids: readonly string[]): Objects {
  const output = repo.gitWith({ input: ids.map((id) => `${id}\n`).join('') }, 'cat-file', '--batch');
  const objects = new Map<string, { type: string; bytes: Buffer }>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf('\n', at);
    const [oid = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ');
    objects.set(oid, { type, bytes: output.subarray(end + 1, end + 1 + Number(size)) });
    at = end + 1 + Number(size) + 1;
  }
  return objects;
}

/** Everything that was walked is what git says, and nothing is left out. */
function expectSame(walked: Walked, objects: Objects): void {
  expect(walked.failed).toEqual(new Map());
  expect([...walked.objects.keys()].sort()).toEqual([...objects.keys()].sort());
  for (const [oid, { type, bytes }] of walked.objects) {
    expect(objects.get(oid)?.type).toBe(type);
    expect(objects.get(oid)?.bytes.equals(bytes)).toBe(true);
  }
}

describe('reads what git reads', () => {
  it('chains of deltas, several packs', async () => {
    const repo = makeRepo(dir.path);
    fill(repo, 30, 'a');
    repo.git('repack', '-adfq', '--depth=50', '--window=100');
    const one = await walkAll([objectsOf(repo)]);
    expectSame(one, readByGit(repo, packedIds(repo)));
    expect(one.deepest).toBeGreaterThan(10);
    expect(one.copied).toBeGreaterThan(50_000);
    fill(repo, 3, 'b');
    repo.git('repack', '-dq');
    fill(repo, 3, 'c');
    repo.git('repack', '-dq');
    writeFileSync(join(objectsOf(repo), 'pack', 'pack-any.keep'), '');
    const three = await walkAll([objectsOf(repo)]);
    expect(three.forest.packs).toHaveLength(3);
    expectSame(three, readByGit(repo, packedIds(repo)));
  });

  it.each([
    ['REF_DELTA', ['-c', 'repack.useDeltaBaseOffset=false'], {}],
    ['index version 1', ['-c', 'pack.indexVersion=1'], {}],
    ['SHA-256', [], { sha256: true }],
    ['SHA-256 with REF_DELTA', ['-c', 'repack.useDeltaBaseOffset=false'], { sha256: true }],
  ] as const)('%s', async (_name, settings, options) => {
    const repo = makeRepo(dir.path, options);
    fill(repo, 12);
    repo.git(...settings, 'repack', '-adfq');
    const walked = await walkAll([objectsOf(repo)], 'sha256' in options ? 'sha256' : 'sha1');
    expectSame(walked, readByGit(repo, packedIds(repo)));
    expect(walked.copied).toBeGreaterThan(0);
  });

  it('packs of an alternate, and the same objects in both', async () => {
    const repo = makeRepo(dir.path);
    fill(repo, 8);
    repo.git('repack', '-adfq');
    const clone = join(dir.path, 'clone.git');
    repo.git('clone', '-q', '--bare', repo.path, clone);
    repo.git('--git-dir', clone, 'repack', '-adfq', '--depth=3');
    const walked = await walkAll([join(clone, 'objects'), objectsOf(repo)]);
    expectSame(walked, readByGit(repo, packedIds(repo)));
    expect(walked.order).toHaveLength(packedIds(repo).length * 2);
    expect(walked.forest.repeated.filter((repeated) => repeated === 1)).toHaveLength(packedIds(repo).length);
  });

  it('packs whose index is gone and that a multi-pack index covers', async () => {
    const repo = makeRepo(dir.path);
    fill(repo, 8, 'a');
    repo.git('repack', '-dq');
    fill(repo, 4, 'b');
    repo.git('repack', '-dq');
    const objects = readByGit(repo, packedIds(repo));
    repo.git('multi-pack-index', 'write');
    const packs = join(objectsOf(repo), 'pack');
    expectSame(await walkAll([objectsOf(repo)]), objects);
    for (const name of readdirSync(packs).filter((each) => each.endsWith('.idx'))) {
      chmodSync(join(packs, name), 0o600);
      rmSync(join(packs, name));
    }
    expectSame(await walkAll([objectsOf(repo)]), objects);
  });

  it('an index with 64-bit offsets', async () => {
    const repo = makeRepo(dir.path);
    fill(repo, 4);
    repo.git('repack', '-adq');
    const objects = readByGit(repo, packedIds(repo));
    const packs = join(objectsOf(repo), 'pack');
    const pack = readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '';
    const index = join(packs, pack.replace('.pack', '.idx'));
    chmodSync(index, 0o600);
    rmSync(index);
    repo.git('index-pack', '--index-version=2,0x0', '-o', index, join(packs, pack));
    expectSame(await walkAll([objectsOf(repo)]), objects);
  });
});

const encoder = new TextEncoder();

function blob(text: string): MadeEntry {
  return { type: 'blob', content: encoder.encode(text) };
}

/** A delta that keeps the first `kept` bytes of its base and adds a text. */
function derived(from: MadeEntry, base: number | string, kept: number, added: string): MadeEntry {
  const { code, result } = makeDelta(from.content, [{ copy: [0, kept] }, { insert: encoder.encode(added) }]);
  return { type: from.type, content: result, delta: { base, code } };
}

function idOf({ type, content }: MadeEntry): string {
  return objectIdOf(type, content);
}

function expectContents(walked: Walked, entries: readonly MadeEntry[]): void {
  expect(walked.failed).toEqual(new Map());
  expect(Object.fromEntries([...walked.objects].map(([id, { bytes }]) => [id, bytes.toString()]))).toEqual(
    Object.fromEntries(entries.map((entry) => [idOf(entry), Buffer.from(entry.content).toString()])),
  );
}

describe('shapes that git seldom makes', () => {
  const base = blob('the base of everything\n');
  const first = derived(base, idOf(base), 9, 'first');
  const second = derived(first, idOf(first), 12, ' and second');

  it('offsets beyond 2 and 4 GiB, and a base that lies as far back', async () => {
    const near = derived(base, 0, 4, 'near');
    const far = derived(near, 1, 4, 'far');
    const entries = [base, { ...near, at: 2 ** 31 + 5 }, { ...far, at: 2 ** 32 + 2 ** 31 + 7 }];
    writePack(dir.path, 'far', entries);
    expectContents(await walkAll([dir.path]), entries);
    // A multi-pack index says the same.
    rmSync(join(dir.path, 'pack', 'pack-far.idx'));
    const made = writePack(dir.path, 'far', entries, { index: false });
    const rows = made.ids.map((id, at) => ({ id, pack: 0, offset: made.offsets[at] ?? 0 }));
    writeFileSync(join(dir.path, 'pack', 'multi-pack-index'), makeMultiPackIndex(['pack-far.idx'], rows));
    expectContents(await walkAll([dir.path]), entries);
  });

  it('a base later in the file', async () => {
    writePack(dir.path, 'a', [second, first, base]);
    expectContents(await walkAll([dir.path]), [base, first, second]);
  });

  it('a base in another pack, before and after, and in an alternate', async () => {
    const other = join(dir.path, 'other');
    writePack(dir.path, 'b', [first]);
    writePack(dir.path, 'a', [second]);
    writePack(other, 'c', [base]);
    const walked = await walkAll([dir.path, other]);
    expectContents(walked, [base, first, second]);
    expect(walked.deepest).toBe(2);
  });

  it('a base that is loose, and one that is nowhere', async () => {
    const lost = blob('lost\n');
    writePack(dir.path, 'a', [second, first, derived(lost, idOf(lost), 3, 'below')]);
    writeLoose(dir.path, idOf(base), 'blob', base.content);
    const forest = await openForest([dir.path], 'sha1');
    const copies = openOtherCopies(forest, [dir.path]);
    const roots = Int32Array.from(forest.root.filter((root, entry) => root === entry));
    const walked = walkRoots(forest, roots, { outside: (entry) => copies.outside(entry, 1e6) });
    copies.close();
    expectContents(walked, [first, second]);
    expect([...forest.type].filter((type) => type === 0)).toHaveLength(1);
  });

  it('chains of 4,095 and of 10,000 deltas', async () => {
    for (const length of [4095, 10_000]) {
      const entries = [blob(`${'x'.repeat(20)}0`)];
      for (let version = 1; version <= length; version += 1) {
        const before = entries[version - 1];
        if (before !== undefined) entries.push(derived(before, version - 1, 20, String(version)));
      }
      writePack(dir.path, 'deep', entries);
      const walked = await walkAll([dir.path]);
      expect(walked.deepest).toBe(length);
      expectContents(walked, entries);
    }
  });

  it('deltas in a circle are told, and what does not hang on them is read', async () => {
    const names = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40));
    const [a = '', b = '', c = '', d = ''] = names;
    const { code } = makeDelta(base.content, [{ copy: [0, 5] }]);
    const turn = (id: string, from: string): MadeEntry => ({ ...base, id, delta: { base: from, code } });
    writePack(dir.path, 'a', [turn(a, b), turn(b, a), turn(c, c), turn(d, a), base]);
    const walked = await walkAll([dir.path]);
    expectContents(walked, [base]);
    expect([...walked.forest.type].sort()).toEqual([0, 0, 0, 0, 3]);
  });

  it('copies that would run in a circle through each other, but for a third one', async () => {
    const other = blob('another text, of which the first is made\n');
    const one = derived(other, idOf(other), 7, ' one');
    const { code, result } = makeDelta(one.content, [{ insert: Buffer.from(other.content) }]);
    expect(result.equals(Buffer.from(other.content))).toBe(true);
    const back: MadeEntry = { ...other, delta: { base: idOf(one), code } };
    writePack(dir.path, 'a', [one]);
    writePack(dir.path, 'b', [back]);
    writePack(dir.path, 'c', [other]);
    expectContents(await walkAll([dir.path]), [one, other]);
  });

  it('children of both copies of an object', async () => {
    const left = derived(base, 0, 3, 'left');
    const right = derived(base, 0, 4, 'right');
    writePack(dir.path, 'a', [base, left]);
    writePack(dir.path, 'b', [base, right]);
    const walked = await walkAll([dir.path]);
    expectContents(walked, [base, left, right]);
    expect(walked.order).toHaveLength(4);
  });

  it('an entry whose stream is longer than deflate makes it', async () => {
    // 3,000 empty stored blocks before the data.
    const data = deflateSync(base.content);
    const empty = Buffer.concat(Array.from({ length: 3000 }, () => Buffer.from([0, 0, 0, 0xff, 0xff])));
    const long = { ...base, stream: Buffer.concat([data.subarray(0, 2), empty, data.subarray(2)]) };
    writePack(dir.path, 'a', [long, first]);
    expectContents(await walkAll([dir.path]), [base, first]);
  });
});

describe('order and choice', () => {
  /** A random tree: each entry derives from one before it. */
  const trees = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }).map((picks) => {
    const entries = [blob(`root ${'of the tree '.repeat(4)}\n`)];
    for (const [at, pick] of picks.entries()) {
      const from = pick % entries.length;
      const parent = entries[from];
      if (parent !== undefined) entries.push(derived(parent, from, 20, ` ${at}.${'y'.repeat(pick)}`.slice(0, 120)));
    }
    return entries;
  });

  it('bases come before what derives from them, whatever is held or dropped', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.constantFrom(0, 200, 1 << 20), async (entries, heldBytes) => {
        writePack(dir.path, 'a', entries);
        const walked = await walkAll([dir.path], 'sha1', { limits: { ...DEFAULT_WALK_LIMITS, heldBytes } });
        expectContents(walked, entries);
        const { forest, order } = walked;
        expect(order).toHaveLength(new Set(order).size === entries.length ? entries.length : order.length);
        const place = new Map(order.map((id, at) => [id, at]));
        for (const entry of entries) {
          const from = typeof entry.delta?.base === 'number' ? entries[entry.delta.base] : undefined;
          if (from !== undefined) expect(place.get(idOf(from))).toBeLessThan(place.get(idOf(entry)) ?? -1);
        }
        expect(forest.count).toBe(entries.length);
      }),
      { numRuns: 60 },
    );
  });

  it('visits what is wanted, and builds no more than that needs', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.array(fc.nat(1000), { maxLength: 5 }), async (entries, picks) => {
        const chosen = new Set(picks.map((pick) => pick % entries.length));
        const needed = new Set<number>();
        for (const pick of chosen)
          for (let at: number | string | undefined = pick; typeof at === 'number'; at = entries[at]?.delta?.base)
            needed.add(at);
        // What nobody needs cannot be read at all.
        const broken = entries.map((entry, at) =>
          needed.has(at) ? entry : { ...entry, stream: Buffer.alloc(20, 0xff) },
        );
        writePack(dir.path, 'a', broken);
        const forest = await openForest([dir.path], 'sha1');
        const wanted = Uint8Array.from(entries.keys(), (at) => (chosen.has(at) ? 1 : 0));
        const walked = walkRoots(forest, Int32Array.of(0), { wanted });
        expectContents(
          walked,
          entries.filter((_, at) => chosen.has(at)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('gives back all memory', async () => {
    const [entries = []] = fc.sample(trees, { numRuns: 1, seed: 1 });
    writePack(dir.path, 'a', [...entries, { ...blob('broken\n'), stream: Buffer.alloc(9) }]);
    await walkAll([dir.path]);
    const before = linearMemory().bytes.length;
    for (let round = 0; round < 20; round += 1) await walkAll([dir.path]);
    expect(linearMemory().bytes.length).toBe(before);
  });
});

describe('damage and limits', () => {
  const base = blob('the base of everything, which is long enough to be damaged in the middle\n');
  const child = derived(base, 0, 9, 'child');
  const grandchild = derived(child, 1, 9, 'grandchild');
  const bystander = blob('a bystander\n');
  const broken = Buffer.from(deflateSync(base.content)).fill(0xff, 8, 20);

  it('what cannot be inflated takes what derives from it along, and nothing else', async () => {
    writePack(dir.path, 'a', [{ ...base, stream: broken }, child, grandchild, bystander]);
    const walked = await walkAll([dir.path]);
    expect([...walked.failed]).toEqual([base, child, grandchild].map((entry) => [idOf(entry), 'corrupt']));
    expect([...walked.objects.keys()]).toEqual([idOf(bystander)]);
  });

  it.each(['packed', 'loose'])('is read from another copy that is %s', async (kind) => {
    writePack(dir.path, 'a', [{ ...base, stream: broken }, child, grandchild]);
    if (kind === 'packed') writePack(dir.path, 'b', [bystander, base]);
    else writeLoose(dir.path, idOf(base), 'blob', base.content);
    const forest = await openForest([dir.path], 'sha1');
    const copies = openOtherCopies(forest, [dir.path]);
    const walked = walkRoots(forest, Int32Array.of(0), { instead: (entry) => copies.of(entry, 1e6) });
    copies.close();
    expectContents(walked, [base, child, grandchild]);
  });

  it.each([
    ['a wrong base size', [10, 5, 0x90, 5]],
    ['a wrong result size', [77, 9, 0x90, 5]],
    ['a copy outside its base', [77, 5, 0x91, 75, 5]],
    ['an insert that is cut off', [77, 5, 5, 1, 2]],
    ['the reserved instruction', [77, 3, 0]],
    ['no sizes', [77]],
    ['a size that has no end', [77, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['nothing', []],
  ])('a delta with %s is corrupt', async (_name, code) => {
    expect(base.content).toHaveLength(73);
    const bytes = Uint8Array.from(code, (byte, at) => (at === 0 && byte === 77 ? 73 : byte));
    const bad: MadeEntry = { type: 'blob', content: encoder.encode('bad'), delta: { base: 0, code: bytes } };
    writePack(dir.path, 'a', [base, bad, derived(bad, 1, 1, 'below'), child]);
    const walked = await walkAll([dir.path]);
    expect([...walked.failed.keys()].sort()).toEqual([idOf(bad), idOf(derived(bad, 1, 1, 'below'))].sort());
    expect([...walked.failed.values()]).toEqual(['corrupt', 'corrupt']);
    expect(walked.objects.size).toBe(2);
  });

  it.each([
    ['more', 100],
    ['less', 10],
    ['10 GB', 10e9],
  ])('an entry that claims %s than it has is not read', async (_name, claims) => {
    writePack(dir.path, 'a', [{ ...base, claims }, bystander]);
    const before = linearMemory().bytes.length;
    const walked = await walkAll([dir.path]);
    expect([...walked.failed]).toEqual([[idOf(base), claims === 10e9 ? 'too-large' : 'corrupt']]);
    expect(walked.objects.size).toBe(1);
    expect(linearMemory().bytes.length - before).toBeLessThan(1 << 26);
  });

  it('texts above the limit are not visited, but what derives from them is', async () => {
    const large = blob('x'.repeat(5000));
    const small = derived(large, 0, 20, 'small');
    writePack(dir.path, 'a', [large, small]);
    const limits = { ...DEFAULT_WALK_LIMITS, textBytes: 1000 };
    const walked = await walkAll([dir.path], 'sha1', { limits });
    expect([...walked.failed]).toEqual([[idOf(large), 'too-large']]);
    expect([...walked.objects.keys()]).toEqual([idOf(small)]);
    const strict = await walkAll([dir.path], 'sha1', { limits: { ...limits, baseBytes: 2000 } });
    expect([...strict.failed]).toEqual([
      [idOf(large), 'too-large'],
      [idOf(small), 'limit'],
    ]);
  });

  it('stops at its limit of work, and says of everything that it did not read', async () => {
    // Each delta doubles its base: 20 of them make 10 MB of 10 bytes.
    const entries = [blob('0123456789')];
    for (let at = 1; at <= 20; at += 1) {
      const from = entries[at - 1]?.content ?? new Uint8Array(0);
      const twice = { copy: [0, from.length] } as const;
      const { code, result } = makeDelta(from, [twice, twice]);
      entries.push({ type: 'blob', content: result, delta: { base: at - 1, code } });
    }
    writePack(dir.path, 'a', entries);
    const limits = { ...DEFAULT_WALK_LIMITS, workBytes: 100_000 };
    const walked = await walkAll([dir.path], 'sha1', { limits });
    expect(walked.objects.size + walked.failed.size).toBe(entries.length);
    expect(walked.objects.size).toBeGreaterThan(8);
    expect(new Set(walked.failed.values())).toEqual(new Set(['limit']));
  });
});
