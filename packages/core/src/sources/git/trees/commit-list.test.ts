import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCommitLinks } from '../commit-text.ts';
import { createOidTable, fromHex, toHex } from '../oid.ts';
import { type CommitList, createCommitList } from './commit-list.ts';
import type { ObjectNumbers } from './object-numbers.ts';

/** Numbers in the order in which ids are met, none of them in a pack. */
function createNumbers(): ObjectNumbers {
  const table = createOidTable('sha1');
  return {
    packed: 3,
    width: 20,
    add: (bytes, at) => table.add(bytes, at),
    addAll(ids, count, numbers) {
      for (let each = 0; each < count; each += 1) numbers[each] = table.add(new Uint8Array(ids.buffer), each * 20);
    },
    find: (bytes, at) => table.find(bytes, at),
    hex: (object) => table.hex(object),
    appendTo: (to, object) => to.append(table.raw(), object * 20),
  };
}

function parentsOf(list: CommitList, row: number): readonly number[] {
  return Array.from({ length: list.parentCount(row) }, (_, index) => list.parent(row, index));
}

const id = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes, 0, 20));
const who = fc.constantFrom(
  'Ada <ada@example.org> 1600000000 +0000',
  'A <a> B <a@x> 5 +0000',
  'Ada <ada@example.org> 99999999999999999999 +0000',
  'Ada <ada@example.org> -5 +0000',
  'Ada <ada@example.org> 1600000000',
  'Ada <ada@example.org>  16 00',
  'Ada <ada@example.org> 1e9 +0000',
  'Ada 1600000000 +0000',
  '> 7 +0000',
  '',
);
const line = fc.oneof(
  { weight: 2, arbitrary: id.map((oid) => `parent ${oid}`) },
  { weight: 1, arbitrary: id.map((oid) => `tree ${oid}`) },
  { weight: 2, arbitrary: who.map((text) => `author ${text}`) },
  { weight: 2, arbitrary: who.map((text) => `committer ${text}`) },
  { weight: 1, arbitrary: id.map((oid) => `parent ${oid}x`) },
  { weight: 1, arbitrary: id.map((oid) => `parent ${oid.toUpperCase()}`) },
  { weight: 1, arbitrary: fc.constantFrom('parent ', ' parent', 'gpgsig x', ' y', '', 'encoding latin1') },
);
const usual = fc
  .tuple(id, fc.array(id, { maxLength: 3 }), who, who)
  .map(([tree, parents, author, committer]) => [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author}`,
    `committer ${committer}`,
  ]);

it('reads commits as they are read in full, made well or not', () => {
  const commit = fc.tuple(
    fc.oneof(
      usual,
      fc.array(line, { maxLength: 6 }),
      fc.tuple(usual, fc.array(line, { maxLength: 2 })).map(([a, b]) => [...a, ...b]),
    ),
    fc.nat(400),
  );
  fc.assert(
    fc.property(fc.array(commit, { maxLength: 8 }), (commits) => {
      const numbers = createNumbers();
      const list = createCommitList('sha1', numbers);
      const texts = commits.map(([lines, cut]) => {
        const text = Buffer.from(`${lines.join('\n')}\n\nmessage\n`);
        return cut < 40 ? text.subarray(0, cut * 5) : text;
      });
      for (const [index, text] of texts.entries()) {
        // What stands around it belongs to others.
        const around = Buffer.concat([Buffer.from('77 '), text, Buffer.from('0123456789abcdef 5 +0000\n'.repeat(4))]);
        expect(list.add(index * 2, around, 3, 3 + text.length)).toBe(index);
      }
      expect(list.size).toBe(texts.length);
      for (const [index, text] of texts.entries()) {
        const row = list.row(index * 2);
        expect(row).toBe(index);
        const { tree, parents, date } = parseCommitLinks(text, 'sha1');
        expect(list.date(row)).toBe(date);
        expect(parentsOf(list, row).map((parent) => numbers.hex(parent))).toEqual(parents);
        const isId = fromHex(tree).length === 20;
        expect(list.tree(row) < 0 ? undefined : numbers.hex(list.tree(row))).toBe(isId ? tree : undefined);
        expect(list.row(index * 2 + 1)).toBe(-1);
      }
    }),
    { numRuns: 2000 },
  );
});

it('looks up more ids than it does at a time, and keeps its rows apart', () => {
  const numbers = createNumbers();
  const list = createCommitList('sha1', numbers);
  const hex = (index: number): string => createHash('sha1').update(`${index}`).digest('hex');
  for (let index = 0; index < 5000; index += 1) {
    const text = Buffer.from(
      `tree ${hex(index)}\nparent ${hex(index + 1)}\nauthor A <a@x> 1 +0000\ncommitter A <a@x> ${index} +0000\n\nx`,
    );
    list.add(index, text, 0, text.length);
  }
  for (const index of [0, 1023, 1024, 2047, 2048, 4095, 4096, 4999]) {
    expect(numbers.hex(list.tree(index))).toBe(hex(index));
    expect(parentsOf(list, index).map((parent) => numbers.hex(parent))).toEqual([hex(index + 1)]);
    expect(list.date(index)).toBe(index);
  }
});
