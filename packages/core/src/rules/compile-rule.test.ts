import { describe, expect, test } from 'vitest';
import type { Rule } from '../types/index.ts';
import { compileRule } from './compile-rule.ts';
import { parseRuleFile } from './parse.ts';
import { problemLine } from './problem.ts';
import { ruleYaml } from './test-rules.ts';

function compiled(change: Readonly<Record<string, unknown>>): { rule?: Rule; problems: readonly string[] } {
  const parsed = parseRuleFile('acme.yaml', ruleYaml(change));
  if ('problems' in parsed) throw new Error(parsed.problems.map(problemLine).join('\n'));
  const [source] = parsed.file.rules;
  if (source === undefined) throw new Error('no rule');
  const result = compileRule(parsed.file, source);
  return 'rule' in result ? { rule: result.rule, problems: [] } : result;
}

const rule = (change: Readonly<Record<string, unknown>>): Rule => {
  const { rule: found, problems } = compiled(change);
  if (found === undefined) throw new Error(problems.join('\n'));
  return found;
};

test('a bounded rule, with all that follows from its pattern', () => {
  expect(rule({ keywords: ['ACME_', 'acme_'], entropy: 2, tags: ['b', 'a', 'b'] })).toMatchObject({
    provider: 'acme',
    providerName: 'Acme',
    keywords: ['acme_'],
    pattern: '\\b(?P<secret>acme_[0-9]{8})\\b',
    reach: { class: 'bounded', back: 0, forward: 13, stopAtNext: false, lines: 0 },
    after: [{ min: 8, set: `000000000000ff03${'0'.repeat(48)}` }],
    maskPrefix: 'acme_',
    minEntropy: 2,
    words: false,
    tags: ['a', 'b'],
  });
});

describe('reach', () => {
  test('an open pattern looks 4096 bytes ahead, or as far as it says', () => {
    const pattern = '\\b(?P<secret>acme_[0-9]{8,})\\b';
    expect(rule({ pattern }).reach).toEqual({ class: 'open', back: 0, forward: 4096, stopAtNext: false, lines: 0 });
    expect(rule({ pattern, reach: 512 }).reach).toEqual({
      class: 'open',
      back: 0,
      forward: 512,
      stopAtNext: false,
      lines: 0,
    });
  });
  test('armour looks further, and no further than to its next keyword', () => {
    const pattern = '\\b(?P<secret>acme_[0-9]{8,})\\b';
    expect(rule({ pattern, identity: 'pem', reach: 1024 }).reach.stopAtNext).toBe(false);
    expect(rule({ pattern, identity: 'pem' }).reach).toEqual({
      class: 'open',
      back: 0,
      forward: 32_768,
      stopAtNext: true,
      lines: 0,
    });
  });
  test('what may stand before the keyword is counted in bytes, at most 256 for an open pattern', () => {
    expect(rule({ pattern: '.{2}x?(?P<secret>acme_[0-9]{8})' }).reach.back).toBe(9);
    expect(rule({ pattern: '.*(?P<secret>acme_[0-9]{8})' }).reach).toMatchObject({ class: 'open', back: 256 });
  });
});

describe('the mask shows what every secret begins with', () => {
  test.each([
    ['\\b(?P<secret>acme_(?:live|test)_[0-9]{8})', 'acme_'],
    ['(?P<secret>(?:acme_a|acme_b)[0-9]{8})', 'acme_'],
    ['acme_(?P<secret>[0-9]{8})', undefined],
    ['(?P<secret>(?i:acme_)[0-9]{8})', undefined],
    ['(?P<secret>\\x61cme_x{2}[0-9]{8})', 'acme_xx'],
  ])('%s: %s', (pattern, prefix) => {
    expect(rule({ pattern }).maskPrefix).toBe(prefix);
  });
});

test('what a rule looks at ends with a few lines where a bounded pattern looks far, or where the rule says so', () => {
  expect(rule({ pattern: '\\b(?P<secret>acme_[0-9]{8})\\b' }).reach.lines).toBe(0);
  expect(rule({ pattern: 'acme_[ -~\\n]{0,200}=(?P<secret>[0-9]{8})' }).reach.lines).toBe(4);
  expect(rule({ pattern: 'acme_[ -~\\n]{0,200}=(?P<secret>[0-9]{8})', lines: 0 }).reach.lines).toBe(0);
  expect(rule({ pattern: '(?P<secret>acme_[0-9]{8,})', reach: 512, lines: 2 }).reach.lines).toBe(2);
});

test('a run is looked for where the bytes after a keyword say nothing, and where it is a long one', () => {
  expect(rule({ pattern: 'acme_(?P<secret>[0-9]{6})' }).run).toBeUndefined();
  expect(rule({ pattern: 'acme_(?P<secret>[0-9]{12})' }).run?.min).toBe('acme_'.length + 12);
  expect(rule({ pattern: 'acme_.{0,9}(?P<secret>[0-9]{8})' }).run).toEqual({
    min: 8,
    set: `000000000000ff03${'0'.repeat(48)}`,
  });
});

test('short forms become patterns with the secret as a group', () => {
  const assign = rule({ pattern: undefined, keywords: ['acme'], assign: { name: 'acme', value: '[0-9]{16}' } });
  expect(assign.pattern).toContain('(?P<secret>[0-9]{16})');
  expect(assign.reach.class).toBe('bounded');
  expect(assign.run?.min).toBe(16);
  const near = rule({ pattern: undefined, keywords: ['acme'], near: { name: 'acme', value: '[0-9]{16}', gap: 9 } });
  expect(near.reach.forward).toBeLessThan(40);
});

test('a generic rule refuses words unless it says otherwise', () => {
  expect(rule({ rank: 'generic' }).words).toBe(true);
  expect(rule({ rank: 'generic', words: false }).words).toBe(false);
  expect(rule({ words: true }).words).toBe(true);
});

describe('what is wrong', () => {
  test.each([
    [{ assign: { name: 'a', value: 'b' } }, /exactly one of pattern, assign and near/],
    [{ pattern: undefined }, /exactly one of pattern, assign and near/],
    [{ pattern: 'acme_(?=x)' }, /^pattern: RE2 has no look-ahead/],
    [{ pattern: undefined, assign: { name: 'acme_', value: '(?<!a)b' } }, /^assign\.value: RE2 has no look-behind/],
    [{ pattern: undefined, near: { name: '(', value: 'b' } }, /^near\.name: /],
    [{ pattern: 'acme_[0-9]{8}' }, /no group \(\?P<secret>…\)/],
    [{ keywords: ['acme_live'] }, /a match need not contain a keyword: the pattern takes 'acme_00000000'/],
    [{ pattern: '[a-z]{300}(?P<secret>acme_[0-9]{8})' }, /300 bytes may stand before the keyword/],
    [{ reach: 512 }, /reach has no effect/],
    [{ checksum: 'acme-crc32' }, /no checksum acme-crc32; known are .*github-crc32/],
    [{ companions: [{ name: 'id', pattern: '[0-9]{4}' }] }, /companion id: the pattern has no group/],
    [{ companions: [{ name: 'id', pattern: '(' }] }, /^companion id: /],
    [{ allow: [{ description: 'x' }] }, /allow\[0\] has neither patterns nor words/],
    [{ allow: [{ patterns: ['a**'] }] }, /^allow\[0\]: /],
  ])('%j', (change, message) => {
    expect(compiled(change).problems).toEqual([expect.stringMatching(message)]);
  });
});

describe('the digest', () => {
  const digest = (change: Readonly<Record<string, unknown>>): string => rule(change).digest;
  test('changes with everything that decides what is found', () => {
    const changes = [
      {},
      { pattern: '\\b(?P<secret>acme_[0-9]{9})\\b' },
      { keywords: ['acme'] },
      { entropy: 1 },
      { minLength: 3 },
      { placeholders: false },
      { words: true },
      { identity: 'pem' },
      { rank: 'generic' },
      { reportAlone: false },
      { kind: 'password' },
      { id: 'acme-key2' },
      { paths: { only: ['x'] } },
      { allow: [{ words: ['x'] }] },
      { companions: [{ name: 'i', pattern: '(?P<secret>x)' }] },
      { companions: [{ name: 'i', pattern: '(?P<secret>x)', lines: 3 }] },
    ];
    expect(new Set(changes.map(digest)).size).toBe(changes.length);
  });
  test('does not change with what people read', () => {
    const changes = [
      {},
      { title: 'Other' },
      { severity: 'low' },
      { confidence: 'low' },
      { references: ['https://other.example/'] },
      { tags: ['x'] },
      { aliases: { gitleaks: ['x'] } },
    ];
    expect(new Set(changes.map(digest)).size).toBe(1);
  });
});
