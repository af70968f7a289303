import { expect, test } from 'vitest';
import { testRule } from '../../engine/test-rules.ts';
import { defaultRuleset } from '../../rules/default-ruleset.ts';
import { rulesetOf } from '../../rules/ruleset-of.ts';
import type { Rule } from '../../types/index.ts';
import { changeOf, digestsOf, knownRules, ruleDigests } from './changed-rules.ts';
import { rulesKey } from './settings-digest.ts';

/** `one`, `two`, … with one keyword each. */
function rules(count: number): Rule[] {
  return Array.from({ length: count }, (_, i) => testRule({ id: `rule${i}`, keywords: [`word${i}`], pattern: 'x' }));
}

function asked(before: readonly Rule[], after: readonly Rule[]): readonly string[] | undefined {
  const change = changeOf(ruleDigests(rulesetOf(before)), rulesetOf(after));
  return change && (change.asked?.rules.map(({ id }) => id) ?? []);
}

function outdated(before: readonly Rule[], after: readonly Rule[]): readonly string[] {
  return [...(changeOf(ruleDigests(rulesetOf(before)), rulesetOf(after))?.outdated ?? [])];
}

test('equal rules, made anew: nothing is asked and nothing outdated', () => {
  expect(asked(rules(8), rules(8))).toEqual([]);
  expect(outdated(rules(8), rules(8))).toEqual([]);
});

test('a new rule is asked; no text can be outdated by it', () => {
  expect(asked(rules(7), rules(8))).toEqual(['rule7']);
  expect(outdated(rules(7), rules(8))).toEqual([]);
});

test('a rule that is gone is outdated, and nothing has to be asked', () => {
  expect(asked(rules(8), rules(7))).toEqual([]);
  expect(outdated(rules(8), rules(7))).toEqual(['rule7']);
});

test.each<Partial<Rule>>([
  { pattern: 'y' },
  { severity: 'low' },
  { confidence: 'low' },
  { minEntropy: 3 },
  { maskPrefix: 'x' },
  { aliases: { gitleaks: ['other'] } },
  { tags: ['other'] },
])('a rule with another %o is both', (field) => {
  const before = rules(8);
  const after = before.map((rule) => (rule.id === 'rule3' ? { ...rule, ...field } : rule));
  expect(asked(before, after)).toEqual(['rule3']);
  expect(outdated(before, after)).toEqual(['rule3']);
});

test('shared allow-lists hold for the rules that are asked', () => {
  const lists = [
    {
      condition: 'any',
      patterns: [],
      target: 'secret',
      words: ['a'],
      pathPatterns: [],
      commits: [],
      targetRules: [],
    },
  ] as const;
  const change = changeOf(ruleDigests(rulesetOf(rules(7), lists)), rulesetOf(rules(8), lists));
  expect(change?.asked?.allow).toEqual(lists);
});

test('a rule without a pattern finds nothing in texts, and is not asked', () => {
  const path = testRule({ id: 'path', keywords: [], pattern: '', pathPattern: 'x' });
  expect(asked(rules(8), [...rules(8), path])).toEqual([]);
});

test('more than every fourth keyword is asked again: it does not pay', () => {
  expect(asked(rules(6), rules(8))).toEqual(['rule6', 'rule7']);
  expect(asked(rules(5), rules(8))).toBeUndefined();
  const wordy = testRule({ id: 'wordy', keywords: ['aaa', 'bbb', 'ccc'], pattern: 'x' });
  expect(asked(rules(8), [...rules(8), wordy])).toBeUndefined();
});

test('two rules of one id cannot be told apart: everything is scanned', () => {
  const [first, ...rest] = rules(8);
  expect(asked(rules(8), [{ ...(first as Rule), pattern: 'y' }, first as Rule, ...rest])).toBeUndefined();
});

test('rules of the product are not kept; they are read when they are needed, unless they are others by now', async () => {
  const product = await defaultRuleset();
  const known = knownRules(product, rulesKey(product));
  expect(known.digests).toBeUndefined();
  expect(await digestsOf(known)).toEqual(ruleDigests(product));
  expect(await digestsOf({ ...known, key: 'of another version' })).toBeUndefined();
});
