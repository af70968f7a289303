/** Groups 9 to 12 and 15 to 18: blocks that move, repeat and split, and where matches begin and end. */
import { describe, expect, test } from 'vitest';
import { createScanner, type Scanner } from '../../packages/core/src/engine/scanner.ts';
import { testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { scanChain } from '../support/delta-chain.ts';
import { bounded, open, TOKEN } from '../support/delta-rules.ts';

const tokens: Scanner = createScanner(testRuleset(TOKEN));
const HIT = 'token: ghp_abababab';
const REST = 1_000_000;

test('9: two blocks change places, and a secret exists where they meet', () => {
  const texts = scanChain(
    tokens,
    'p_abababab; gh',
    [{ copy: [12, 2] }, { copy: [0, 12] }],
    [{ copy: [2, REST] }, { copy: [0, 2] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([[], [HIT], []]);
});

test('10: a block that is copied twice has its hit twice, and one more where the copies meet', () => {
  const texts = scanChain(
    tokens,
    'p_abababab ghp_abababab gh',
    [{ copy: [0, REST] }, { insert: ' ' }, { copy: [0, REST] }],
    [{ copy: [27, REST] }, { copy: [27, REST] }],
    [{ copy: [0, 26] }],
  );
  expect(texts.map(({ hits }) => hits.length)).toEqual([1, 2, 3, 1]);
  expect(texts[1]?.asked).toBe(0);
  expect(texts[2]?.asked).toBe(1);
});

test('10: copies that overlap in the base', () => {
  const texts = scanChain(tokens, ' ghp_abababab ', [
    { copy: [0, 9] },
    { copy: [5, 9] },
    { copy: [4, 10] },
    { copy: [0, 14] },
  ]);
  // The first two are joined to a longer body, which is no token.
  expect(texts[1]?.hits).toEqual([HIT]);
});

describe('11: a copy that git has split at 64 KiB', () => {
  const text = `${'-'.repeat(0x10000 - 6)} ghp_abababab ${'-'.repeat(100)}`;

  test('is one run when it is joined: nothing is asked', () => {
    const texts = scanChain(tokens, text, [{ copy: [0, 0x10000] }, { copy: [0x10000, REST] }]);
    expect(texts.map(({ hits }) => hits)).toEqual([[HIT], [HIT]]);
    expect(texts[1]?.asked).toBe(0);
  });

  test('and not joined it is a seam that changes nothing', () => {
    const { memory } = tokens.scanText(Buffer.from(text), { remember: true });
    if (memory === undefined) throw new Error('nothing was remembered');
    const copies = Int32Array.of(0, 0, 0x10000, 0x10000, 0x10000, text.length - 0x10000);
    const { result } = tokens.scanText(Buffer.from(text), { inherit: { base: memory, copies } });
    expect(result?.hits.map(({ span }) => span.start)).toEqual([text.indexOf('ghp_')]);
  });
});

test('12: what is inserted is what stood there: the same text has the same state', () => {
  const base = 'x ghp_abababab y ghp_bbbbbbbb';
  for (let at = 0; at < base.length; at += 1) {
    const texts = scanChain(tokens, base, [
      { copy: [0, at] },
      { insert: base.slice(at, at + 3) },
      { copy: [at + 3, at + 3 >= base.length ? 0 : REST] },
    ]);
    expect(texts[1]?.bytes).toEqual(texts[0]?.bytes);
    expect(texts[1]?.hits.length).toBe(2);
  }
});

describe('15: a run without any boundary', () => {
  const scanner = createScanner(testRuleset(bounded('phase', ['aaa'], '(?P<secret>a{3})', 2, 3)));

  test('one letter before 3,000 shifts nothing, and little is asked', () => {
    const texts = scanChain(
      scanner,
      'a'.repeat(3000),
      [{ insert: 'a' }, { copy: [0, REST] }],
      [{ insert: 'b' }, { copy: [0, REST] }],
      [{ copy: [0, 1500] }, { insert: 'b' }, { copy: [1500, REST] }],
    );
    expect(texts.map(({ records }) => records)).toEqual([2998, 2999, 2999, 2997]);
    for (const { asked } of texts.slice(1)) expect(asked).toBeLessThan(16);
    expect(texts.map(({ capped, hits }) => [capped, hits.length])).toEqual(texts.map(() => [['phase'], 1000]));
  });
});

test('16: an earlier match without the keyword does not eat the one that holds it', () => {
  const scanner = createScanner(testRuleset(bounded('eaten', ['key'], '(?P<secret>x[a-z]{3}|[a-z]key)', 8, 3)));
  const texts = scanChain(
    scanner,
    '..xabckey',
    [{ copy: [0, 2] }, { insert: 'y' }, { copy: [3, REST] }],
    [{ copy: [0, 2] }, { insert: 'xx' }, { copy: [2, REST] }],
    [{ copy: [0, 2] }, { copy: [6, REST] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([['eaten: ckey'], ['eaten: ckey'], ['eaten: ckey'], ['eaten: ckey']]);
});

test('16: the same for a rule that looks back so little that it asks at each byte', () => {
  const scanner = createScanner(testRuleset(bounded('eaten', ['key'], '(?P<secret>x[a-z]{3}|[a-z]key)', 4, 3)));
  const texts = scanChain(scanner, '..xabckey', [{ copy: [3, REST] }], [{ insert: 'x' }, { copy: [0, REST] }]);
  expect(texts.map(({ hits }) => hits)).toEqual([['eaten: ckey'], ['eaten: ckey'], ['eaten: ckey']]);
});

test('17: of two ends in reach, the nearer one goes and comes', () => {
  const scanner = createScanner(
    testRuleset(
      open('greedy', ['gr='], 'gr=(?P<secret>[ab;=]*)=;', 0, 20),
      open('lazy', ['lz='], 'lz=(?P<secret>[ab=]*?)=;', 0, 20),
    ),
  );
  const texts = scanChain(
    scanner,
    'lz=aa=;bb=; gr=aa=;bb=; .................',
    [{ copy: [0, 5] }, { copy: [7, 10] }, { copy: [19, REST] }],
    [{ copy: [0, 5] }, { insert: '=;' }, { copy: [5, REST] }],
    [{ copy: [0, 20] }, { insert: '!' }, { copy: [20, REST] }],
  );
  expect(texts.map(({ hits }) => hits)).toEqual([
    ['lazy: aa', 'greedy: aa=;bb'],
    ['lazy: aabb', 'greedy: aabb'],
    ['lazy: aa', 'greedy: aabb'],
    ['lazy: aa'],
  ]);
});

describe('18: blocks with a cap', () => {
  const BEGIN = '-----BEGIN KEY-----';
  const END = '-----END';
  const CAP = 32_768;
  const scanner = createScanner(
    testRuleset(open('block', ['-----begin'], `${BEGIN}(?P<secret>[A-Za-z0-9\\n]*)${END}`, 0, CAP, true)),
  );
  const block = (size: number): string =>
    `${BEGIN}${`${'Ab9'.repeat(21)}\n`.repeat(600).slice(0, size - BEGIN.length - END.length)}${END}`;

  test('the end one byte inside the cap, at it, one past it, and two', () => {
    const insert = [{ copy: [0, 20_000] as const }, { insert: 'x' }, { copy: [20_000, REST] as const }];
    const texts = scanChain(scanner, `${block(CAP - 1)} `.padEnd(CAP + 10), insert, insert, insert);
    expect(texts.map(({ hits, cut }) => [hits.length, cut])).toEqual([
      [1, []],
      [1, []],
      [0, ['block']],
      [0, []],
    ]);
  });

  test('the middle is edited 20 KB behind the beginning, and becomes no key and a key again', () => {
    const texts = scanChain(
      scanner,
      `x\n${block(30_000)}\ny`,
      [{ copy: [0, 20_000] }, { insert: '!' }, { copy: [20_001, REST] }],
      [{ copy: [0, 20_000] }, { insert: 'Q' }, { copy: [20_001, REST] }],
      [{ insert: 'more\n' }, { copy: [0, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 1, 1]);
    expect(texts[3]?.asked).toBe(0);
  });

  test('a new beginning between ends the first one', () => {
    const texts = scanChain(
      scanner,
      block(3000),
      [{ copy: [0, 1000] }, { insert: BEGIN }, { copy: [1000, REST] }],
      [{ copy: [0, 1000] }, { copy: [1000 + BEGIN.length, REST] }],
      [{ copy: [0, 1000] }, { insert: BEGIN.slice(0, 9) }, { copy: [1000, REST] }],
    );
    expect(texts.map(({ spans }) => spans.map(({ start }) => start))).toEqual([
      [BEGIN.length],
      [1000 + BEGIN.length],
      [BEGIN.length],
      [],
    ]);
  });

  test('a beginning that is cut in two or put together within reach', () => {
    for (let at = 0; at <= BEGIN.length; at += 3) {
      const texts = scanChain(
        scanner,
        `${block(500).slice(0, -END.length)}${BEGIN}Ab9${END}`,
        [{ copy: [0, 492 + at] }, { insert: '\n' }, { copy: [492 + at, REST] }],
        [{ copy: [0, 492 + at] }, { copy: [493 + at, REST] }],
      );
      expect(texts.map(({ hits }) => hits.length)).toEqual([1, at > 0 && at < BEGIN.length ? 0 : 1, 1]);
    }
  });
});

test('18: the next keyword begins within reach and is broken or made behind it', () => {
  const scanner = createScanner(testRuleset(open('stop', ['kkk='], 'kkk=(?P<secret>[ab]{14})kk', 0, 20, true)));
  const texts = scanChain(
    scanner,
    `kkk=${'ab'.repeat(7)}kkk= ..`,
    [{ copy: [0, 21] }, { insert: '!' }, { copy: [22, REST] }],
    [{ copy: [0, 21] }, { insert: '=' }, { copy: [22, REST] }],
  );
  expect(texts.map(({ hits }) => hits.length)).toEqual([0, 1, 0]);
});

test('31: what is known of a slice that ends with its text is not known of one that ends at the next keyword', () => {
  const scanner = createScanner(testRuleset(open('stop', ['kkk='], 'kkk=(?P<secret>[ab]*)', 0, 20, true)));
  const texts = scanChain(scanner, 'kkk=ab', [{ copy: [0, 6] }, { copy: [0, 6] }], [{ copy: [6, 6] }]);
  expect(texts.map(({ spans, cut }) => [spans.map(({ start }) => start), cut])).toEqual([
    [[4], []],
    [[10], ['stop']],
    [[4], []],
  ]);
});

describe('lines: a slice that also ends behind so many line feeds', () => {
  const rule = { ...open('lines', ['key'], '(?P<secret>[a-z\\n]*key[a-z\\n]*)=', 40, 40) };
  const scanner = createScanner(testRuleset({ ...rule, reach: { ...rule.reach, lines: 2 } }));

  test('an edit behind the last line, or before the first, asks nothing', () => {
    const texts = scanChain(
      scanner,
      'far\nb\nc\nkey\nd=\nfar',
      [{ copy: [0, REST] }, { insert: 'er' }],
      [{ insert: 'very ' }, { copy: [0, REST] }],
      [{ copy: [0, 5] }, { insert: 'x' }, { copy: [5, REST] }],
    );
    expect(texts.map(({ hits }) => hits)).toEqual(texts.map(() => ['lines: c\nkey\nd']));
    expect(texts.slice(1).map(({ asked }) => asked)).toEqual([0, 0, 0]);
  });

  test('the line feed that ends what is looked at before a keyword is put in directly before what is copied', () => {
    const texts = scanChain(
      scanner,
      'xxb\nckey=...',
      [{ insert: '\n' }, { copy: [2, REST] }],
      [{ insert: 'xx' }, { copy: [1, REST] }],
    );
    expect(texts.map(({ hits }) => hits)).toEqual([['lines: xxb\nckey'], ['lines: b\nckey'], ['lines: xxb\nckey']]);
  });

  test('a line feed that comes or goes on either side moves the edges', () => {
    const texts = scanChain(
      scanner,
      'a\nb\nckey\nd\ne=\nf',
      [{ copy: [0, 10] }, { copy: [11, REST] }],
      [{ copy: [0, 1] }, { copy: [2, REST] }],
      [{ copy: [0, 2] }, { copy: [3, REST] }],
      [{ copy: [0, 3] }, { insert: '\n' }, { copy: [3, REST] }],
      [{ copy: [0, 7] }, { insert: '\n\n' }, { copy: [7, REST] }],
    );
    expect(texts.map(({ hits }) => hits)).toEqual([
      [],
      ['lines: b\nckey\nde'],
      ['lines: ab\nckey\nde'],
      ['lines: abckey\nde'],
      ['lines: abc\nkey\nde'],
      [],
    ]);
  });
});
