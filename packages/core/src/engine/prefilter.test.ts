import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii } from '../bytes/ascii.ts';
import { engineKernel } from './kernel.ts';
import { OccurrenceScan } from './occurrence-scan.ts';
import { layTables } from './tables.ts';
import type { ByteCondition } from './tables.ts';
import { placedText } from './test-placing.ts';

/** Occurrences of the keywords, one rule each: of those of up to twelve bytes as found, of longer ones as told. */
function found(keywords: readonly string[], bytes: Uint8Array, after?: ByteCondition): [number, string][] {
  const tables = layTables(
    keywords.map((keyword, rule) => ({
      rule,
      keyword,
      back: 0,
      forward: 64,
      stopAtNext: false,
      lines: 0,
      nonlocal: false,
      gate: 0,
      after,
      run: undefined,
      around: undefined,
    })),
  );
  engineKernel().configure(tables.at);
  const scan = new OccurrenceScan();
  scan.scan(placedText(bytes), undefined, false);
  return Array.from({ length: scan.candidates }, (_, i): [number, number] => [
    scan.candidate(i, 1),
    tables.entries[scan.candidate(i, 2) >>> 3]?.rule ?? -1,
  ])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map(([position, rule]) => [position, keywords[rule] ?? '?']);
}

/** Every position of every keyword, by looking everywhere. */
function everywhere(keywords: readonly string[], bytes: Uint8Array): [number, string][] {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[A-Z]/g, (c) => c.toLowerCase());
  const all: [number, string, number][] = [];
  for (const [index, keyword] of keywords.entries()) {
    for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) all.push([at, keyword, index]);
  }
  return all.sort((a, b) => a[0] - b[0] || a[2] - b[2]).map(([at, keyword]) => [at, keyword]);
}

describe('prefilter', () => {
  test('reports each position of each keyword, case ignored for ASCII', () => {
    expect(found(['glpat-', 'secret'], ascii('Secret=GLPAT-x secret'))).toEqual([
      [0, 'secret'],
      [7, 'glpat-'],
      [15, 'secret'],
    ]);
  });

  test('reports overlapping occurrences and keywords inside keywords', () => {
    expect(found(['aaa', 'aaaa'], ascii('aaaaa'))).toEqual([
      [0, 'aaa'],
      [0, 'aaaa'],
      [1, 'aaa'],
      [1, 'aaaa'],
      [2, 'aaa'],
    ]);
  });

  test('finds a keyword of three bytes as the last bytes of a text', () => {
    expect(found(['abc'], ascii('xxabc'))).toEqual([[2, 'abc']]);
    expect(found(['abc'], ascii('abc'))).toEqual([[0, 'abc']]);
  });

  test('a keyword of three bytes with known continuations is reported before those alone', () => {
    const digits = Uint8Array.from({ length: 256 }, (_, b) => (b >= 0x30 && b <= 0x39 ? 1 : 0));
    const at = found(['abc'], ascii('abc1 ABC9 abcd abc'), { set: digits, min: 1 }).map(([position]) => position);
    expect(at).toEqual([0, 5]);
  });

  test('does not fold beyond ASCII: the Kelvin sign is no k', () => {
    expect(found(['key'], new TextEncoder().encode('\u212aey'))).toEqual([]);
  });

  test('grows with the number of occurrences', () => {
    expect(found(['aaa'], new Uint8Array(5000).fill(97))).toHaveLength(4998);
  });

  test('equals a search for each keyword on its own', () => {
    const letters = fc.constantFrom('a', 'b', 'A', '_', '\n', '=', 'é');
    const text = fc.array(letters, { maxLength: 200 }).map((a) => new TextEncoder().encode(a.join('')));
    const keyword = fc
      .array(fc.constantFrom('a', 'b', '_', '='), { minLength: 3, maxLength: 16 })
      .map((a) => a.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(keyword, { minLength: 1, maxLength: 12 }), text, (keywords, bytes) => {
        expect(found(keywords, bytes)).toEqual(everywhere(keywords, bytes));
      }),
      { numRuns: 300 },
    );
  });
});
