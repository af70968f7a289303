/**
 * What a whole scan finds is what docs/architecture.md says a hit is, read word by word: every place of every keyword, a
 * slice around it, and RE2 from each byte until a match holds the keyword.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../packages/core/src/engine/regex.ts';
import { createScanner } from '../../packages/core/src/engine/scanner.ts';
import { testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { entryOf, forget } from '../../packages/core/src/engine/text-memory.ts';
import type { Rule } from '../../packages/core/src/types/index.ts';
import { bounded, open } from '../support/delta-rules.ts';

const LINES = open('lines', ['aab'], '(?:^|[^b])aab[ab;\\n]*?(?P<secret>=+)(?:[;b\\n]|$)', 12, 30);
const rules: readonly Rule[] = [
  bounded('prefix', ['ghp'], '\\b(?P<secret>ghp[ab]{2,4})\\b', 0, 8),
  bounded('ends', ['aaa'], '(?:^|;)(?P<secret>aaa[ab]{0,3})(?:;|$)', 1, 8),
  bounded('nested', ['aaa', 'aaab'], '(?P<secret>baaa|aaab=)', 1, 5),
  bounded('eaten', ['p=a'], '(?P<secret>g[hp=]{3}|[hp]?p=a)', 6, 3),
  open('lazy', ['ghp'], 'ghp(?P<secret>[ab;=\\n]*?)=;', 0, 14),
  open('greedy', ['b=;'], '(?P<secret>[ab]{1,6}=;[ab]+)', 6, 10),
  open('stop', ['ghp', 'b;a'], '(?P<secret>[ghp;ab]*)=', 4, 18, true),
  { ...LINES, reach: { ...LINES.reach, lines: 2 } },
];
const scanner = createScanner(testRuleset(...rules));
const patterns = new Map(rules.map((rule) => [rule.id, compile(rule.pattern)]));

/** Places of a keyword, overlapping ones too. The texts are lower case. */
function placesOf(text: string, keyword: string): readonly number[] {
  return Array.from(text, (_, at) => at).filter((at) => text.startsWith(keyword, at));
}

interface Slice {
  readonly from: number;
  readonly hi: number;
  readonly atEnd: boolean;
}

function sliceOf(text: string, { reach, keywords }: Rule, at: number): Slice {
  const wanted = at + reach.forward + 1;
  let hi = Math.min(text.length, wanted);
  let from = Math.max(0, at - reach.back);
  let atEnd = wanted > text.length;
  const shorten = (end: number): void => {
    if (end > hi) return;
    hi = end;
    atEnd = false;
  };
  if (reach.stopAtNext) {
    const next = Math.min(...keywords.flatMap((keyword) => placesOf(text, keyword)).filter((place) => place > at));
    if (next < hi) shorten(next);
  }
  if (reach.lines > 0) {
    const feeds = placesOf(text, '\n');
    const after = feeds.filter((feed) => feed >= at)[reach.lines - 1];
    if (after !== undefined) shorten(after + 1);
    const before = feeds.filter((feed) => feed < at).at(-2);
    if (before !== undefined) from = Math.max(from, before + 1);
  }
  return { from, hi, atEnd };
}

/** `rule@place keyword: match, secret`, or `cut`. */
function definition(text: string): readonly string[] {
  const said: string[] = [];
  for (const rule of rules) {
    for (const keyword of rule.keywords) {
      for (const at of placesOf(text, keyword)) {
        const name = `${rule.id}@${at} ${keyword}`;
        const { from, hi, atEnd } = sliceOf(text, rule, at);
        const lo = Math.max(0, from - 1);
        const slice = Buffer.from(text.slice(lo, hi));
        let isCut = false;
        for (let start = from; start <= at; start += 1) {
          const match = patterns.get(rule.id)?.tryEach(slice, start - lo, start - lo);
          if (match === undefined || match.end + lo < at + keyword.length) continue;
          if (match.end + lo === hi && !atEnd) {
            isCut = true;
            continue;
          }
          const secret = match.groups['secret'] ?? match;
          if (secret.end > secret.start)
            said.push(`${name}: ${match.start + lo}-${match.end + lo}, ${secret.start + lo}-${secret.end + lo}`);
          break;
        }
        if (isCut) said.push(`${name}: cut`);
      }
    }
  }
  return said.toSorted();
}

function engine(text: string): readonly string[] {
  const { memory } = scanner.scanText(Buffer.from(text), { remember: true });
  if (memory === undefined) throw new Error('nothing was remembered');
  const { entries } = scanner.program.tables;
  const nameOf = (key: number, at: number): string => {
    const entry = entries[entryOf(key)];
    return `${rules[entry?.rule ?? -1]?.id ?? ''}@${at} ${Buffer.from(entry?.keyword ?? []).toString()}`;
  };
  const said = [...memory.records].map(([key, { at, found }]) => {
    const { match, secret } = found;
    return `${nameOf(key, at)}: ${at + match.start}-${at + match.end}, ${at + secret.start}-${at + secret.end}`;
  });
  for (const key of memory.cuts) said.push(`${nameOf(key, Math.floor(key / 2 ** 20))}: cut`);
  forget(memory);
  return said.toSorted();
}

test('a whole scan finds what the definition says', () => {
  const piece = fc.constantFrom('ghp', 'gh', 'p', 'a', 'aa', 'b', ';', '=', '\n', '=;', 'p=a', 'aab', 'b=;');
  let found = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 10, maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const expected = definition(text);
      found += expected.length;
      expect(engine(text)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
  expect(found).toBeGreaterThan(1500);
});
