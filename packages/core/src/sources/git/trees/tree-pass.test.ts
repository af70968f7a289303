import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOidTable, fromHex } from '../oid.ts';
import { createEntryTable } from './entry-table.ts';
import { createNameTable } from './name-table.ts';
import { createTreePass, type TreePass } from './tree-pass.ts';
import { createTreeStore, type TreeStore } from './tree-store.ts';
import { createWantedBlobs } from './wanted-blobs.ts';

const IDS = Array.from({ length: 12 }, (_, at) => createHash('sha1').update(`${at}`).digest('hex'));
/** The first four are wanted. */
const WANTED = 4;
const MODES = ['100644', '100755', '120000', '40000', '040000', '160000', '0', '100664', '140000', '40755'];
const NAMES = ['a', 'b', 'lib', 'a b', 'é', 'lib0', 'x'.repeat(300), '100644 f'];

interface Setting {
  readonly store: TreeStore;
  readonly pass: TreePass;
  /** What a tree holds, one line for each entry that matters. */
  readonly entries: (tree: number) => readonly string[];
}

function setting(): Setting {
  const table = createOidTable('sha1');
  for (const id of IDS.slice(0, WANTED)) table.add(fromHex(id));
  const trees = createOidTable('sha1');
  const names = createNameTable();
  const entries = createEntryTable(WANTED, 3);
  const store = createTreeStore(8);
  const pass = createTreePass({
    width: 20,
    store,
    names,
    entries,
    wanted: createWantedBlobs(table),
    findTrees(ids, count, numbers) {
      for (let at = 0; at < count; at += 1) numbers[at] = trees.add(new Uint8Array(ids.buffer), at * 20);
    },
  });
  return {
    store,
    pass,
    entries(tree) {
      store.seal(entries.size);
      const found = store.compare(-1, tree);
      return Array.from({ length: found.count }, (_, at) => {
        const entry = found.entries[at] ?? 0;
        const child = entries.child(entry);
        return `${child < 0 ? `blob ${table.hex(~child)}` : `tree ${trees.hex(child)}`} ${names.text(entries.name(entry))}`;
      }).sort();
    },
  };
}

/** As git reads trees: `<octal mode> <name>\0<id>`, up to the first entry that is none. */
function oracle(bytes: Buffer): { readonly entries: readonly string[]; readonly isSound: boolean } {
  const entries = new Set<string>();
  let at = 0;
  for (; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const end = bytes.indexOf(0, space + 1);
    if (space <= at || end <= space + 1 || end + 21 > bytes.length) break;
    const digits = bytes.toString('latin1', at, space);
    if (![...digits].every((digit) => digit >= '0' && digit <= '7')) break;
    const mode = Number(BigInt(`0o${digits}`) & 0xffffn);
    const id = bytes.toString('hex', end + 1, end + 21);
    const name = bytes.toString('latin1', space + 1, end);
    const kind = mode & 0o170000;
    if (kind === 0o040000) entries.add(`tree ${id} ${name}`);
    else if ((kind === 0o100000 || kind === 0o120000) && IDS.indexOf(id) < WANTED && IDS.includes(id))
      entries.add(`blob ${id} ${name}`);
    at = end + 21;
  }
  return { entries: [...entries].sort(), isSound: at === bytes.length };
}

function entryBytes(mode: string, name: string, id: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
}

const entry = fc
  .tuple(fc.constantFrom(...MODES), fc.constantFrom(...NAMES), fc.constantFrom(...IDS))
  .map(([mode, name, id]) => entryBytes(mode, name, id));

const wholeTree = fc.array(entry, { maxLength: 8 }).map((entries) => Buffer.concat(entries));

/** Part of a delta: a stretch of the base by thousandths of its length, or new bytes. */
const part = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(1000), fc.nat(1000)) },
  { weight: 2, arbitrary: entry },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)) },
);

/** What makes a tree from its base: by parts, or by other bytes at some places of the same length. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('parts' as const), parts: fc.array(part, { maxLength: 6 }) }),
  fc.record({
    kind: fc.constant('ids' as const),
    changes: fc.array(fc.tuple(fc.nat(7), fc.constantFrom(...IDS), fc.nat(19)), { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('entries' as const),
    changes: fc.array(fc.tuple(fc.nat(8), fc.nat(1), entry), { maxLength: 3 }),
  }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

/** Where entries begin, and the end. */
function entryStarts(bytes: Buffer): number[] {
  const starts = [0];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    if (end < 0 || end + 21 > bytes.length) break;
    at = end + 21;
    starts.push(at);
  }
  return starts;
}

interface Derived {
  readonly bytes: Buffer;
  readonly runs: readonly number[];
}

function derive(base: Buffer, { ...made }: Edit): Derived {
  const runs: number[] = [];
  const out: Buffer[] = [];
  let length = 0;
  function copy(from: number, to: number): void {
    if (to <= from) return;
    const last = runs.length - 3;
    const isNext =
      last >= 0 &&
      (runs[last] ?? 0) + (runs[last + 2] ?? 0) === from &&
      (runs[last + 1] ?? 0) + (runs[last + 2] ?? 0) === length;
    if (isNext) runs[last + 2] = (runs[last + 2] ?? 0) + to - from;
    else runs.push(from, length, to - from);
    out.push(base.subarray(from, to));
    length += to - from;
  }
  function insert(bytes: Buffer): void {
    out.push(bytes);
    length += bytes.length;
  }
  if (made.kind === 'parts') {
    for (const each of made.parts) {
      if (Buffer.isBuffer(each)) insert(each);
      else {
        const [a = 0, b = 0] = each.map((share) => Math.round((share * base.length) / 1000));
        copy(Math.min(a, b), Math.max(a, b));
      }
    }
  } else {
    const starts = entryStarts(base);
    const count = starts.length - 1;
    let at = 0;
    for (const change of [...made.changes].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
      if (count < 1) break;
      const index = change[0] % (made.kind === 'ids' ? count : count + 1);
      if (made.kind === 'ids') {
        // Some of the id's first bytes stay as they are, as in a delta that git makes.
        const [, id, kept] = change as [number, string, number];
        const start = (starts[index + 1] ?? 0) - 20;
        if (start + kept < at) continue;
        copy(at, start + kept);
        insert(Buffer.from(id, 'hex').subarray(kept));
        at = start + 20;
      } else {
        const [, removed, added] = change as [number, number, Buffer];
        const start = starts[index] ?? 0;
        if (start < at) continue;
        copy(at, start);
        insert(added);
        at = starts[Math.min(count, index + removed)] ?? start;
      }
    }
    copy(at, base.length);
  }
  return { bytes: Buffer.concat(out), runs };
}

it('reads trees as they are parsed whole, whatever they derive from', () => {
  const step = fc.record({ up: fc.nat(3), edit, isWhole: fc.boolean(), whole: wholeTree });
  fc.assert(
    fc.property(wholeTree, fc.array(step, { maxLength: 14 }), fc.nat(40), (root, steps, offset) => {
      const { pass, entries } = setting();
      /** The chain that the walk is in. */
      const chain: { readonly tree: number; readonly bytes: Buffer }[] = [];
      const texts: Buffer[] = [];
      function read(bytes: Buffer, depth: number, runs: readonly number[] | undefined): void {
        const tree = texts.length;
        const padded = Buffer.concat([Buffer.alloc(offset, '7'), bytes, Buffer.alloc(30, '0')]);
        const padding = Array.from({ length: offset % 3 }, () => 0);
        const isSound = pass.read(
          tree,
          padded,
          offset,
          offset + bytes.length,
          depth,
          chain[depth - 1]?.tree ?? -1,
          Int32Array.from([...padding, ...(runs ?? [])]),
          padding.length,
          runs === undefined ? -1 : runs.length / 3,
        );
        expect(isSound).toBe(oracle(bytes).isSound);
        chain.length = depth;
        chain.push({ tree, bytes });
        texts.push(bytes);
      }
      read(root, 0, undefined);
      for (const { up, edit: made, isWhole, whole } of steps) {
        const depth = Math.max(0, chain.length - up);
        const base = chain[depth - 1]?.bytes;
        if (base === undefined || isWhole) read(whole, 0, undefined);
        else {
          const { bytes, runs } = derive(base, made);
          read(bytes, depth, runs);
        }
      }
      pass.finish();
      // The same entry twice in a tree is told once.
      for (const [tree, bytes] of texts.entries()) expect(entries(tree)).toEqual(oracle(bytes).entries);
    }),
    { numRuns: 1000 },
  );
});

it('looks up more subtrees than it does at a time', () => {
  const { pass, entries } = setting();
  const all = Array.from({ length: 10_000 }, (_, at) =>
    entryBytes('40000', `d${at}`, createHash('sha1').update(`tree ${at}`).digest('hex')),
  );
  const first = Buffer.concat(all);
  pass.read(0, first, 0, first.length, 0, -1, new Int32Array(0), 0, -1);
  const later = first.subarray(all[0]?.length ?? 0);
  pass.read(1, later, 0, later.length, 1, 0, Int32Array.from([first.length - later.length, 0, later.length]), 0, 1);
  pass.finish();
  expect(entries(0)).toEqual(oracle(first).entries);
  expect(entries(1)).toEqual(oracle(later).entries);
});

it('never asks a base that is not the one that was read last', () => {
  const { pass, entries } = setting();
  const one = entryBytes('40000', 'one', IDS[5] ?? '');
  const two = entryBytes('40000', 'two', IDS[6] ?? '');
  pass.read(0, one, 0, one.length, 0, -1, new Int32Array(0), 0, -1);
  pass.read(1, two, 0, two.length, 1, 7, Int32Array.from([0, 0, two.length]), 0, 1);
  pass.finish();
  expect(entries(1)).toEqual(oracle(two).entries);
});
