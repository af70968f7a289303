/** Groups 3 to 8, 28 and 29: what stands directly beside a match, and the ends of texts. */
import { describe, expect, test } from 'vitest';
import { createScanner, type Scanner } from '../../packages/core/src/engine/scanner.ts';
import { testRule, testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { scanChain } from '../support/delta-chain.ts';
import { bounded, open, TOKEN } from '../support/delta-rules.ts';

const tokens: Scanner = createScanner(testRuleset(TOKEN));
const HIT = 'token: ghp_abababab';
const REST = 1_000_000;

describe('3: behind a keyword', () => {
  const scanner = createScanner(testRuleset(bounded('long', ['long:'], 'long:(?P<secret>[ab]{48})\\b', 0, 53)));

  test.each([5, 6, 45, 51, 52])('byte %i of a match changes, the keyword is copied', (at) => {
    const texts = scanChain(
      scanner,
      `;long:${'a'.repeat(48)};`,
      [{ copy: [0, at + 1] }, { insert: '!' }, { copy: [at + 2, REST] }],
      [{ copy: [0, at + 1] }, { insert: 'b' }, { copy: [at + 2, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 1]);
  });

  test('the byte behind a match changes', () => {
    const texts = scanChain(
      scanner,
      `;long:${'a'.repeat(48)};rest`,
      [{ copy: [0, 54] }, { insert: 'a' }, { copy: [55, REST] }],
      [{ copy: [0, 54] }, { insert: '-' }, { copy: [55, REST] }],
      [{ copy: [0, 54] }, { copy: [55, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 1, 0]);
  });

  test('the byte behind what was no match changes, and makes it one', () => {
    const texts = scanChain(scanner, `;long:${'a'.repeat(49)}rest`, [
      { copy: [0, 54] },
      { insert: '-' },
      { copy: [55, REST] },
    ]);
    expect(texts.map(({ hits }) => hits.length)).toEqual([0, 1]);
  });

  test('the second byte behind a match is no reason to ask again', () => {
    const texts = scanChain(scanner, `;long:${'a'.repeat(48)};rest`, [
      { copy: [0, 55] },
      { insert: 'x' },
      { copy: [56, REST] },
    ]);
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 1]);
    expect(texts[1]?.asked).toBe(0);
  });

  test('what has to stand directly behind a keyword, without more to ask', () => {
    const rule = testRule({
      ...bounded('next', ['=ba'], '(?P<secret>=ba[ab]{2})', 0, 5),
      after: [{ set: `${'00'.repeat(12)}06${'00'.repeat(19)}`, min: 2 }],
    });
    const texts = scanChain(
      createScanner(testRuleset(rule)),
      'x=baab',
      [{ copy: [0, 4] }, { insert: '!' }, { copy: [5, REST] }],
      [{ copy: [0, 4] }],
      [{ copy: [0, REST] }, { insert: 'a' }],
      [{ copy: [0, REST] }, { insert: 'b' }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 0, 0, 1]);
  });
});

describe('4: before a keyword', () => {
  test('the byte before it changes', () => {
    const texts = scanChain(
      tokens,
      ' ghp_abababab;',
      [{ insert: 'x' }, { copy: [1, REST] }],
      [{ insert: '-' }, { copy: [1, REST] }],
      [{ copy: [1, REST] }],
      [{ insert: '_' }, { copy: [0, REST] }],
    );
    expect(texts.map(({ hits }) => hits)).toEqual([[HIT], [], [HIT], [HIT], []]);
  });

  test('the second byte before it is no reason to ask again', () => {
    const texts = scanChain(tokens, 'x ghp_abababab;', [{ insert: 'y' }, { copy: [1, REST] }]);
    expect(texts.map(({ hits }) => hits)).toEqual([[HIT], [HIT]]);
    expect(texts[1]?.asked).toBe(0);
  });

  test('the byte before all that a rule looks at', () => {
    const scanner = createScanner(testRuleset(bounded('back', ['=key'], '\\b(?P<secret>[ab]{6})=key', 6, 4)));
    const texts = scanChain(
      scanner,
      '. ababab=key',
      [{ copy: [0, 1] }, { insert: 'x' }, { copy: [2, REST] }],
      [{ copy: [0, 1] }, { insert: '-' }, { copy: [2, REST] }],
      [{ insert: '!' }, { copy: [1, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 1, 1]);
    expect(texts[3]?.asked).toBe(0);
  });
});

const ends = createScanner(testRuleset(bounded('end', ['end='], 'end=(?P<secret>[ab]{4})(?:;|$)', 0, 9)));

test('5: a text is cut off behind a match that asks for the end, and grows again', () => {
  const texts = scanChain(
    ends,
    'x end=abab.yz',
    [{ copy: [0, 10] }],
    [{ copy: [0, REST] }, { insert: '.' }],
    [{ copy: [0, REST] }, { insert: 'more' }],
    [{ copy: [0, 10] }],
    [{ copy: [0, 9] }],
  );
  expect(texts.map(({ hits }) => hits.length)).toEqual([0, 1, 0, 0, 1, 0]);
});

test('6: a text ends exactly where the slice would, a byte before, and a byte behind', () => {
  const scanner = createScanner(testRuleset(open('open', ['open='], 'open=(?P<secret>[ab]*)', 0, 10)));
  const full = 'open=aaaaaaaa';
  const cutTo = (length: number) => [{ copy: [0, length] as const }];
  const grow = [{ copy: [0, REST] as const }, { insert: 'a' }];
  const texts = scanChain(scanner, full, cutTo(12), cutTo(11), cutTo(10), grow, grow, cutTo(10), cutTo(9));
  expect(texts.map(({ bytes, hits, cut }) => [bytes.length, hits.length, cut.length])).toEqual([
    [13, 0, 1],
    [12, 0, 1],
    [11, 0, 1],
    [10, 1, 0],
    [11, 0, 1],
    [12, 0, 1],
    [10, 1, 0],
    [9, 1, 0],
  ]);
});

test('6: the end is seen through the end mark of a copied tail', () => {
  const scanner = createScanner(testRuleset(open('open', ['open='], 'open=(?P<secret>[ab]*)', 0, 10)));
  const texts = scanChain(
    scanner,
    'xx open=aaa',
    [{ copy: [2, REST] }],
    [{ insert: 'longer text ' }, { copy: [0, REST] }],
    [{ copy: [0, REST] }, { insert: '\n' }],
    [{ copy: [0, 21] }],
  );
  expect(texts.map(({ hits }) => hits.length)).toEqual([1, 1, 1, 1, 1]);
  expect(texts.map(({ asked }) => asked)).toEqual([1, 0, 0, 1, 1]);
});

const starts = createScanner(testRuleset(bounded('start', ['abcd'], '(?:^|;)(?P<secret>abcd)', 1, 4), TOKEN));

test('7: a text begins with what stood in the middle of its base', () => {
  const texts = scanChain(starts, 'xxxxxabcd tail', [{ copy: [5, REST] }], [{ insert: 'x' }, { copy: [0, REST] }]);
  expect(texts.map(({ hits }) => hits)).toEqual([[], ['start: abcd'], []]);
  const words = scanChain(tokens, 'xxxxxghp_abababab', [{ copy: [5, REST] }], [{ insert: 'x' }, { copy: [0, REST] }]);
  expect(words.map(({ hits }) => hits)).toEqual([[], [HIT], []]);
});

test("8: the base's beginning moves into the middle, and back", () => {
  const texts = scanChain(starts, 'abcd;;', [{ insert: 'yy' }, { copy: [0, REST] }], [{ copy: [2, REST] }]);
  expect(texts.map(({ hits }) => hits)).toEqual([['start: abcd'], [], ['start: abcd']]);
  const twice = scanChain(starts, 'abcd', [{ copy: [0, REST] }, { copy: [0, REST] }]);
  expect(twice.map(({ spans }) => spans.map(({ start }) => start))).toEqual([[0], [0]]);
});

test("8: the base's end moves into the middle, and back", () => {
  const texts = scanChain(
    ends,
    'end=abab',
    [{ copy: [0, REST] }, { insert: 'xx' }],
    [{ copy: [0, 8] }],
    [{ copy: [0, REST] }, { copy: [0, REST] }],
    [{ copy: [8, REST] }, { insert: '.' }, { copy: [0, 8] }],
  );
  expect(texts.map(({ spans }) => spans.map(({ start }) => start))).toEqual([[4], [], [4], [12], [13]]);
});

describe('28: bytes that are not ASCII', () => {
  const scanner = createScanner(testRuleset(bounded('not', ['p=a'], 'p=(?P<secret>[^;]{1,4})', 0, 18)));
  const kelvin = createScanner(testRuleset(bounded('kelvin', ['token'], '(?i)to\u212Aen=(?P<secret>[ab]{3})', 0, 11)));

  test('characters of several bytes at the edge of what is looked at', () => {
    for (let pad = 0; pad < 8; pad += 1) {
      const texts = scanChain(
        scanner,
        `é😀p=a😀€${'é'.repeat(pad)};`,
        [{ copy: [0, 6] }, { copy: [8, REST] }],
        [{ copy: [0, 10 + pad] }, { insert: '\u20ac' }, { copy: [10 + pad, REST] }],
        [{ copy: [1, REST] }],
        [{ copy: [0, REST] }, { copy: [3, REST] }],
      );
      expect(texts[0]?.hits.length).toBe(1);
    }
  });

  test('a byte that is no UTF-8 in reach, and out of reach', () => {
    const bytes = Buffer.from('p=a\u00e9zz;', 'latin1');
    const texts = scanChain(
      scanner,
      bytes,
      [{ copy: [0, 3] }, { insert: 'e' }, { copy: [4, REST] }],
      [{ copy: [0, 3] }, { insert: Buffer.from([0xe9]) }, { copy: [4, REST] }],
      [{ copy: [0, REST] }, { insert: '-'.repeat(30) }, { insert: Buffer.from([0xff]) }],
      [{ copy: [0, 4] }, { insert: Buffer.from([0xc3]) }, { copy: [4, REST] }],
    );
    expect(texts[0]?.hits).toEqual(['not: a\u00e9zz']);
    expect(texts[1]?.hits).toEqual(['not: aezz']);
  });

  test('letters that only Unicode takes for the same are no keyword', () => {
    const texts = scanChain(
      kelvin,
      'token=aba ToKen=bab to\u212Aen=aaa',
      [{ copy: [0, 2] }, { insert: '\u212A' }, { copy: [3, REST] }],
      [{ copy: [0, 2] }, { insert: 'K' }, { copy: [5, REST] }],
    );
    expect(texts.map(({ records }) => records)).toEqual([2, 1, 2]);
  });
});

describe('29: texts of nothing, copies of much', () => {
  test('an empty base, an empty text, and a text that takes over nothing', () => {
    const texts = scanChain(
      tokens,
      '',
      [{ insert: 'ghp_abababab' }],
      [],
      [{ insert: 'x' }],
      [{ insert: 'ghp_abababab' }],
      [{ insert: 'ghp_abababab ' }, { insert: 'ghp_bbbbbbbb' }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([0, 1, 0, 0, 1, 2]);
  });

  test('copies from behind 16 MiB', () => {
    const far = `${'-'.repeat(2 ** 24 + 10)} ghp_abababab and gh`;
    const texts = scanChain(tokens, far, [
      { copy: [2 ** 24 + 28, 2] },
      { insert: 'p_' },
      { copy: [2 ** 24 + 15, 12] },
      { copy: [2 ** 24 + 10, 14] },
    ]);
    expect(texts[1]?.bytes.length).toBe(30);
    expect(texts[0]?.hits).toEqual([HIT]);
  });
});
