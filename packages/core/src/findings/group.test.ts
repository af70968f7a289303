import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileSighting, gitSighting, makeLocated, makeRule, rulesById } from '../../../../test/support/located.ts';
import type { Located } from '../types/index.ts';
import { groupFindings, groupSuppressed } from './group.ts';

const PAT = makeRule({ id: 'github-pat', severity: 'critical', console: 'https://example.com/tokens', tags: ['vcs'] });
const GENERIC = makeRule({
  id: 'generic-secret',
  rank: 'generic',
  severity: 'critical',
  confidence: 'high',
  checksum: 'x',
});
const RULES = rulesById(PAT, GENERIC);
const one = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};

test('one finding per credential, with all its sightings sorted', () => {
  const findings = groupFindings(
    [
      makeLocated('github-pat', 'c2', fileSighting('z')),
      makeLocated('github-pat', 'c1', fileSighting('b')),
      makeLocated('github-pat', 'c1', fileSighting('a', 9)),
      makeLocated('github-pat', 'c1', fileSighting('a', 2)),
    ],
    RULES,
  );
  expect(findings.map(({ id, sightingCount }) => [id, sightingCount])).toEqual([
    ['c1', 3],
    ['c2', 1],
  ]);
  expect(findings[0]?.sightings.map(({ path, line }) => `${path}:${line}`)).toEqual(['a:2', 'a:9', 'b:1']);
});

test('what a finding says comes from its rule and a hit, field by field', () => {
  const located = makeLocated('github-pat', 'c1', fileSighting('a'), {
    mask: 'ab****yz',
    name: 'githubtoken',
    parts: { other: { mask: '**', fingerprint: 'f', span: { start: 0, end: 1 } } },
    alsoMatched: ['generic-secret'],
  });
  expect(one(groupFindings([located], RULES))).toEqual({
    id: 'c1',
    ruleId: 'github-pat',
    alsoMatched: ['generic-secret'],
    provider: 'github',
    providerName: 'Provider',
    title: 'Title of github-pat',
    kind: 'api-key',
    severity: 'critical',
    confidence: 'high',
    identity: 'token',
    fingerprint: 'f1_c1',
    secret: 'ab****yz',
    secretLength: 10,
    entropy: 3,
    name: 'githubtoken',
    context: 'key = REDACTED',
    parts: { other: '**' },
    verdict: { state: 'unverified' },
    sightings: [fileSighting('a')],
    sightingCount: 1,
    console: 'https://example.com/tokens',
    references: ['https://example.com/'],
    tags: ['vcs'],
  });
});

test('secrets in clear are shown where the run sent them', () => {
  const parts = { other: { mask: '**', fingerprint: 'f', span: { start: 0, end: 1 }, secret: 'clear part' } };
  const finding = one(
    groupFindings(
      [makeLocated('github-pat', 'c1', fileSighting('a'), { secret: 'clear', match: 'key = clear', parts })],
      RULES,
    ),
  );
  expect([finding.secret, finding.context, finding.parts['other']]).toEqual(['clear', 'key = clear', 'clear part']);
});

test.each([
  [
    'specific before generic',
    { id: 'b', rank: 'specific', confidence: 'low' },
    { id: 'a', rank: 'generic', confidence: 'high', checksum: 'x' },
  ],
  ['a checksum before none', { id: 'b', checksum: 'x', confidence: 'low' }, { id: 'a', confidence: 'high' }],
  [
    'the surer',
    { id: 'b', confidence: 'high', severity: 'low' },
    { id: 'a', confidence: 'medium', severity: 'critical' },
  ],
  ['the more severe', { id: 'b', severity: 'critical' }, { id: 'a', severity: 'high' }],
  ['the lower id', { id: 'a' }, { id: 'b' }],
] as const)('the best rule names the finding: %s', (_name, better, worse) => {
  const rules = rulesById(makeRule(better), makeRule(worse));
  const located = [makeLocated(worse.id, 'c1', fileSighting('a')), makeLocated(better.id, 'c1', fileSighting('b'))];
  for (const order of [located, located.toReversed()]) {
    const finding = one(groupFindings(order, rules));
    expect([finding.ruleId, finding.alsoMatched]).toEqual([better.id, [worse.id]]);
  }
});

test('a rule that only also matched does not name the finding', () => {
  const finding = one(
    groupFindings(
      [makeLocated('generic-secret', 'c1', fileSighting('a'), { alsoMatched: ['github-pat', 'gone'] })],
      RULES,
    ),
  );
  expect([finding.ruleId, finding.alsoMatched]).toEqual(['generic-secret', ['github-pat', 'gone']]);
});

test('paths that raise a rule raise the confidence by one step', () => {
  const confidence = (of: 'low' | 'medium' | 'high', path: string): string =>
    one(
      groupFindings(
        [makeLocated('r', 'c1', fileSighting('x')), makeLocated('r', 'c1', fileSighting(path))],
        rulesById(makeRule({ id: 'r', confidence: of, paths: { raise: ['.env*'] } })),
      ),
    ).confidence;
  expect(confidence('low', 'a/.env.local')).toBe('medium');
  expect(confidence('medium', '.env')).toBe('high');
  expect(confidence('high', '.env')).toBe('high');
  expect(confidence('low', 'a/env')).toBe('low');
});

test('at most 100 sightings are kept, the count is exact', () => {
  const located = Array.from({ length: 250 }, (_, i) =>
    makeLocated('github-pat', 'c1', fileSighting(`f${String(i).padStart(3, '0')}`)),
  );
  const finding = one(groupFindings(located, RULES));
  expect([finding.sightings.length, finding.sightingCount]).toEqual([100, 250]);
});

test('two rules that found a credential at one place make one sighting of it', () => {
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('a')),
    makeLocated('generic-secret', 'c1', fileSighting('a')),
  ];
  expect(one(groupFindings(located, RULES)).sightingCount).toBe(1);
  const commits = [
    makeLocated('github-pat', 'c1', gitSighting('a', 'f00')),
    makeLocated('github-pat', 'c1', gitSighting('a', 'f01')),
  ];
  expect(one(groupFindings(commits, RULES)).sightingCount).toBe(2);
});

test('the hit that needed no decoding speaks for the credential', () => {
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('a'), { decoded: ['base64'], context: '' }),
    makeLocated('github-pat', 'c1', fileSighting('b'), { context: 'plain' }),
  ];
  expect(one(groupFindings(located, RULES)).context).toBe('plain');
});

test('of equal hits the one at the first place speaks for the credential', () => {
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('b'), { context: 'later', span: { start: 0, end: 1 } }),
    { ...makeLocated('github-pat', 'c1', fileSighting('a'), { context: 'first' }), text: 'text:z' },
  ];
  expect(one(groupFindings(located, RULES)).context).toBe('first');
});

test('a hit of an unknown rule is a bug, and says so', () => {
  expect(() => groupFindings([makeLocated('gone', 'c1', fileSighting('a'))], RULES)).toThrow('no rule gone');
});

test('suppressed findings carry the first reason, by kind and then by source', () => {
  const suppressed = [
    { located: makeLocated('github-pat', 'c1', fileSighting('a')), note: { by: 'baseline', source: 'b:1' } },
    { located: makeLocated('github-pat', 'c1', fileSighting('b')), note: { by: 'ignore-file', source: 'i:2' } },
    {
      located: makeLocated('github-pat', 'c1', fileSighting('c')),
      note: { by: 'ignore-file', source: 'i:1', reason: 'why' },
    },
  ] as const;
  for (const order of [suppressed, suppressed.toReversed()]) {
    const finding = one(groupSuppressed(order, RULES));
    expect(finding.suppressed).toEqual({ by: 'ignore-file', source: 'i:1', reason: 'why' });
    expect(finding.sightingCount).toBe(3);
  }
});

test('the same hits in any order give the same bytes', () => {
  const located: fc.Arbitrary<Located> = fc
    .record({
      rule: fc.constantFrom('github-pat', 'generic-secret'),
      credential: fc.constantFrom('c1', 'c2'),
      sighting: fc.oneof(
        fc
          .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3 }))
          .map(([path, line]) => fileSighting(path, line)),
        fc
          .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('f00', 'f01'))
          .map(([path, commit]) => gitSighting(path, commit)),
      ),
      mask: fc.constantFrom('**', '***'),
      decoded: fc.subarray(['base64']),
      name: fc.constantFrom('x', 'y'),
    })
    .map(({ rule, credential, sighting, ...hit }) => makeLocated(rule, credential, sighting, hit));
  fc.assert(
    fc.property(
      fc
        .array(located, { maxLength: 10 })
        .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(JSON.stringify(groupFindings(shuffled, RULES))).toBe(JSON.stringify(groupFindings(list, RULES)));
      },
    ),
  );
});
