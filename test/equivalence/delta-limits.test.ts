/** Groups 30 and 32: limits that a text reaches and its base does not, and what work an edit costs. */
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../packages/core/src/engine/scanner.ts';
import { forget } from '../../packages/core/src/engine/text-memory.ts';
import { testRule, testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { applyStep, scanChain, type Step } from '../support/delta-chain.ts';
import { bounded, nonlocal, open, TOKEN } from '../support/delta-rules.ts';

const REST = 100_000_000;
const tokens = createScanner(testRuleset(TOKEN));

/** Distinct tokens, one a line. */
function tokenLines(count: number): string {
  return Array.from(
    { length: count },
    (_, at) => `ghp_${at.toString(2).padStart(8, '0').slice(-8).replaceAll('0', 'a').replaceAll('1', 'b')}\n`,
  ).join('');
}

describe('30: limits', () => {
  test('hits of a rule: reached in the base and not in the text, and the reverse', () => {
    const texts = scanChain(
      tokens,
      tokenLines(1001),
      [{ copy: [0, 507] }, { insert: '-' }, { copy: [508, REST] }],
      [{ copy: [0, REST] }, { insert: tokenLines(3) }],
      [{ copy: [13, REST] }],
      [{ copy: [0, 13 * 900] }],
    );
    expect(texts.map(({ hits, capped }) => [hits.length, capped.length])).toEqual([
      [1000, 1],
      [1000, 0],
      [1000, 1],
      [1000, 1],
      [899, 0],
    ]);
    // More than a hit each is remembered.
    expect(texts[0]?.records).toBe(1001);
  });

  test('bytes that are decoded: a run grows over the limit and shrinks again', () => {
    const body = Buffer.from(`A9 ghp_abababab z ${'kL7 mn; '.repeat(98_400)}`.slice(0, 786_429)).toString('base64');
    expect(body.length).toBe(1_048_572);
    const texts = scanChain(
      tokens,
      `"${body}"`,
      [{ copy: [0, 1_000_000] }, { insert: 'QUJDQUJD' }, { copy: [1_000_000, REST] }],
      [{ copy: [0, 100] }, { insert: 'QUJD' }, { copy: [100, REST] }],
      [{ copy: [0, 1_000_000] }, { copy: [1_000_012, REST] }],
    );
    expect(texts.map(({ decodeLimited }) => decodeLimited)).toEqual([false, true, true, false]);
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 1, 1, 1]);
  });

  test('escapes in a run that is longer than is decoded depend on its beginning, however far away', () => {
    const texts = scanChain(
      tokens,
      `x ${'a'.repeat(1_100_000)}%67hp_abababab%20${'b'.repeat(1000)} y`,
      [{ copy: [0, 500_000] }, { insert: ' ' }, { copy: [500_000, REST] }],
      [{ copy: [0, 500_000] }, { copy: [500_001, REST] }],
      [{ insert: 'y' }, { copy: [0, REST] }],
      [{ copy: [0, 1000] }, { insert: '%41' }, { copy: [1000, REST] }],
    );
    expect(texts.map(({ bytes }) => bytes.length > 1_000_000)).toEqual(texts.map(() => true));
  });

  test('a rule over whole texts: its only keyword goes, 1 MB from its match, and comes back', () => {
    const far = `${'-'.repeat(1_000_000)} `;
    const scanner = createScanner(testRuleset(nonlocal('far', ['keyword'], 'x=(?P<secret>[ab]{6})'), TOKEN));
    const texts = scanChain(
      scanner,
      `keyword ${far}x=ababab`,
      [{ insert: '_' }, { copy: [1, REST] }],
      [{ insert: 'k' }, { copy: [1, REST] }],
      [{ copy: [0, REST] }, { insert: ' x=bababa' }],
      [{ copy: [8, REST] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([1, 0, 1, 2, 0]);
  });

  test('rules over whole texts and over slices share a keyword', () => {
    const lines = { ...open('lines', ['keyword'], 'keyword[a-z\\n]*=(?P<secret>[ab]{2})', 0, 40) };
    const scanner = createScanner(
      testRuleset(
        nonlocal('far', ['keyword'], 'x=(?P<secret>[ab]{6})'),
        testRule({ ...lines, reach: { ...lines.reach, lines: 2 } }),
        nonlocal('always', [], 'zz(?P<secret>[0-9]{4})zz'),
      ),
    );
    const texts = scanChain(
      scanner,
      'keyword\na=ab x=ababab zz0123zz',
      [{ copy: [0, 8] }, { insert: '\n' }, { copy: [8, REST] }],
      [{ copy: [0, 8] }, { copy: [9, REST] }],
      [{ copy: [1, REST] }, { copy: [0, 5] }],
      [{ copy: [0, 14] }, { copy: [13, 20] }],
    );
    expect(texts.map(({ hits }) => hits.length)).toEqual([3, 2, 3, 1, 1]);
  });
});

/** What one scan of an edit costs: how often RE2 is asked, and how many occurrences are kept. */
function cost(scanner: typeof tokens, base: string, step: Step): { readonly asked: number; readonly kept: number } {
  let asked = 0;
  const { memory } = scanner.scanText(Buffer.from(base), { remember: true });
  if (memory === undefined) throw new Error('nothing was remembered');
  const { bytes, copies } = applyStep(Buffer.from(base), step);
  const trace = (): number => (asked += 1);
  const derived = scanner.scanText(bytes, { remember: true, inherit: { base: memory, copies }, trace });
  const kept = derived.memory?.count ?? 0;
  forget(memory);
  if (derived.memory !== undefined) forget(derived.memory);
  return { asked, kept };
}

describe('32: cost', () => {
  const dense = createScanner(testRuleset(bounded('dense', ['key'], 'key[ab](?P<secret>[ab]{8})', 0, 12)));

  test('a keyword every three bytes: a whole text asks once for each, an edit a handful', () => {
    for (const count of [20_000, 80_000]) {
      const text = 'key'.repeat(count);
      const one = cost(dense, text, [{ copy: [0, 31] }, { insert: 'x' }, { copy: [31, REST] }]);
      expect(one.kept).toBe(count - 1);
      expect(one.asked).toBeLessThan(12);
      expect(cost(dense, '', [{ insert: text }]).asked).toBe(count);
    }
  });

  test('a keyword every three bytes over 20 MB', () => {
    const rule = testRule({
      ...bounded('dense', ['eyke'], 'eykex(?P<secret>[ab]{2})', 0, 7),
      // The kernel itself sees that no x follows.
      after: [{ set: `${'00'.repeat(15)}01${'00'.repeat(16)}`, min: 1 }],
    });
    const { kept, asked } = cost(createScanner(testRuleset(rule)), 'key'.repeat(7_000_000), [
      { copy: [0, 9_999_999] },
      { insert: 'keykexabeykexbb' },
      { copy: [9_999_999, REST] },
    ]);
    expect(kept).toBe(7_000_001);
    // Refused or asked: both are told when everything is traced.
    expect(asked).toBeLessThan(12);
  });

  test('40,000 copies of a byte each: what is found and asked grows as their number', () => {
    const base = 'key'.repeat(40_000);
    for (const count of [10_000, 40_000]) {
      const step = Array.from({ length: count }, (_, at) => ({ copy: [at * 3 + ((at * 2) % 3), 1] as const }));
      const { kept, asked } = cost(dense, base, step);
      expect(kept).toBeLessThanOrEqual(count / 3 + 1);
      expect(asked).toBeLessThanOrEqual(count / 3 + 1);
    }
  });

  test('a chain of 4,095 texts: each asks about its own edit alone', () => {
    let bytes: Uint8Array = Buffer.from('key\n'.repeat(500));
    let { memory } = dense.scanText(bytes, { remember: true });
    let asked = 0;
    for (let at = 0; at < 4095; at += 1) {
      if (memory === undefined) throw new Error('nothing was remembered');
      const next = applyStep(bytes, [{ copy: [0, 800] }, { insert: `${at % 10}` }, { copy: [801, REST] }]);
      const derived = dense.scanText(next.bytes, {
        remember: true,
        inherit: { base: memory, copies: next.copies },
        trace: () => (asked += 1),
      });
      forget(memory);
      ({ memory } = derived);
      bytes = Uint8Array.from(next.bytes);
    }
    expect(memory?.count).toBe(499);
    expect(asked).toBeLessThan(4095 * 6);
  });

  test('very many records on one line, most of them within one hit', () => {
    const inner = bounded('inner', ['key'], '(?P<secret>key)', 0, 3);
    const count = 60_000;
    const text = 'key'.repeat(count);
    const apart = createScanner(testRuleset(inner)).scan(Buffer.from(text));
    expect([apart.hits.length, apart.capped]).toEqual([1000, ['inner']]);
    const all = nonlocal('all', ['key'], '(?P<secret>k[a-z]+)');
    const { hits, capped } = createScanner(testRuleset(inner, all)).scan(Buffer.from(text));
    expect(hits.map(({ program, span, alsoMatched }) => [program.rule.id, span.end, alsoMatched])).toEqual([
      ['all', 3 * count, ['inner']],
    ]);
    expect(capped).toEqual([]);
  });
});
