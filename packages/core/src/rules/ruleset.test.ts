import { describe, expect, test } from 'vitest';
import { packRuleset, unpackRuleset } from './packed.ts';
import type { PackedRuleset } from './packed.ts';
import { RuleError } from './problem.ts';
import { buildRuleset, rulesetOf } from './ruleset.ts';
import { SelectionError, overrideRules, selectRules } from './select.ts';
import { SHARED_PARTS } from './shorthand.ts';
import { ruleYaml } from './test-rules.ts';
import type { Ruleset } from '../types/index.ts';

const file = (
  name: string,
  ...changes: readonly Readonly<Record<string, unknown>>[]
): { name: string; text: string } => ({ name, text: ruleYaml(...changes) });
const ids = (set: Ruleset): string[] => set.rules.map((rule) => rule.id);

const set = buildRuleset([
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
    expect(ids(set)).toEqual(['acme-a', 'acme-m', 'acme-o', 'acme-z']);
    expect(set.digest).toMatch(/^[0-9a-f]{32}$/);
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
  test('loses nothing', () => {
    const packed = packRuleset(set, SHARED_PARTS);
    expect(unpackRuleset(JSON.parse(JSON.stringify(packed)) as PackedRuleset)).toEqual(set);
  });
  test('keeps neither examples nor what all assign patterns share', () => {
    const text = JSON.stringify(packRuleset(set, SHARED_PARTS));
    expect(text).not.toContain('digit:8');
    expect(text.split('<!\\\\[CDATA').length - 1).toBe(1);
  });
  test('refuses what it could not give back', () => {
    expect(() =>
      packRuleset(
        set,
        Array.from({ length: 9 }, (_, i) => `${i}`),
      ),
    ).toThrow(RangeError);
    const [first] = set.rules;
    if (first === undefined) throw new Error('no rule');
    expect(() => packRuleset(rulesetOf([{ ...first, pattern: 'a\u0001' }]), [])).toThrow(RangeError);
    expect(() => packRuleset(rulesetOf([{ ...first, reach: { ...first.reach, class: 'nonlocal' } }]), [])).toThrow(
      RangeError,
    );
  });
});

describe('selecting', () => {
  test('nothing asked, nothing changed', () => {
    expect(selectRules(set, {})).toBe(set);
  });
  test('by id, provider, tag and confidence', () => {
    expect(ids(selectRules(set, { only: ['acme-m', 'tag:ci'] }))).toEqual(['acme-m', 'acme-z']);
    expect(ids(selectRules(set, { disable: ['confidence:low'] }))).toEqual(['acme-a', 'acme-m', 'acme-o']);
    expect(ids(selectRules(set, { disable: ['provider:acme'], enable: ['acme-o'] }))).toEqual(['acme-o']);
    expect(ids(selectRules(set, { only: ['acme-a'], enable: ['acme-z'] }))).toEqual(['acme-a', 'acme-z']);
    expect(ids(selectRules(set, { disable: ['confidence:medium'] }))).toHaveLength(4);
  });
  test('the digest is that of what is left', () => {
    expect(selectRules(set, { disable: ['acme-z'] }).digest).not.toBe(set.digest);
    expect(selectRules(set, { enable: ['acme-z'] }).digest).toBe(set.digest);
  });
  test('an entry that names nothing is an error with the nearest name', () => {
    expect(() => selectRules(set, { disable: ['acme-mm'] })).toThrow(SelectionError);
    expect(() => selectRules(set, { disable: ['acme-mm'] })).toThrow(
      "no rule is named by 'acme-mm'; did you mean 'acme-m'?",
    );
    expect(() => selectRules(set, { only: ['tag:xyzzy'] })).toThrow("no rule is named by 'tag:xyzzy'");
  });
});

describe('overriding', () => {
  test('changes what an operator may change, and the digest only with the entropy', () => {
    const softer = overrideRules(set, { 'acme-a': { severity: 'low', confidence: 'medium' } });
    expect(softer.rules[0]).toMatchObject({ id: 'acme-a', severity: 'low', confidence: 'medium' });
    expect(softer.digest).toBe(set.digest);
    const stricter = overrideRules(set, { 'acme-a': { entropy: 3 } });
    expect(stricter.rules[0]).toMatchObject({ minEntropy: 3, severity: 'high' });
    expect(stricter.digest).not.toBe(set.digest);
  });
  test('an unknown id is an error', () => {
    expect(() => overrideRules(set, { 'acme-b': {} })).toThrow("no rule has the id 'acme-b'; did you mean 'acme-a'?");
  });
});
