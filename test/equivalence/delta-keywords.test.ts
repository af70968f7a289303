/** Groups 1, 2, 13 and 14 of the cases of inheritance: keywords that are cut, joined, shared and nested. */
import { expect, test } from 'vitest';
import { createScanner, type Scanner } from '../../packages/core/src/engine/scanner.ts';
import { testRule, testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { scanChain } from '../support/delta-chain.ts';
import { bounded, open, TOKEN } from '../support/delta-rules.ts';

const tokens: Scanner = createScanner(testRuleset(TOKEN));
const HIT = 'token: ghp_abababab';
const ALL = [0, 10_000] as const;

test('1: a keyword made by two copies that meet', () => {
  const texts = scanChain(tokens, 'x gh y p_abababab z', [{ copy: [0, 4] }, { copy: [7, 100] }]);
  expect(texts.map(({ hits }) => hits)).toEqual([[], [HIT]]);
});

test('1: a keyword cut in two by what is inserted, and joined again', () => {
  const texts = scanChain(
    tokens,
    'x ghp_abababab z',
    [{ copy: [0, 4] }, { insert: ' ' }, { copy: [4, 100] }],
    [{ copy: [0, 4] }, { copy: [5, 100] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([[HIT], [], [HIT]]);
});

test('2: a keyword made by three copies, one of a single byte', () => {
  const texts = scanChain(tokens, 'g h p_abababab ', [{ copy: [0, 1] }, { copy: [2, 1] }, { copy: [4, 100] }]);
  expect(texts.map(({ hits }) => hits)).toEqual([[], [HIT]]);
});

test('2: a keyword made by four copies and inserts of a byte each', () => {
  const texts = scanChain(tokens, '_abababab;p', [
    { insert: 'g' },
    { insert: 'h' },
    { copy: [10, 1] },
    { copy: [0, 1] },
    { copy: [1, 9] },
  ]);
  expect(texts.map(({ hits }) => hits)).toEqual([[], [HIT]]);
});

test('2: a long keyword, which is found by a part of it, cut at each of its bytes', () => {
  const keyword = 'very_long_keyword_of_a_rule';
  const scanner = createScanner(
    testRuleset(bounded('long', [keyword], `${keyword}=(?P<secret>[ab]{4})\\b`, 0, keyword.length + 5)),
  );
  const text = `x ${keyword}=abab;`;
  for (let at = 1; at < text.length; at += 1) {
    const swapped = [{ copy: [at, 100] as const }, { copy: [0, at] as const }];
    const back = [{ copy: [text.length - at, 100] as const }, { copy: [0, text.length - at] as const }];
    const texts = scanChain(scanner, text, swapped, back);
    expect(texts.at(-1)?.hits).toEqual(['long: abab']);
    expect(texts[1]?.hits.length).toBe(at <= 2 || at >= text.length - 1 ? 1 : 0);
  }
});

test('2: a byte of a long keyword changes outside the part it is found by', () => {
  const keyword = 'kkkkkkkkkkkkk_zq_kkkkkkkkkkk';
  // The pattern takes other words too; a hit needs the keyword.
  const scanner = createScanner(
    testRuleset(bounded('long', [keyword], '[k!_zq]{28}=(?P<secret>[ab]{4})', 0, keyword.length + 5)),
  );
  for (let at = 0; at < keyword.length; at += 1) {
    const changed = [{ copy: [0, at + 1] as const }, { insert: '!' }, { copy: [at + 2, 100] as const }];
    const restored = [{ copy: [0, at + 1] as const }, { insert: keyword[at] ?? '' }, { copy: [at + 2, 100] as const }];
    const texts = scanChain(scanner, ` ${keyword}=abab;`, changed, restored);
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 1]);
  }
});

/** Both keywords lead to the same secret, without looking back. */
const twice = createScanner(
  testRuleset(bounded('twice', ['one', 'two'], '(?:one\\.{2,9})?two=(?P<secret>[ab]{6})\\b', 0, 22)),
);

test('13: two keywords yield one hit; the first is edited away, the second is copied with all around it', () => {
  const texts = scanChain(
    twice,
    'one.......two=ababab;',
    [{ insert: 'o_e' }, { copy: [3, 100] }],
    [{ insert: 'one' }, { copy: [3, 100] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([['twice: ababab'], ['twice: ababab'], ['twice: ababab']]);
  expect(texts.map(({ records }) => records)).toEqual([2, 1, 2]);
  // The keyword that went away was not asked about, nor the one that stayed.
  expect(texts[1]?.asked).toBe(0);
});

test('13: two keywords yield one hit; the second is edited away', () => {
  const scanner = createScanner(
    testRuleset(open('around', ['one', 'two'], '(?:one)?=(?P<secret>[ab]{6})=(?:two)?', 11, 11)),
  );
  const texts = scanChain(
    scanner,
    'one=ababab=two;',
    [{ copy: [0, 13] }, { insert: 'x' }, { copy: [14, 1] }],
    [{ copy: [0, 13] }, { insert: 'o' }, { copy: [14, 1] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([['around: ababab'], ['around: ababab'], ['around: ababab']]);
  expect(texts.map(({ records }) => records)).toEqual([2, 1, 2]);
});

test('14: every position of a keyword that overlaps itself counts', () => {
  const scanner = createScanner(testRuleset(bounded('three', ['aaa'], '(?P<secret>a{3})', 0, 3)));
  const texts = scanChain(
    scanner,
    'aaaaaa',
    [{ copy: [1, 5] }],
    [{ copy: ALL }, { copy: [0, 2] }],
    [{ copy: [0, 3] }, { insert: 'b' }, { copy: [3, 100] }],
  );
  expect(texts.map(({ records }) => records)).toEqual([4, 3, 5, 3]);
});

test('14: a keyword inside another, of one rule and of two', () => {
  const inner = bounded('inner', ['key', 'thekeys'], '(?P<secret>(?:the)?keys?[ab]{2})', 3, 9);
  const outer = bounded('outer', ['thekeys', 'keysa'], '(?P<secret>[a-z]{0,3}keysab)', 3, 9);
  const scanner = createScanner(testRuleset(inner, outer));
  const texts = scanChain(
    scanner,
    'thekeysab',
    [{ insert: 'x' }, { copy: [1, 100] }],
    [{ copy: [0, 3] }, { insert: '-' }, { copy: [3, 100] }],
    [{ insert: 't' }, { copy: [1, 2] }, { copy: [4, 100] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([
    ['inner: thekeysab'],
    ['outer: xhekeysab'],
    ['inner: keysab'],
    ['inner: thekeysab'],
  ]);
});

test('14: two keywords of a rule at one place have a result each', () => {
  const scanner = createScanner(testRuleset(bounded('nested', ['abc', 'abcd'], '(?P<secret>xabc|abcdy)', 1, 5)));
  const texts = scanChain(
    scanner,
    'xabcdy;',
    [{ insert: 'z' }, { copy: [1, 100] }],
    [{ insert: 'x' }, { copy: [1, 4] }, { copy: [6, 1] }],
    [{ copy: [0, 5] }, { insert: 'y' }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([
    ['nested: xabc', 'nested: abcdy'],
    ['nested: abcdy'],
    ['nested: xabc'],
    ['nested: xabc', 'nested: abcdy'],
  ]);
});

test('14: a keyword of two rules with different reach', () => {
  const near = bounded('near', ['word'], 'word=(?P<secret>[ab]{2})', 0, 7);
  const far = testRule({
    ...bounded('far', ['word'], '[ab]{4}=word=(?P<secret>[ab]{6})', 5, 11),
    confidence: 'low',
  });
  const scanner = createScanner(testRuleset(near, far));
  const texts = scanChain(
    scanner,
    'abab=word=ababab;',
    [{ copy: [0, 13] }, { insert: ';' }, { copy: [14, 100] }],
    [{ copy: [0, 13] }, { insert: 'b' }, { copy: [14, 100] }],
    [{ insert: ';' }, { copy: [1, 100] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([['far: ababab'], ['near: ab'], ['far: ababab'], ['near: ab']]);
  expect(texts[1]?.asked).toBe(1);
});
