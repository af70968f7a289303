import { describe, expect, test } from 'vitest';
import { findRule, ruleAt } from './find-rule.ts';
import { packRuleset, unpackRuleset } from './packed.ts';
import type { PackedIndex, PackedRuleset } from './packed.ts';
import { RuleError } from './problem.ts';
import { buildRuleset, rulesetOf } from './ruleset.ts';
import { overrideRules, selectRules } from './select.ts';
import { SelectionError } from './selection-error.ts';
import { SHARED_PARTS } from './shorthand.ts';
import { ruleYaml } from './test-rules.ts';
import type { Rule, Ruleset } from '../types/index.ts';

const file = (
  name: string,
  ...changes: readonly Readonly<Record<string, unknown>>[]
): { name: string; text: string } => ({ name, text: ruleYaml(...changes) });
const ids = (set: Ruleset): string[] => set.rules.map((rule) => rule.id);

const small = buildRuleset([
  file(
    'b.yaml',
    { id: 'acme-z', tags: ['ci'], confidence: 'low' },
    { id: 'acme-a', paths: { only: ['**/.env'] }, companions: [{ name: 'id', pattern: '(?P<secret>x)', entropy: 2 }] },
  ),
  file(
    'a.yaml',
    {
      id: 'acme-m',
      pattern: undefined,
      keywords: ['acme'],
      assign: { name: 'acme', value: '[0-9]{16}' },
      aliases: { gitleaks: ['acme'] },
    },
    { id: 'acme-o', pattern: '(?P<secret>acme_[0-9]+)', allow: [{ words: ['X'] }] },
  ),
]);

describe('building', () => {
  test('the rules are sorted by id, whatever the order of the files', () => {
    expect(ids(small)).toEqual(['acme-a', 'acme-m', 'acme-o', 'acme-z']);
    expect(small.digest).toMatch(/^[0-9a-f]{32}$/);
  });
  test('the digest tells sets apart that find different things', () => {
    const one = buildRuleset([file('a.yaml', {})]);
    expect(buildRuleset([file('b.yaml', { title: 'Other' })]).digest).toBe(one.digest);
    expect(buildRuleset([file('a.yaml', { entropy: 1 })]).digest).not.toBe(one.digest);
    expect(rulesetOf([]).digest).not.toBe(one.digest);
  });
  test('everything that is wrong is said at once', () => {
    const broken = [
      file('a.yaml', {}, { id: 'acme-two', pattern: '(' }),
      file('b.yaml', {}),
      { name: 'c.yaml', text: 'provider: 1\n' },
    ];
    expect(() => buildRuleset(broken)).toThrow(RuleError);
    try {
      buildRuleset(broken);
    } catch (error) {
      const messages = error instanceof RuleError ? error.message.split('\n') : [];
      expect(messages.some((m) => /^a\.yaml:\d+: acme-two: pattern: /.test(m))).toBe(true);
      expect(messages.some((m) => /^b\.yaml:4: acme-key: the id is already used in a\.yaml$/.test(m))).toBe(true);
      expect(messages.some((m) => m.startsWith('c.yaml:1: provider: '))).toBe(true);
    }
  });
});

describe('packing', () => {
  // Every member that a rule file can set, at least once.
  const [first] = buildRuleset([
    file('c.yaml', {
      id: 'acme-all',
      pattern: '(?P<secret>acme_[0-9]+)',
      reach: 2048,
      rank: 'generic',
      words: false,
      placeholders: false,
      reportAlone: false,
      identity: 'pem',
      minLength: 9,
      entropy: 1.25,
      gate: 'assignment',
      checksum: 'npm-crc32',
      kind: 'password',
      severity: 'low',
      confidence: 'medium',
      tags: ['a', 'b'],
      keywords: ['acme', 'acme_'],
      paths: { only: ['a'], except: ['b'], raise: ['c'] },
      aliases: { gitleaks: ['x'], betterleaks: ['y'] },
      references: ['https://a.example/', 'https://b.example/'],
    }),
  ]).rules;
  if (first === undefined) throw new Error('no rule');
  const set = rulesetOf([...small.rules, { ...first, console: 'https://acme.example/keys' }]);

  const unpacked = (packed: PackedRuleset): Ruleset =>
    unpackRuleset(JSON.parse(JSON.stringify(packed.index)) as PackedIndex, () => packed.lines);
  const plain = (ruleset: Ruleset): Ruleset => ({ ...ruleset });

  test('loses nothing', () => {
    expect(plain(unpacked(packRuleset(set, SHARED_PARTS)))).toStrictEqual(set);
    const none = rulesetOf([]);
    expect(unpacked(packRuleset(none, []))).toStrictEqual(none);
    const list = {
      condition: 'any',
      patterns: ['a'],
      target: 'line',
      words: [],
      pathPatterns: [],
      commits: [],
    } as const;
    const imported = rulesetOf(
      [{ ...first, title: 'zwei\nZeilen – „x“ 😀', secretGroup: 1, pathPattern: 'p' }, ...small.rules],
      [{ ...list, targetRules: ['acme-a'] }],
    );
    expect(plain(unpacked(packRuleset(imported, [])))).toStrictEqual(imported);
  });
  test('whatever the parts are', () => {
    expect(plain(unpacked(packRuleset(set, [])))).toStrictEqual(set);
    expect(plain(unpacked(packRuleset(set, ['[0-9]', 'acme', '0-9', '('])))).toStrictEqual(set);
  });
  test('a rule is read when it is asked for, and the file with the first', () => {
    const packed = packRuleset(set, SHARED_PARTS);
    let reads = 0;
    // Nothing but the line of the rule that is asked for is JSON.
    const lines = Buffer.from(packed.lines);
    const start = lines.indexOf('{"id":"acme-m"');
    const other = Buffer.alloc(lines.length, 'x');
    lines.copy(other, start, start, lines.indexOf('\n', start));
    const ruleset = unpackRuleset(packed.index, () => {
      reads += 1;
      return other;
    });
    expect({ count: ruleset.late?.count, digest: ruleset.digest, reads }).toEqual({
      count: set.rules.length,
      digest: set.digest,
      reads: 0,
    });
    const number = set.rules.findIndex((rule) => rule.id === 'acme-m');
    expect(ruleAt(ruleset, number)).toStrictEqual(set.rules[number]);
    expect(ruleAt(ruleset, number)).toBe(ruleAt(ruleset, number));
    expect(ruleAt(ruleset, set.rules.length)).toBeUndefined();
    expect(reads).toBe(1);
    expect(() => ruleAt(ruleset, number + 1)).toThrow(SyntaxError);
    expect(() => ruleset.rules).toThrow(SyntaxError);
  });
  test('a rule that was read alone is the one of the list', () => {
    const ruleset = unpacked(packRuleset(set, SHARED_PARTS));
    const alone = ruleAt(ruleset, 2);
    expect(ruleset.rules[2]).toBe(alone);
    expect(ruleset.rules).toBe(ruleset.rules);
  });
  test('a set that goes to another thread arrives whole', () => {
    const packed = packRuleset(set, SHARED_PARTS);
    expect(structuredClone(unpacked(packed))).toStrictEqual(set);
  });
  test('keeps neither examples nor what all assign patterns share', () => {
    const { index, lines } = packRuleset(set, SHARED_PARTS);
    const text = JSON.stringify(index) + new TextDecoder().decode(lines);
    expect(text).not.toContain('digit:8');
    expect(text.split('<!\\\\[CDATA').length - 1).toBe(1);
  });
  test('refuses what it could not give back', () => {
    expect(() =>
      packRuleset(
        set,
        Array.from({ length: 33 }, (_, i) => `${i}`),
      ),
    ).toThrow(RangeError);
    expect(() => packRuleset(rulesetOf([{ ...first, pattern: 'a\u0080' }]), [])).toThrow(RangeError);
  });
  test('a rule is found by its id without reading more than a few', () => {
    const many = rulesetOf(Array.from({ length: 1000 }, (_, i) => ({ ...first, id: `acme-${i}` })));
    const read = new Set<number>();
    const rule = (number: number): Rule | undefined => {
      read.add(number);
      return many.rules[number];
    };
    const late = { count: 1000, rule, content: '', tables: () => undefined };
    const counted: Ruleset = { ...many, rules: [], late };
    for (const id of ['acme-0', 'acme-999', 'acme-5'])
      expect(findRule(counted, id)).toBe(many.rules.find((rule) => rule.id === id));
    expect(read.size).toBeLessThan(32);
    expect(findRule(counted, 'acme')).toBeUndefined();
    expect(findRule(counted, 'acme-55x')).toBeUndefined();
    expect(findRule(counted, 'b')).toBeUndefined();
    expect(findRule(rulesetOf([]), 'b')).toBeUndefined();
  });
});

describe('selecting', () => {
  test('nothing asked, nothing changed', () => {
    expect(selectRules(small, {})).toBe(small);
  });
  test('by id, provider, tag and confidence', () => {
    expect(ids(selectRules(small, { only: ['acme-m', 'tag:ci'] }))).toEqual(['acme-m', 'acme-z']);
    expect(ids(selectRules(small, { disable: ['confidence:low'] }))).toEqual(['acme-a', 'acme-m', 'acme-o']);
    expect(ids(selectRules(small, { disable: ['provider:acme'], enable: ['acme-o'] }))).toEqual(['acme-o']);
    expect(ids(selectRules(small, { only: ['acme-a'], enable: ['acme-z'] }))).toEqual(['acme-a', 'acme-z']);
    expect(ids(selectRules(small, { disable: ['confidence:medium'] }))).toHaveLength(4);
  });
  test('the digest is that of what is left', () => {
    expect(selectRules(small, { disable: ['acme-z'] }).digest).not.toBe(small.digest);
    expect(selectRules(small, { enable: ['acme-z'] }).digest).toBe(small.digest);
  });
  test('an entry that names nothing is an error with the nearest name', () => {
    expect(() => selectRules(small, { disable: ['acme-mm'] })).toThrow(SelectionError);
    expect(() => selectRules(small, { disable: ['acme-mm'] })).toThrow(
      "no rule is named by 'acme-mm'; did you mean 'acme-m'?",
    );
    expect(() => selectRules(small, { only: ['tag:xyzzy'] })).toThrow("no rule is named by 'tag:xyzzy'");
  });
});

describe('overriding', () => {
  test('changes what an operator may change, and the digest only with the entropy', () => {
    const softer = overrideRules(small, { 'acme-a': { severity: 'low', confidence: 'medium' } });
    expect(softer.rules[0]).toMatchObject({ id: 'acme-a', severity: 'low', confidence: 'medium' });
    expect(softer.digest).toBe(small.digest);
    const stricter = overrideRules(small, { 'acme-a': { entropy: 3 } });
    expect(stricter.rules[0]).toMatchObject({ minEntropy: 3, severity: 'high' });
    expect(stricter.digest).not.toBe(small.digest);
  });
  test('an unknown id is an error', () => {
    expect(() => overrideRules(small, { 'acme-b': {} })).toThrow("no rule has the id 'acme-b'; did you mean 'acme-a'?");
  });
});
