import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import { asciiMembers } from './char-set.ts';
import { groupsOf } from './re2-node.ts';
import { Re2SyntaxError, parseRe2 } from './re2-syntax.ts';
import type { Re2Node } from './re2-node.ts';
import { randomPattern } from './test-patterns.ts';

function refusal(pattern: string): Re2SyntaxError {
  try {
    parseRe2(pattern);
  } catch (error) {
    if (error instanceof Re2SyntaxError) return error;
    throw error;
  }
  throw new Error(`${pattern} was taken`);
}

function accepted(take: (pattern: string) => unknown, pattern: string): boolean {
  try {
    take(pattern);
    return true;
  } catch {
    return false;
  }
}

describe('what RE2 does not have is named', () => {
  test.each([
    ['a(?=b)', 'look-around', 'RE2 has no look-ahead'],
    ['a(?!b)', 'look-around', 'RE2 has no look-ahead'],
    ['(?<=a)b', 'look-around', 'RE2 has no look-behind'],
    ['(?<!a)b', 'look-around', 'RE2 has no look-behind'],
    ['(a)\\1', 'back-reference', 'RE2 has no back-references'],
    ['(?P<q>a)(?P=q)', 'back-reference', 'RE2 has no back-references'],
    ['(?<q>a)\\k<q>', 'back-reference', 'RE2 has no back-references'],
    ['(?>a)', 'unsupported', 'atomic'],
    ['a{1001}', 'too-large', '1000'],
    ['(?:a{100}){11}', 'too-large', '1000'],
    ['\\u0041', 'syntax', 'no escape \\u'],
    ['(a', 'syntax', '( without its )'],
    ['a)', 'syntax', ') without its ('],
    ['[a', 'syntax', '[ without its ]'],
    ['*a', 'syntax', 'nothing to repeat'],
    ['a**', 'syntax', 'nothing to repeat'],
    ['[z-a]', 'syntax', 'backwards'],
    ['(?P<q>a)(?P<q>b)', 'syntax', 'two groups named q'],
  ] as const)('%s', (pattern, code, words) => {
    const error = refusal(pattern);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  test('the place is counted from the start of the pattern', () => {
    expect(refusal('ab(?=c)').at).toBe(2);
  });
});

test('takes and refuses what RE2 takes and refuses', () => {
  const pieces = fc.constantFrom(
    'a',
    '(',
    ')',
    '[',
    ']',
    '|',
    '*',
    '+',
    '?',
    '{2}',
    '{,3}',
    '{2,}',
    '{',
    '}',
    '^',
    '$',
    '\\',
    '\\b',
    '\\d',
    '\\Q',
    '\\E',
    '-',
    '(?i)',
    '(?:',
    '(?P<n>',
    '(?<m>',
    '[^',
    '[[:digit:]]',
    '[:',
    ':]',
    '\\x4',
    '\\x{41}',
    '\\pL',
    '\\p{Greek}',
    '\\012',
    '\\z',
    '.',
    '(?-i:',
    '(?is:',
    ',',
    '1',
  );
  let agreed = 0;
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 7 }), (parts) => {
      const pattern = parts.join('');
      const ours = accepted(parseRe2, pattern);
      const re2 = accepted(compile, pattern);
      expect({ pattern, taken: ours }).toEqual({ pattern, taken: re2 });
      if (ours) agreed++;
    }),
    { numRuns: 5000 },
  );
  expect(agreed).toBeGreaterThan(200);
}, 60_000);

test('a class holds the ASCII characters that RE2 matches', () => {
  const item = fc.constantFrom(
    'a-f',
    'k',
    'S',
    '\\d',
    '\\W',
    '\\s',
    '[:punct:]',
    '[:^alpha:]',
    '\\-',
    '0-9',
    '\\x41-\\x43',
    '\\pL',
    '\\PN',
    '\\p{Lu}',
    '_',
    '\\x{212a}',
    '\\x{17f}',
  );
  const pattern = fc
    .tuple(fc.boolean(), fc.boolean(), fc.array(item, { minLength: 1, maxLength: 4 }))
    .map(([fold, negated, items]) => `${fold ? '(?i)' : ''}[${negated ? '^' : ''}${items.join('')}]`);
  fc.assert(
    fc.property(pattern, (p) => {
      const node = parseRe2(p);
      if (node.type !== 'char') throw new Error(`${p} is a ${node.type}`);
      const re2 = compile(`^(?:${p})$`);
      const matched = Array.from({ length: 128 }, (_, c) => String.fromCharCode(c)).filter((c) =>
        re2.test(Buffer.from(c)),
      );
      expect(asciiMembers(node.set)).toEqual(matched);
    }),
    { numRuns: 400 },
  );
});

test('flags reach to the end of their group, and case folding goes beyond ASCII', () => {
  const sets = (pattern: string): number[] => {
    const node = parseRe2(pattern);
    const chars = node.type === 'concat' ? node.nodes : [node];
    return chars.map((c) => (c.type === 'char' ? c.set.high : -1));
  };
  expect(sets('k')).toEqual([0]);
  expect(sets('(?i)ksa')).toEqual([3, 2, 0]);
  expect(sets('é.')).toEqual([2, 4]);
  const inside = parseRe2('(?:a(?i)k)k');
  const last = inside.type === 'concat' ? inside.nodes[1] : undefined;
  expect(last?.type === 'char' && last.set.high).toBe(0);
});

test('groups are numbered as they open, and nodes know their text', () => {
  const pattern = '(?:x)(?P<one>a(b))|(?<three>c{2,3})';
  const groups = groupsOf(parseRe2(pattern)).filter((g) => g.index !== undefined);
  expect(groups.map((g) => [g.index, g.name, pattern.slice(g.start, g.end)])).toEqual([
    [1, 'one', '(?P<one>a(b))'],
    [2, undefined, '(b)'],
    [3, 'three', '(?<three>c{2,3})'],
  ]);
});

test('the random patterns of the property tests are ones that RE2 takes', () => {
  fc.assert(
    fc.property(randomPattern(), (pattern) => accepted(parseRe2, pattern) && accepted(compile, pattern)),
    { numRuns: 500 },
  );
}, 60_000);

test('a pattern of deep groups is refused and does not exhaust the stack', () => {
  expect(refusal('('.repeat(50_000)).code).toBe('too-large');
  const node: Re2Node = parseRe2(`${'('.repeat(150)}a${')'.repeat(150)}`);
  expect(node.type).toBe('group');
});

test('a pattern of very many groups is refused, since RE2 would keep all of them for each of its states', () => {
  expect(groupsOf(parseRe2('(a)'.repeat(1000)))).toHaveLength(1000);
  expect(refusal('(a)'.repeat(1001))).toMatchObject({ code: 'too-large', at: 3000 });
  expect(refusal(`${'(a)'.repeat(1000)}(?P<one>b)`).code).toBe('too-large');
  expect(groupsOf(parseRe2('(?:a)'.repeat(5000)))).toHaveLength(5000);
});
