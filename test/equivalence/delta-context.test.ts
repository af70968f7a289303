/** Groups 19 to 22: what is decided outside a match, by comments, allow-lists, companions and other hits. */
import { describe, expect, test } from 'vitest';
import { checksumGenerators } from '../../packages/core/src/engine/filters/checksums.ts';
import { createScanner } from '../../packages/core/src/engine/scanner.ts';
import { testRule, testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import type { AllowList, Companion, Rule } from '../../packages/core/src/types/index.ts';
import { scanChain } from '../support/delta-chain.ts';
import { bounded, TOKEN } from '../support/delta-rules.ts';
import { reportChain } from '../support/report-chain.ts';

const REST = 100_000_000;
const SECRET = 'ghp_abababab';

describe('19: comments that ask to ignore', () => {
  const markers = async (first: string, ...steps: Parameters<typeof reportChain>[2][]): Promise<readonly string[][]> =>
    (await reportChain(testRuleset(TOKEN), first, ...steps)).map(
      (report) => report?.hits.map(({ inline }) => inline?.marker ?? '') ?? [],
    );

  test('come, go and move from the line before, while the line of the secret stays', async () => {
    const texts = await markers(
      `key ${SECRET} x\nend\n`,
      [{ insert: '# unleak:allow\n' }, { copy: [0, REST] }],
      [{ copy: [15, 18] }, { insert: ' # unleak:allow' }, { copy: [33, REST] }],
      [{ copy: [0, 18] }, { copy: [33, REST] }],
    );
    expect(texts).toEqual([[''], ['unleak:allow'], ['unleak:allow'], ['']]);
  });

  test('a line feed comes between comment and secret, and goes', async () => {
    const texts = await markers(
      `# gitleaks:allow\n${SECRET}\n`,
      [{ copy: [0, 17] }, { insert: '\n' }, { copy: [17, REST] }],
      [{ copy: [0, 17] }, { copy: [18, REST] }],
    );
    expect(texts.map(([marker]) => marker !== '')).toEqual([false, false, false]);
    const same = await markers(
      `${SECRET} # gitleaks:allow\n`,
      [{ copy: [0, 12] }, { insert: '\n' }, { copy: [12, REST] }],
      [{ copy: [0, 12] }, { copy: [13, REST] }],
    );
    expect(same.map(([marker]) => marker !== '')).toEqual([true, false, true]);
  });

  test('the comment is in the base alone, or its own bytes are two copies that meet', async () => {
    const texts = await markers(
      `unleak: ${SECRET} # allow;\n`,
      [{ copy: [8, 15] }, { copy: [0, 7] }, { copy: [23, REST] }],
      [{ copy: [0, 15] }, { copy: [18, REST] }],
    );
    expect(texts).toEqual([[''], ['unleak:allow'], ['']]);
  });
});

function allowing(target: AllowList['target'], pattern: string): Rule {
  const list: AllowList = { condition: 'any', patterns: [pattern], target, words: [], pathPatterns: [], commits: [] };
  return testRule({ ...TOKEN, allow: [list] });
}

describe('20: allow-lists on the line', () => {
  const scanner = createScanner(testRuleset(allowing('line', 'allowme')));

  test.each([
    [511, true],
    [512, true],
    [513, false],
  ])('a word that ends %i bytes behind the match, and comes and goes', (distance, isAllowed) => {
    const gap = '.'.repeat(distance - 7);
    const texts = scanChain(
      scanner,
      `; ${SECRET}${gap}allowyo tail\n`,
      [{ copy: [0, 14 + gap.length + 5] }, { insert: 'me' }, { copy: [14 + gap.length + 7, REST] }],
      [{ copy: [0, 14 + gap.length + 5] }, { insert: 'us' }, { copy: [14 + gap.length + 7, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, isAllowed ? 0 : 1, 1]);
    // What is allowed stays known, for when it is allowed no more.
    expect(texts.map(({ records }) => records)).toEqual([1, 1, 1]);
    expect(texts.map(({ asked }) => asked)).toEqual([1, 0, 0]);
  });

  test('a word before the match, on its line and on the one before', () => {
    const texts = scanChain(
      scanner,
      `allowme ${SECRET}\n`,
      [{ copy: [0, 7] }, { insert: '\n' }, { copy: [8, REST] }],
      [{ copy: [0, 7] }, { insert: '\t' }, { copy: [8, REST] }],
      [{ copy: [0, 7] }, { insert: '.'.repeat(504) }, { copy: [7, REST] }],
      [{ copy: [0, 7] }, { insert: '.' }, { copy: [7, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([0, 1, 0, 0, 1]);
  });

  test('in a text of one line of 5 MB', () => {
    const texts = scanChain(
      scanner,
      `${'x'.repeat(2_500_000)} ${SECRET} allowme ${'y'.repeat(2_500_000)}`,
      [{ copy: [0, 2_500_014] }, { copy: [2_500_021, REST] }],
      [{ copy: [0, 2_500_014] }, { insert: 'allowme' }, { copy: [2_500_014, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([0, 1, 0]);
  });
});

describe('21: companions', () => {
  const companion: Companion = {
    name: 'id',
    pattern: '\\bid=(?P<secret>[a-z]{4})\\b',
    within: 4096,
    lines: 2,
    required: true,
  };
  const scanner = createScanner(testRuleset(testRule({ ...TOKEN, companions: [companion] })));
  const parts = (texts: ReturnType<typeof scanChain>): string[] =>
    texts.map(({ bytes }) =>
      scanner
        .scan(bytes)
        .hits.map((hit) => Buffer.from(hit.parts['id']?.bytes ?? []).toString())
        .join(),
    );

  test('the part goes, and comes back two versions later; what it belongs to was copied all the time', () => {
    const texts = scanChain(
      scanner,
      `id=abcd\n${SECRET}\nend\n`,
      [{ copy: [0, 3] }, { copy: [7, REST] }],
      [{ copy: [0, REST] }, { insert: 'more\n' }],
      [{ copy: [0, 3] }, { insert: 'wxyz' }, { copy: [3, REST] }],
    );
    expect(parts(texts)).toEqual(['abcd', '', '', 'wxyz']);
    expect(texts.map(({ records }) => records)).toEqual([1, 1, 1, 1]);
    expect(texts.map(({ asked }) => asked)).toEqual([1, 0, 0, 0]);
  });

  test('a nearer one is put in, one as near behind, and one that is farther', () => {
    const texts = scanChain(
      scanner,
      `id=kxqz\n.\n${SECRET}\n.\n`,
      [{ copy: [0, 8] }, { insert: 'id=wjvy...' }, { copy: [9, REST] }],
      [{ copy: [0, REST] }, { insert: 'id=hgrm\n' }],
      [{ copy: [0, 31] }, { insert: '\nid=pnfd' }, { copy: [31, REST] }],
      [{ copy: [0, 31] }, { insert: ' ' }, { copy: [31, REST] }],
    );
    expect(parts(texts)).toEqual(['kxqz', 'wjvy', 'wjvy', 'pnfd', 'wjvy']);
  });

  test('as many lines away as are allowed, and one more', () => {
    const texts = scanChain(
      scanner,
      `id=abcd\n\n${SECRET}\n`,
      [{ copy: [0, 8] }, { insert: '\n' }, { copy: [8, REST] }],
      [{ copy: [0, 8] }, { copy: [9, REST] }],
      [{ insert: '\n\n' }, { copy: [9, REST] }, { insert: '\nid=wxyz' }],
      [{ copy: [0, 14] }, { insert: '\n' }, { copy: [14, REST] }],
    );
    expect(parts(texts)).toEqual(['abcd', '', 'abcd', 'wxyz', '']);
  });

  test('as many bytes away as are allowed, and one more', () => {
    const grow = [{ copy: [0, 100] as const }, { insert: '.' }, { copy: [100, REST] as const }];
    const shrink = [{ copy: [0, 100] as const }, { copy: [101, REST] as const }];
    const first = `id=abcd ${'.'.repeat(4096 - 10)} ${SECRET}`;
    const texts = scanChain(scanner, first, grow, shrink, grow);
    expect(texts.map(({ bytes }) => bytes.length - SECRET.length)).toEqual([4095, 4096, 4095, 4096]);
    expect(parts(texts)).toEqual(['abcd', 'abcd', 'abcd', 'abcd']);
    const more = scanChain(scanner, first, grow, grow, shrink);
    expect(parts(more)).toEqual(['abcd', 'abcd', '', 'abcd']);
  });
});

describe('22: hits that cover one another', () => {
  const rules = [
    bounded('a', ['aaa='], 'aaa=(?P<secret>[a-z.]{9})', 0, 13),
    bounded('b', ['bbb.'], '(?P<secret>bbb\\.[a-z.]{5})', 0, 9),
    bounded('c', ['ccc.'], '(?P<secret>ccc\\.[a-z]{2,5})', 0, 9),
  ];
  const scanner = createScanner(testRuleset(...rules));
  const REST_OF = 'aaa=x.bbb.ccc.yy;';

  test('of a chain of overlaps, the first goes and comes', () => {
    const texts = scanChain(
      scanner,
      REST_OF,
      [{ insert: '-' }, { copy: [1, REST] }],
      [{ insert: 'a' }, { copy: [1, REST] }],
      [{ copy: [0, 6] }, { insert: 'x' }, { copy: [7, REST] }],
      [{ copy: [0, 6] }, { insert: 'b' }, { copy: [7, REST] }],
    );
    expect(texts.map(({ hits }) => hits)).toEqual([
      ['a: x.bbb.ccc', 'b: bbb.ccc.y', 'c: ccc.yy'],
      ['b: bbb.ccc.y', 'c: ccc.yy'],
      ['a: x.bbb.ccc', 'b: bbb.ccc.y', 'c: ccc.yy'],
      ['a: x.xbb.ccc', 'c: ccc.yy'],
      ['a: x.bbb.ccc', 'b: bbb.ccc.y', 'c: ccc.yy'],
    ]);
  });

  test('what covers another goes, and what was covered is there', () => {
    const covering = bounded('over', ['aaa='], 'aaa=(?P<secret>[a-z.]{9,20});', 0, 25);
    const texts = scanChain(
      createScanner(testRuleset(covering, ...rules.slice(1))),
      REST_OF,
      [{ copy: [0, 2] }, { insert: '-' }, { copy: [3, REST] }],
      [{ copy: [0, 2] }, { insert: 'a' }, { copy: [3, REST] }],
    );
    expect(texts.map(({ hits }) => hits)).toEqual([
      ['over: x.bbb.ccc.yy'],
      ['b: bbb.ccc.y', 'c: ccc.yy'],
      ['over: x.bbb.ccc.yy'],
    ]);
    expect(texts.map(({ records }) => records)).toEqual([3, 2, 3]);
  });

  test('a specific rule before a generic one, until one bit of its checksum is wrong', () => {
    const body = 'glx_abababababab.01.0a';
    const secret = `${body}${checksumGenerators['gitlab-crc32']?.(Buffer.from(body)) ?? ''}`;
    const specific = testRule({
      ...bounded('specific', ['glx_'], '\\b(?P<secret>glx_[a-z0-9.]{12,40})\\b', 0, 45),
      checksum: 'gitlab-crc32',
    });
    const generic = testRule({
      ...bounded('generic', ['key='], 'key=(?P<secret>[a-z0-9_.]{12,44})', 0, 48),
      rank: 'generic',
    });
    const scanner = createScanner(testRuleset(specific, generic));
    const wrong = String.fromCharCode(secret.charCodeAt(secret.length - 1) ^ 1);
    const texts = scanChain(
      scanner,
      `key=${secret}\n`,
      [{ copy: [0, 3 + secret.length] }, { insert: wrong }, { insert: '\n' }],
      [{ copy: [0, 3 + secret.length] }, { insert: secret.slice(-1) }, { insert: '\n' }],
      [{ insert: 'k' }, { copy: [0, 3] }, { insert: 's=' }, { copy: [4, REST] }],
    );
    expect(texts.map(({ hits }) => hits.map((hit) => hit.split(':')[0]))).toEqual([
      ['specific'],
      ['generic'],
      ['specific'],
      ['specific'],
    ]);
  });
});
