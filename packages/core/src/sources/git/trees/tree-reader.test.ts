import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { createOidTable, fromHex, toHex } from '../oid.ts';
import { createIdSlots } from '../pack/id-slots.ts';
import { createEntryTable } from './entry-table.ts';
import { IS_MALFORMED, ITEM_WORDS } from './kernel.ts';
import { createNameTable } from './name-table.ts';
import type { ObjectNumbers } from './object-numbers.ts';
import { parseTree } from './parse-tree.ts';
import { createTreeReader, type TreeReader } from './tree-reader.ts';
import { createTreeStore } from './tree-store.ts';
import { takeShare, type TreeTables } from './tree-taker.ts';

const IDS = Array.from({ length: 12 }, (_, at) => createHash('sha1').update(`${at}`).digest('hex'));
/** The first four are wanted. */
const WANTED = 4;
const MODES = ['100644', '100755', '120000', '40000', '040000', '160000', '0', '100664', '140000', '40755'];
const NAMES = ['a', 'b', 'lib', 'a b', 'é', 'lib0', 'x'.repeat(300), '100644 f'];

/** No pack has any of them: trees have numbers in the order in which their ids are met. */
function createNumbers(): ObjectNumbers {
  const trees = createOidTable('sha1');
  return {
    packed: 0,
    width: 20,
    add: (bytes, at) => trees.add(bytes, at),
    addAll: () => undefined,
    find: (bytes, at) => trees.find(bytes, at),
    hex: (object) => trees.hex(object),
    appendTo: (to, object) => to.append(trees.raw(), object * 20),
  };
}

interface Setting {
  readonly reader: TreeReader;
  readonly tables: TreeTables;
  /** What a tree holds, one line for each entry that matters. */
  readonly entries: (tree: number) => readonly string[];
  /** The same, read by itself. */
  readonly entriesAlone: (bytes: Uint8Array) => readonly string[];
}

const wanted = createOidTable('sha1');
for (const id of IDS.slice(0, WANTED)) wanted.add(fromHex(id));

function setting(): Setting {
  const slots = createIdSlots(0, new Int32Array(0), 5);
  const reader = createTreeReader({ hash: 'sha1', slots }, wanted, true);
  const tables = {
    store: createTreeStore(8),
    names: createNameTable(),
    entries: createEntryTable(WANTED, 3),
    numbers: createNumbers(),
  };
  const { store, names, entries, numbers } = tables;
  function told(tree: number): readonly string[] {
    store.seal(entries.size);
    const found = store.compare(-1, tree);
    return Array.from({ length: found.count }, (_, at) => {
      const entry = found.entries[at] ?? 0;
      const child = entries.child(entry);
      const less = (found.signs[at] ?? 0) < 0 ? 'less than nothing: ' : '';
      return `${less}${child < 0 ? `blob ${wanted.hex(~child)}` : `tree ${numbers.hex(child)}`} ${names.text(entries.name(entry))}`;
    }).sort();
  }
  return {
    reader,
    tables,
    entries: told,
    entriesAlone(bytes) {
      const alone = 1_000_000;
      parseTree(tables, wanted, alone, bytes);
      return told(alone);
    },
  };
}

/** Reads what was read so far into the tables; the reader is of no use afterwards. Gives the ids of blobs that no pack has. */
function finish({ reader, tables }: Setting): ReadonlySet<string> {
  const share = reader.finish();
  takeShare(tables, { ...share, malformed: new Int32Array(0) });
  reader.close();
  return new Set(Array.from({ length: share.missed.length / 20 }, (_, at) => toHex(share.missed, at, 20)));
}

/** As git reads trees: `<octal mode> <name>\0<id>`, up to the first entry that is none. */
interface Parsed {
  readonly entries: readonly string[];
  /** Ids of all blobs. */
  readonly blobs: readonly string[];
  readonly isSound: boolean;
}

function oracle(bytes: Buffer): Parsed {
  const entries = new Set<string>();
  const blobs: string[] = [];
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
    if (kind === 0o100000 || kind === 0o120000) blobs.push(id);
    at = end + 21;
  }
  return { entries: [...entries].sort(), blobs, isSound: at === bytes.length };
}

function entryBytes(mode: string, name: string, id: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
}

const entry = fc
  .tuple(fc.constantFrom(...MODES), fc.constantFrom(...NAMES), fc.constantFrom(...IDS))
  .map(([mode, name, id]) => entryBytes(mode, name, id));

const wholeTree = fc.array(entry, { maxLength: 8 }).map((entries) => Buffer.concat(entries));

/** Where a stretch of the base begins or ends: at an entry, or a little behind its beginning. */
const place = fc.tuple(
  fc.nat(8),
  fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(40) }),
);

/** Part of a delta: a stretch of the base, or new bytes. */
const part = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(place, place) },
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
    kind: fc.constant('names' as const),
    changes: fc.array(fc.tuple(fc.nat(7), fc.constantFrom('a', 'b', '\0', ' ', '7'), fc.nat(3)), { maxLength: 3 }),
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
  readonly delta: Buffer;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    bytes.push(left > 0x7f ? (left & 0x7f) | 0x80 : left);
    if (left <= 0x7f) return Buffer.from(bytes);
  }
}

function derive(base: Buffer, { ...made }: Edit): Derived {
  const ops: Buffer[] = [];
  const out: Buffer[] = [];
  function copy(from: number, to: number): void {
    if (to <= from) return;
    const op = Buffer.alloc(7);
    op[0] = 0xff & ~0x08;
    op.writeUIntLE(from, 1, 3);
    op.writeUIntLE(to - from, 4, 3);
    ops.push(op);
    out.push(base.subarray(from, to));
  }
  function insert(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 127) {
      const part = bytes.subarray(at, at + 127);
      ops.push(Buffer.of(part.length), part);
    }
    out.push(bytes);
  }
  if (made.kind === 'parts') {
    for (const each of made.parts) {
      if (Buffer.isBuffer(each)) insert(each);
      else {
        const starts = entryStarts(base);
        const [a = 0, b = 0] = each.map(([index, more]) =>
          Math.min((starts[Math.min(index, starts.length - 1)] ?? 0) + more, base.length),
        );
        copy(Math.min(a, b), Math.max(a, b));
      }
    }
  } else {
    const starts = entryStarts(base);
    const count = starts.length - 1;
    let at = 0;
    for (const change of [...made.changes].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
      if (count < 1) break;
      const index = change[0] % (made.kind === 'entries' ? count + 1 : count);
      if (made.kind === 'names') {
        // A byte of the name, or the one that ends it.
        const [, byte, back] = change as [number, string, number];
        const start = (starts[index + 1] ?? 0) - 21 - back;
        if (start < at) continue;
        copy(at, start);
        insert(Buffer.from(byte));
        at = start + 1;
      } else if (made.kind === 'ids') {
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
  const bytes = Buffer.concat(out);
  return { bytes, delta: Buffer.concat([varint(base.length), varint(bytes.length), ...ops]) };
}

/** A tree as it lies in a pack: whole, or as a delta against the one that is read before it at one depth less. */
interface Stored {
  readonly depth: number;
  readonly stored: Buffer;
}

/** Gives for each tree whether it is sound. */
function readAll(reader: TreeReader, trees: readonly Stored[]): readonly boolean[] {
  const memory = linearMemory();
  for (const [index, { depth, stored }] of trees.entries()) {
    const pointer = memory.allocate(stored.length + 64);
    memory.bytes.set(stored, pointer);
    memory.words.set([pointer, stored.length, depth, index], reader.items / 4 + index * ITEM_WORDS);
  }
  reader.readItems(trees.length);
  return trees.map((_, index) => {
    const state = memory.words[reader.items / 4 + index * ITEM_WORDS] ?? 0;
    if (state < 0) expect(state).toBe(IS_MALFORMED);
    return state >= 0;
  });
}

it('reads trees as they are parsed whole, whatever they derive from', () => {
  const step = fc.record({ up: fc.nat(3), edit, isWhole: fc.boolean(), whole: wholeTree });
  fc.assert(
    fc.property(wholeTree, fc.array(step, { maxLength: 14 }), (root, steps) => {
      const made = setting();
      const texts: Buffer[] = [root];
      const trees: Stored[] = [{ depth: 0, stored: root }];
      /** The chain that the walk is in. */
      const chain: Buffer[] = [root];
      for (const { up, edit: change, isWhole, whole } of steps) {
        const depth = isWhole ? 0 : Math.max(0, chain.length - up);
        const base = chain[depth - 1];
        const { bytes, delta } = base === undefined ? { bytes: whole, delta: whole } : derive(base, change);
        chain.splice(depth, chain.length, bytes);
        texts.push(bytes);
        trees.push({ depth, stored: delta });
      }
      expect(readAll(made.reader, trees)).toEqual(texts.map((bytes) => oracle(bytes).isSound));
      expect(finish(made)).toEqual(new Set(texts.flatMap((bytes) => oracle(bytes).blobs)));
      // The same entry twice in a tree is told once.
      for (const [tree, bytes] of texts.entries()) {
        expect(made.entries(tree)).toEqual(oracle(bytes).entries);
        expect(made.entriesAlone(bytes)).toEqual(oracle(bytes).entries);
      }
    }),
    { numRuns: 1000 },
  );
});

it('reads a tree by itself, however long', () => {
  const made = setting();
  const bytes = Buffer.concat(
    Array.from({ length: 30_000 }, (_, at) => entryBytes('40000', `d${at}`, IDS[at % 12] ?? '')),
  );
  expect(made.reader.read(0, bytes)).toBe(true);
  expect(made.reader.read(1, bytes.subarray(0, bytes.length - 1))).toBe(false);
  finish(made);
  expect(made.entries(0)).toEqual(oracle(bytes).entries);
  expect(made.entries(1)).toEqual(oracle(bytes.subarray(0, bytes.length - 1)).entries);
});

it('looks up more entries than it does at a time, with more names than there is room for at first', () => {
  const made = setting();
  const all = Array.from({ length: 20_000 }, (_, at) =>
    entryBytes('40000', `d${at}`, createHash('sha1').update(`tree ${at}`).digest('hex')),
  );
  const first = Buffer.concat(all);
  const cut = all[0]?.length ?? 0;
  const copy = Buffer.alloc(7);
  copy[0] = 0xff & ~0x08;
  // A copy is of 16 MiB at most; this is less.
  copy.writeUIntLE(cut, 1, 3);
  copy.writeUIntLE(first.length - cut, 4, 3);
  const delta = Buffer.concat([varint(first.length), varint(first.length - cut), copy]);
  readAll(made.reader, [
    { depth: 0, stored: first },
    { depth: 1, stored: delta },
  ]);
  finish(made);
  expect(made.entries(0)).toEqual(oracle(first).entries);
  expect(made.entries(1)).toEqual(oracle(first.subarray(cut)).entries);
});

it('passes over what derives from a delta that makes no sense, and goes on behind it', () => {
  const { reader } = setting();
  const tree = entryBytes('40000', 'one', IDS[5] ?? '');
  const sound = derive(tree, {
    kind: 'parts',
    parts: [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  }).delta;
  const memory = linearMemory();
  const states = (): readonly number[] =>
    [0, 1, 2, 3].map((index) => memory.words[reader.items / 4 + index * ITEM_WORDS] ?? 0);
  const stored = [tree, Buffer.from('garbage'), sound, tree];
  for (const [index, bytes] of stored.entries()) {
    const pointer = memory.allocate(bytes.length + 64);
    memory.bytes.set(bytes, pointer);
    memory.words.set([pointer, bytes.length, [0, 1, 2, 0][index] ?? 0, index], reader.items / 4 + index * ITEM_WORDS);
  }
  reader.readItems(4);
  expect(states().map((state) => state > 0)).toEqual([true, false, true, true]);
  const { records } = reader.finish();
  reader.close();
  // Records: tree, base, steps, and one step for the entry.
  expect([...records].filter((_, at) => at % 4 === 0)).toEqual([0, 3]);
});
