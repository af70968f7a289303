import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MadeEntry, makeIndex, objectIdOf } from '../../../../../../test/support/made-pack.ts';
import { writePack } from '../../../../../../test/support/pack-files.ts';
import { makeTempDir } from '../../../../../../test/support/repo.ts';
import { entryHex, findEntry, openForest, packOf } from './forest.ts';
import { addIds, createIdSlots, findSlot, findSlots } from './id-slots.ts';
import { createOffsetLookup } from './offset-lookup.ts';
import { orderOf } from './offset-order.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('forest');
});
afterEach(() => dir.remove());

const offsets = fc.array(
  fc.oneof(fc.nat(100), fc.nat(1 << 30), fc.integer({ min: 2 ** 31, max: 2 ** 33 }), fc.maxSafeNat()),
  { maxLength: 200 },
);

it('sorts offsets up to 2^53, equal ones in the order in which they came', () => {
  fc.assert(
    fc.property(offsets, (list) => {
      const expected = list.map((_, at) => at).sort((a, b) => (list[a] ?? 0) - (list[b] ?? 0) || a - b);
      const sorted = new Float64Array(list.length);
      expect([...orderOf(Float64Array.from(list), sorted)]).toEqual(expected);
      expect([...sorted]).toEqual(expected.map((at) => list[at]));
    }),
  );
});

it('finds the entry at an offset, and none between', () => {
  fc.assert(
    fc.property(offsets, fc.nat(1000), (list, other) => {
      const sorted = Float64Array.from([...new Set(list)].sort((a, b) => a - b));
      const find = createOffsetLookup(sorted, (sorted.at(-1) ?? 0) + 20);
      for (const [at, offset] of sorted.entries()) expect(find(offset)).toBe(at);
      if (!sorted.includes(other)) expect(find(other)).toBe(-1);
    }),
  );
});

describe.each([20, 32])('ids of %d bytes', (width) => {
  /** Any id, or one of those that are alike but for their end. */
  const id = fc.oneof(
    fc.uint8Array({ minLength: width, maxLength: width }),
    fc.nat(300).map((last) => new Uint8Array(width).fill(last, width - 1)),
    fc.nat(300).map((last) => Uint8Array.from({ length: width }, (_, at) => (at === 1 ? last : 7))),
  );
  const lists = fc.array(
    fc
      .tuple(fc.array(id, { maxLength: 300 }), fc.boolean())
      .map(([ids, sorted]) => (sorted ? ids.sort((a, b) => Buffer.compare(a, b)) : ids)),
    { maxLength: 3 },
  );

  it('are found, and no others, also when they are alike or not in order', () => {
    fc.assert(
      fc.property(lists, id, (lists, other) => {
        const all = lists.flat();
        const raw = Buffer.concat(all);
        const words = new Int32Array(Uint8Array.from(raw).buffer);
        const table = createIdSlots(all.length, words, width / 4);
        const first = new Map<string, number>();
        const repeats: [number, number][] = [];
        const expected: [number, number][] = [];
        let start = 0;
        for (const ids of lists) {
          const numbers = Uint32Array.from(ids.keys(), (at) => start + at);
          const list = words.slice((start * width) / 4, ((start + ids.length) * width) / 4);
          addIds(table, { ids: list, numbers }, start, (entry, before) => repeats.push([entry, before]));
          for (const [at, bytes] of ids.entries()) {
            const key = Buffer.from(bytes).toString('hex');
            const before = first.get(key);
            if (before === undefined) first.set(key, start + at);
            else expected.push([start + at, before]);
          }
          start += ids.length;
        }
        expect(repeats).toEqual(expected);
        const together = new Int32Array(all.length + 1);
        findSlots(table, Buffer.concat([...all, other]), all.length + 1, together);
        expect([...together]).toEqual(
          [...all, other].map((bytes) => first.get(Buffer.from(bytes).toString('hex')) ?? -1),
        );
        const shifted = new Uint8Array(width + 3);
        for (const bytes of [...all, other]) {
          shifted.set(bytes, 3);
          expect(findSlot(table, shifted, 3)).toBe(first.get(Buffer.from(bytes).toString('hex')) ?? -1);
        }
      }),
    );
  });

  it('a hundred thousand that begin alike are found as fast as others', () => {
    const count = 100_000;
    const raw = new Uint8Array(count * width).fill(1);
    const view = new DataView(raw.buffer);
    for (let at = 0; at < count; at += 1) view.setUint32(at * width + 8, at);
    const words = new Int32Array(raw.buffer);
    const table = createIdSlots(count, words, width / 4);
    addIds(table, { ids: words, numbers: Uint32Array.from({ length: count }, (_, at) => at) }, 0, () => undefined);
    expect(findSlot(table, raw, 77_777 * width)).toBe(77_777);
    expect(table.longest).toBeLessThan(1000);
  });
});

const entries: readonly MadeEntry[] = [
  { type: 'commit', content: Buffer.from('tree x\n') },
  { type: 'tree', content: Buffer.from('') },
  { type: 'blob', content: Buffer.from('some text\n') },
  { type: 'tag', content: Buffer.from('object x\n') },
];

it('tells entries by number: types, sizes, ids, packs', async () => {
  writePack(dir.path, 'a', entries.slice(0, 2));
  writePack(dir.path, 'b', entries.slice(2));
  const forest = await openForest([dir.path], 'sha1');
  expect([...forest.type]).toEqual([1, 2, 3, 4]);
  expect([...forest.size]).toEqual(entries.map(({ content }) => content.length));
  expect([...forest.base]).toEqual([-1, -1, -1, -1]);
  expect([...forest.root]).toEqual([0, 1, 2, 3]);
  for (const [entry, { type, content }] of entries.entries()) {
    const id = objectIdOf(type, content);
    expect(entryHex(forest, entry)).toBe(id);
    expect(findEntry(forest, Buffer.from(id, 'hex'))).toBe(entry);
    expect(packOf(forest, entry)).toBe(entry < 2 ? 0 : 1);
  }
  expect(findEntry(forest, Buffer.alloc(20, 7))).toBe(-1);
});

it('an object directory without packs is an empty forest', async () => {
  const forest = await openForest([join(dir.path, 'nothing')], 'sha1');
  expect(forest.count).toBe(0);
  expect(findEntry(forest, Buffer.alloc(20))).toBe(-1);
  expect(forest.broken).toEqual([]);
});

describe('damage', () => {
  it.each([
    ['an index of nothing', 'pack-b.idx', ''],
    ['an index of garbage', 'pack-b.idx', 'garbage'.repeat(300)],
    [
      'an index of an unknown version',
      'pack-b.idx',
      Buffer.concat([Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 9]), Buffer.alloc(1200)]),
    ],
    ['a pack of nothing', 'pack-b.pack', ''],
    ['a pack of garbage', 'pack-b.pack', 'garbage'.repeat(300)],
  ])('%s is told, and other packs are read', async (_name, file, content) => {
    writePack(dir.path, 'a', entries.slice(0, 2));
    writePack(dir.path, 'b', entries.slice(2));
    writeFileSync(join(dir.path, 'pack', file), content);
    const forest = await openForest([dir.path], 'sha1');
    expect(forest.broken.map(({ name }) => name)).toEqual(['pack-b.idx']);
    expect(forest.count).toBe(2);
  });

  it('an index without its pack is told, a pack without an index is no business of ours', async () => {
    writePack(dir.path, 'a', entries);
    writePack(dir.path, 'b', entries);
    rmSync(join(dir.path, 'pack', 'pack-a.pack'));
    rmSync(join(dir.path, 'pack', 'pack-b.idx'));
    const forest = await openForest([dir.path], 'sha1');
    expect(forest.broken.map(({ name }) => name)).toEqual(['pack-a.idx']);
    expect(forest.count).toBe(0);
  });

  it.each(['pack-b.idx', 'pack-b.pack', 'multi-pack-index'])(
    'a pipe in place of %s keeps nobody waiting',
    async (name) => {
      writePack(dir.path, 'a', entries.slice(0, 2));
      writePack(dir.path, 'b', entries.slice(2));
      if (name === 'multi-pack-index') rmSync(join(dir.path, 'pack', 'pack-b.idx'));
      else rmSync(join(dir.path, 'pack', name));
      execFileSync('mkfifo', [join(dir.path, 'pack', name)]);
      const forest = await openForest([dir.path], 'sha1');
      expect(forest.broken).toEqual([
        { name: name === 'multi-pack-index' ? name : 'pack-b.idx', detail: 'this is not a plain file' },
      ]);
      expect(forest.count).toBe(2);
    },
  );

  it('entries behind the end of a pack that is cut off, and those before', async () => {
    const made = writePack(dir.path, 'a', entries);
    truncateSync(join(dir.path, 'pack', 'pack-a.pack'), (made.offsets[2] ?? 0) + 20);
    expect([...(await openForest([dir.path], 'sha1')).type]).toEqual([1, 2, 0, 0]);
  });

  it('an index that names offsets twice, outside the pack, or in the middle of entries', async () => {
    const made = writePack(dir.path, 'a', entries);
    const ids = [...made.ids, ...['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40))];
    const places = [...made.offsets, made.offsets[0] ?? 0, 3, 2 ** 40, (made.offsets[2] ?? 0) + 1];
    writeFileSync(join(dir.path, 'pack', 'pack-a.idx'), makeIndex(ids, places));
    const forest = await openForest([dir.path], 'sha1');
    expect(forest.count).toBe(8);
    const found = made.ids.slice(1).map((id) => forest.type[findEntry(forest, Buffer.from(id, 'hex'))]);
    expect(found).toEqual([2, 3, 4]);
    expect([...forest.type].filter((type) => type === 0).length).toBeGreaterThanOrEqual(3);
  });

  it('headers that make no sense have no type', async () => {
    const bad = { ...entries[2], type: 'blob', content: Buffer.from('bad'), id: 'e'.repeat(40) } as const;
    const made = writePack(dir.path, 'a', [bad, ...entries]);
    const pack = join(dir.path, 'pack', 'pack-a.pack');
    const sound = readFileSync(pack);
    for (const head of [
      [0x53],
      [0x03],
      [0xb0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x63, 0x7f],
      [0x63, 0],
    ]) {
      const bytes = Buffer.from(sound);
      Buffer.from(head).copy(bytes, made.offsets[0]);
      writeFileSync(pack, bytes);
      const forest = await openForest([dir.path], 'sha1');
      expect(forest.type[0]).toBe(0);
      expect(forest.type[4]).toBe(4);
    }
  });
});
