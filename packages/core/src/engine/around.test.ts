/**
 * What is known of the surroundings of keywords must not lose a secret: over the examples of the shipped rules, whole and
 * broken, every rule that has automata finds the same with them and without them.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRule } from '../rules/compile-rule.ts';
import { parseRuleFile } from '../rules/parse.ts';
import { expandTemplate } from '../rules/templates.ts';
import type { Rule } from '../types/index.ts';
import { createScanner } from './scanner.ts';
import type { Scanner } from './scanner.ts';

const RULES = join(import.meta.dirname, '../../../../rules');

interface Case {
  readonly rule: Rule;
  readonly texts: readonly Buffer[];
}

function cases(): Case[] {
  const found: Case[] = [];
  for (const folder of ['families', 'providers']) {
    for (const name of readdirSync(join(RULES, folder)).sort()) {
      const parsed = parseRuleFile(name, readFileSync(join(RULES, folder, name), 'utf8'));
      if ('problems' in parsed) throw new Error(`${name} does not parse`);
      for (const source of parsed.file.rules) {
        if (source.pattern === undefined) continue;
        const compiled = compileRule(parsed.file, source);
        if ('problems' in compiled) throw new Error(`${source.id} does not compile`);
        if (compiled.rule.around === undefined) continue;
        const parts = source.companions.map((companion) => companion.name);
        const { match, noMatch } = source.examples;
        const texts = [
          ...match.map((template) => expandTemplate(template, source.id, parts).text),
          ...noMatch.map((template) => expandTemplate(template, source.id, parts).text),
        ].map((bytes) => Buffer.from(bytes));
        found.push({ rule: compiled.rule, texts });
      }
    }
  }
  return found;
}

/** The pattern alone decides: filters would hide what is lost. */
function bare({ around, gate: _gate, checksum: _checksum, ...rule }: Rule, isGuarded: boolean): Scanner {
  const open = { ...rule, minLength: 0, minEntropy: 0, placeholders: false, words: false, allow: [], companions: [] };
  const own: Rule = isGuarded && around !== undefined ? { ...open, around } : open;
  return createScanner(
    { digest: `${rule.id} ${isGuarded ? 'guarded' : 'free'}`, rules: [{ ...own, reportAlone: true }], allow: [] },
    { maxDecodeDepth: 0 },
  );
}

function finds(scanner: Scanner, text: Uint8Array): readonly string[] {
  const { hits, cut } = scanner.scan(text);
  return [...new Set(hits.map(({ span, match }) => `${match.start} ${span.start}-${span.end}`)), ...cut];
}

/** Something put in, left out, or written over, some times. */
function broken(text: Buffer, edits: readonly (readonly [number, number, string])[]): Buffer {
  let bytes = text;
  for (const [place, removed, added] of edits) {
    const at = Math.floor(place * (bytes.length + 1));
    bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(added, 'latin1'), bytes.subarray(at + removed)]);
  }
  return bytes;
}

const PIECES = [
  '',
  '',
  ' ',
  '\n',
  '\r\n',
  '"',
  "'",
  '=',
  ':',
  ';',
  '_',
  '-',
  '.',
  '/',
  '\\',
  'x',
  '0',
  'é',
  '\xc3\xa9',
  'key',
  'pass',
  '<',
  '(',
];
const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), fc.constantFrom(...PIECES)), {
  maxLength: 3,
});

test('every secret of a rule is found with its automata', () => {
  const all = cases();
  expect(all.length).toBeGreaterThan(150);
  let found = 0;
  for (const { rule, texts } of all) {
    const guarded = bare(rule, true);
    const free = bare(rule, false);
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.constantFrom('', 'x = 1\n', '"', '; '),
        edits,
        (text, before, changes) => {
          const bytes = Buffer.concat([Buffer.from(before), broken(text, changes), Buffer.from('\n')]);
          const wanted = finds(free, bytes);
          found += wanted.length;
          expect(finds(guarded, bytes), `${rule.id} in ${JSON.stringify(bytes.toString('latin1'))}`).toEqual(wanted);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  }
  expect(found).toBeGreaterThan(all.length * 10);
}, 120_000);
