import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, latin1Text } from '../bytes/ascii.ts';
import type { Rule } from '../types/index.ts';
import { checksumGenerators } from './filters/checksums.ts';
import { createScanner } from './scanner.ts';
import { testRule, testRuleset } from './test-rules.ts';
import type { TraceEvent } from './trace.ts';

const token = testRule({ id: 'tok', keywords: ['tok_'], pattern: '\\b(?P<secret>tok_[0-9a-z]{8})\\b' });

function secrets(rules: readonly Rule[], text: string | Uint8Array): string[] {
  const bytes = typeof text === 'string' ? ascii(text) : text;
  return createScanner(testRuleset(...rules))
    .scan(bytes)
    .hits.map((hit) => `${hit.program.rule.id}:${latin1Text(hit.secret)}@${hit.span.start}`);
}

test('what has a right checksum is no placeholder, whatever words it holds', () => {
  const of = checksumGenerators['github-crc32'];
  const rule = testRule({
    id: 'tok',
    keywords: ['tok_'],
    pattern: '\\b(?P<secret>tok_[0-9A-Za-z]{36})\\b',
    checksum: 'github-crc32',
    placeholders: true,
  });
  const body = 'FAKEexampleplaceholder01234567';
  expect(secrets([rule], `x tok_${body}${of?.(ascii(`tok_${body}`)) ?? ''}`)).toHaveLength(1);
  expect(secrets([rule], `x tok_${body}000000`)).toEqual([]);
  const { checksum: _, ...unchecked } = rule;
  expect(secrets([unchecked], `x tok_${body}000000`)).toEqual([]);
});

describe('a rule at a keyword', () => {
  test('finds the secret and its exact place, several times', () => {
    expect(secrets([token], 'a tok_1234abcd, tok_zzzz9999')).toEqual(['tok:tok_1234abcd@2', 'tok:tok_zzzz9999@16']);
  });

  test('guard bytes: a word character on either side is no boundary', () => {
    expect(secrets([token], 'xtok_1234abcd')).toEqual([]);
    expect(secrets([token], 'tok_1234abcde')).toEqual([]);
    expect(secrets([token], '.tok_1234abcd.')).toEqual(['tok:tok_1234abcd@1']);
  });

  test('the end of the slice is not the end of the text', () => {
    const rule = testRule({
      id: 'end',
      keywords: ['key='],
      pattern: 'key=(?P<secret>[a-z]+)$',
      reach: { class: 'open', back: 0, forward: 10, stopAtNext: false, lines: 0 },
    });
    expect(secrets([rule], 'key=abcdef')).toEqual(['end:abcdef@4']);
    expect(secrets([rule], `key=${'a'.repeat(30)}`)).toEqual([]);
  });

  test('text end exactly at, one before and one after the reach', () => {
    const rule = testRule({
      id: 'end',
      keywords: ['key='],
      pattern: 'key=(?P<secret>[a-z]{1,40})(?:;|$)',
      reach: { class: 'open', back: 0, forward: 12, stopAtNext: false, lines: 0 },
    });
    expect(secrets([rule], `key=${'a'.repeat(7)}`)).toHaveLength(1);
    expect(secrets([rule], `key=${'a'.repeat(8)}`)).toHaveLength(1);
    expect(secrets([rule], `key=${'a'.repeat(9)}`)).toHaveLength(0);
  });

  test('an open match that reaches its cap is flagged', () => {
    const rule = testRule({
      id: 'open',
      keywords: ['key='],
      pattern: 'key=(?P<secret>[a-z]+)',
      reach: { class: 'open', back: 0, forward: 12, stopAtNext: false, lines: 0 },
    });
    const result = createScanner(testRuleset(rule)).scan(ascii(`key=${'a'.repeat(40)}`));
    expect(result.hits).toEqual([]);
    expect(result.cut).toEqual(['open']);
  });

  test('an earlier match that does not hold the keyword cannot eat the right one', () => {
    const rule = testRule({
      id: 'pair',
      keywords: ['bb_'],
      pattern: '[a-z]_?[a-z]{2}_(?P<secret>[0-9]{2})|aa_[0-9]{2}x',
      reach: { class: 'bounded', back: 12, forward: 12, stopAtNext: false, lines: 0 },
    });
    expect(secrets([rule], 'aa_11xabb_22')).toEqual(['pair:22@10']);
  });

  test('a rule that stops at its next keyword does not read past it', () => {
    const rule = testRule({
      id: 'block',
      keywords: ['begin'],
      pattern: 'begin(?P<secret>[a-z ]*?)end',
      reach: { class: 'open', back: 0, forward: 100, stopAtNext: true, lines: 0 },
    });
    expect(secrets([rule], 'begin one begin two end')).toEqual(['block: two @15']);
  });

  test('an empty text, and one shorter than any keyword', () => {
    expect(secrets([token], '')).toEqual([]);
    expect(secrets([token], 'to')).toEqual([]);
  });
});

describe('bytes that are not UTF-8', () => {
  test('a token between Latin-1 bytes is found at its place', () => {
    const quoted = testRule({
      id: 'quoted',
      keywords: ['name='],
      pattern: 'name="(?P<secret>[^"]+)"',
      reach: { class: 'open', back: 0, forward: 64, stopAtNext: false, lines: 0 },
    });
    const text = Buffer.from('é name="pässwörd" tok_1234abcd ü', 'latin1');
    expect(secrets([quoted, token], text)).toEqual([`quoted:p\u00e4ssw\u00f6rd@8`, 'tok:tok_1234abcd@18']);
  });

  test('NUL bytes around a token do not hide it', () => {
    expect(secrets([token], Uint8Array.of(0, 0, ...ascii('tok_1234abcd'), 0))).toEqual(['tok:tok_1234abcd@2']);
  });
});

describe('decoded texts', () => {
  test('a token in base64, in base64 of base64, and in UTF-16, with the span of what encodes it', () => {
    const inner = Buffer.from('Value 1: tok_1234abcd; and More').toString('base64');
    const outer = Buffer.from(`Data 7 = ${inner} Z`).toString('base64');
    const scan = (text: string | Uint8Array): { decoded: readonly string[]; text: string }[] => {
      const bytes = typeof text === 'string' ? ascii(text) : text;
      return createScanner(testRuleset(token))
        .scan(bytes)
        .hits.map((h) => ({ decoded: h.decoded, text: latin1Text(bytes.subarray(h.span.start, h.span.end)) }));
    };
    const [once] = scan(`x ${inner} y`);
    expect(once?.decoded).toEqual(['base64']);
    expect(Buffer.from(once?.text ?? '', 'base64').toString()).toContain('tok_1234abcd');
    expect(scan(`x ${outer} y`)[0]?.decoded).toEqual(['base64', 'base64']);
    expect(scan(Buffer.from('say tok_1234abcd now', 'utf16le'))).toEqual([
      { decoded: ['utf-16'], text: 't\0o\0k\0_\x001\x002\x003\x004\0a\0b\0c\0d\0' },
    ]);
  });

  test('depth 0 decodes nothing, depth 1 once', () => {
    const inner = Buffer.from('Value 1: tok_1234abcd; and More').toString('base64');
    const outer = Buffer.from(`Data 7 = ${inner} Z`).toString('base64');
    const count = (maxDecodeDepth: number, text: string): number =>
      createScanner(testRuleset(token), { maxDecodeDepth }).scan(ascii(text)).hits.length;
    expect([count(0, inner), count(1, inner), count(1, outer), count(2, outer)]).toEqual([0, 1, 0, 1]);
  });
});

describe('what looks beyond a match', () => {
  const generic = testRule({
    id: 'gen',
    keywords: ['secret'],
    pattern: 'secret=(?P<secret>[^;\\s]{4,40})',
    rank: 'generic',
    confidence: 'low',
  });

  test('a generic hit yields to a specific one on the same bytes and is remembered', () => {
    const [hit] = createScanner(testRuleset(token, generic)).scan(ascii('secret=tok_1234abcd')).hits;
    expect([hit?.program.rule.id, hit?.alsoMatched]).toEqual(['tok', ['gen']]);
  });

  test('a secret within another of the same rank goes', () => {
    const url = testRule({ id: 'url', keywords: ['://'], pattern: '://(?P<secret>\\S{4,40})' });
    expect(secrets([token, url], 'x://u:tok_1234abcd@h')).toEqual(['url:u:tok_1234abcd@h@4']);
  });

  test('of equal spans the rule with a higher confidence stays, then the lower id', () => {
    const twin = { ...token, id: 'a-twin', confidence: 'medium' as const };
    const other = { ...token, id: 'zwilling' };
    const [hit] = createScanner(testRuleset(twin, other, token)).scan(ascii('tok_1234abcd')).hits;
    expect([hit?.program.rule.id, hit?.alsoMatched]).toEqual(['tok', ['a-twin', 'zwilling']]);
  });

  const key = { name: 'key', pattern: '\\bk(?P<secret>[0-9]{6})\\b', within: 40, lines: 1, required: true };
  const pair = testRule({
    id: 'pair',
    keywords: ['id_'],
    pattern: '\\b(?P<secret>id_[0-9]{4})\\b',
    companions: [key],
  });
  const parts = (text: string): (string | undefined)[] =>
    createScanner(testRuleset(pair))
      .scan(ascii(text))
      .hits.map((h) => h.parts['key'] && latin1Text(h.parts['key'].bytes));

  test('the nearest companion wins, at equal distance the one after', () => {
    expect(parts('k482913 .. id_1234 k730156')).toEqual(['730156']);
    expect(parts('k482913 id_1234 ..... k730156')).toEqual(['482913']);
    expect(parts('k482913  id_1234 k730156')).toEqual(['730156']);
  });

  test('the nearest companion wins, however many stand before it', () => {
    const wide = { ...pair, companions: [{ ...key, within: 4096, lines: 1000 }] };
    const nearestOf = (text: string): (string | undefined)[] =>
      createScanner(testRuleset(wide))
        .scan(ascii(text))
        .hits.map((h) => h.parts['key'] && latin1Text(h.parts['key'].bytes));
    const others = Array.from({ length: 300 }, (_, at) => `k${482_913 + 7919 * at}`).join('\n');
    expect(nearestOf(`${others}\nk730156 id_1234`)).toEqual(['730156']);
    expect(nearestOf(`${others}\n.. id_1234 k730156\n${others}`)).toEqual(['730156']);
    expect(nearestOf(`id_1234 k730156\n${others}`)).toEqual(['730156']);
  });

  test('of companions that stand everywhere, one near the match wins all the same', () => {
    const tiny = { ...key, pattern: '(?P<secret>[a-z][0-9])', within: 4096, lines: 1000 };
    const scanner = createScanner(testRuleset({ ...pair, companions: [tiny] }));
    const [hit] = scanner.scan(ascii(`${'a1 '.repeat(1300)}x7 id_1234  ${'b2 '.repeat(1300)}`)).hits;
    expect(hit?.parts['key'] && latin1Text(hit.parts['key'].bytes)).toBe('x7');
  });

  test('a part of a pair is not reported again by a rule of its own', () => {
    const key = testRule({ id: 'key', keywords: ['k730'], pattern: '\\bk(?P<secret>[0-9]{6})\\b' });
    const [hit, ...others] = createScanner(testRuleset(pair, key)).scan(ascii('id_1234 k730156')).hits;
    expect([hit?.program.rule.id, hit?.alsoMatched, others.length]).toEqual(['pair', ['key'], 0]);
    expect(secrets([pair, key], 'k730156')).toEqual(['key:730156@1']);
  });

  test('a required companion beyond the lines or bytes allowed means no hit', () => {
    expect(parts('id_1234\nk730156')).toEqual(['730156']);
    expect(parts('id_1234\n\nk730156')).toEqual([]);
    expect(parts(`id_1234 ${' '.repeat(40)}k730156`)).toEqual([]);
  });

  test('an allow-list on the line sees 512 bytes on each side of the match, and no further line', () => {
    const rule = {
      ...token,
      allow: [
        {
          condition: 'any' as const,
          patterns: ['sample'],
          target: 'line' as const,
          words: [],
          pathPatterns: [],
          commits: [],
        },
      ],
    };
    expect(secrets([rule], 'sample tok_1234abcd')).toEqual([]);
    expect(secrets([rule], 'sample\ntok_1234abcd\nsample')).toHaveLength(1);
    expect(secrets([rule], `sample${' '.repeat(506)}tok_1234abcd`)).toHaveLength(0);
    expect(secrets([rule], `sample${' '.repeat(507)}tok_1234abcd`)).toHaveLength(1);
  });
});

test('explain names the gate that stopped a candidate', () => {
  const rule = { ...token, minEntropy: 3.5 };
  const events: TraceEvent[] = [];
  createScanner(testRuleset(rule)).scan(ascii('tok_aaaaaaaa tok_short'), (event) => events.push(event));
  expect(events.map((e) => [e.at.start, e.gate, e.passed])).toEqual([
    [0, 'entropy', false],
    [13, 'pattern', false],
  ]);
});

test('a bounded rule finds exactly what a search from every start finds', () => {
  const rule = testRule({
    id: 'b',
    keywords: ['ab'.concat('c')],
    pattern: '(?:^|[^x])(?P<secret>x?abc[yz]{0,3})(?:;|$)',
    reach: { class: 'bounded', back: 6, forward: 10, stopAtNext: false, lines: 0 },
  });
  const anywhere = /(?:^|[^x])(x?abc[yz]{0,3})(?:;|$)/dg;
  const text = fc.array(fc.constantFrom('abc', 'x', 'y', 'z', ';', ' '), { maxLength: 30 }).map((a) => a.join(''));
  fc.assert(
    fc.property(text, (t) => {
      const expected = new Set<number>();
      for (let at = 0; at <= t.length; at++) {
        anywhere.lastIndex = at;
        const m = anywhere.exec(t);
        if (m?.indices?.[1] !== undefined) expected.add(m.indices[1][0]);
      }
      const got = createScanner(testRuleset(rule))
        .scan(ascii(t))
        .hits.map((h) => h.span.start);
      expect(new Set(got)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
