import { expect, test } from 'vitest';
import { linearMemory } from '../bytes/linear-memory.ts';
import { defaultRuleset } from '../rules/default-ruleset.ts';
import { unpackRuleset, packRuleset } from '../rules/packed.ts';
import { SHARED_PARTS } from '../rules/shorthand.ts';
import type { Ruleset } from '../types/index.ts';
import { entriesOf, rulesWithPattern } from './entries.ts';
import { engineKernel } from './kernel.ts';
import { OccurrenceScan } from './occurrence-scan.ts';
import { createScanner } from './scanner.ts';
import { packTables, placeTables } from './tables-image.ts';
import { layTables } from './tables.ts';
import type { Tables } from './tables.ts';
import { placedText } from './test-placing.ts';

const rules = await defaultRuleset();
const run = rulesWithPattern(rules);
const image = packTables(
  layTables(run.flatMap((rule, index) => entriesOf(rule, index))),
  run.map((rule) => rules.rules.indexOf(rule)),
);

function withImage(bytes: Uint8Array): Ruleset {
  const packed = packRuleset(rules, SHARED_PARTS);
  return unpackRuleset(
    packed.index,
    () => packed.lines,
    () => bytes,
  );
}

/** Every keyword, with something behind it that some rule may take. */
const lines = rules.rules
  .flatMap(({ keywords }) => keywords)
  .map((keyword) => `${keyword} = "${keyword}aB3dE5fG7hI9kL1mN3pQ5rS7tU9vW1xY3z-_"\n`);

/** What the kernel reports of a text: place, rule and length of keyword, and whether to ask. */
function candidates(tables: Tables, bytes: Uint8Array): readonly unknown[] {
  engineKernel().configure(tables.at);
  const scan = new OccurrenceScan();
  scan.scan(placedText(bytes), undefined, true);
  return Array.from({ length: scan.candidates }, (_, i) => {
    const what = scan.candidate(i, 2);
    const { rule, keyword } = tables.entries[what >>> 3] ?? {};
    return [scan.candidate(i, 0), scan.candidate(i, 1), what, rule, Buffer.from(keyword ?? []).toString('latin1')];
  });
}

test('tables that were laid out before give the same candidates as those laid out now', () => {
  const bytes = Buffer.from(lines.join(''));
  const laid = candidates(layTables(run.flatMap((rule, index) => entriesOf(rule, index))), bytes);
  expect(candidates(placeTables(image).tables, bytes)).toEqual(laid);
  expect(laid.length).toBeGreaterThan(run.length);
});

test('and the same hits', () => {
  const bytes = Buffer.from(lines.filter((_, at) => at % 40 === 0).join(''));
  const [laid, placed] = [rules, withImage(image)].map((ruleset) =>
    createScanner(ruleset)
      .scan(bytes)
      .hits.map(({ program, span, secret }) => [program.rule.id, span, [...secret]]),
  );
  expect(placed).toEqual(laid);
  expect(laid?.length).toBeGreaterThan(2);
});

test('they lie anywhere in memory, and in any bytes', () => {
  const shifted = new Uint8Array(image.length + 3).subarray(3);
  shifted.set(image);
  const memory = linearMemory();
  memory.allocate(48);
  const first = placeTables(image);
  memory.allocate(3_000_000);
  const second = placeTables(shifted);
  expect(second.tables.at).not.toBe(first.tables.at);
  expect(second.tables.entries).toEqual(first.tables.entries);
  expect(packTables(second.tables, [...second.numbers])).toEqual(packTables(first.tables, [...first.numbers]));
  expect(Buffer.compare(packTables(second.tables, [...second.numbers]), image)).toBe(0);
});

test('with them, only the rules are read whose keywords are met', () => {
  const ruleset = withImage(image);
  const scanner = createScanner(ruleset);
  expect(scanner.scan(Buffer.from('nothing to see')).hits).toEqual([]);
  const read: number[] = [];
  const watched: Ruleset = { digest: ruleset.digest, allow: ruleset.allow, rules: [] };
  Object.defineProperty(watched, 'late', {
    value: {
      ...ruleset.late,
      rule(number: number) {
        read.push(number);
        return ruleset.late?.rule(number);
      },
    },
  });
  createScanner(watched).scan(Buffer.from(lines.filter((_, at) => at % 100 === 0).join('')));
  expect(read.length).toBeGreaterThan(0);
  expect(new Set(read).size).toBeLessThan(run.length / 10);
});
