/** A set of rules in which any one can be left out or be another one, and the lines of text that set them at odds. */
import { testRule } from '../../packages/core/src/engine/test-rules.ts';
import { wholeRuleDigest } from '../../packages/core/src/rules/digest.ts';
import { rulesetOf } from '../../packages/core/src/rules/ruleset-of.ts';
import type { AllowList, Rule, Ruleset } from '../../packages/core/src/types/index.ts';
import { bounded, nonlocal, open } from './delta-rules.ts';

const allowed = (fields: Partial<AllowList>): AllowList => ({
  condition: 'any',
  target: 'line',
  patterns: [],
  words: [],
  pathPatterns: [],
  commits: [],
  ...fields,
});

const token = bounded('token', ['tok_'], '\\b(?P<secret>tok_[ab]{4,8})\\b', 4, 16);
const long = bounded('long', ['tok_'], '\\b(?P<secret>tok_[ab]{4,8}-[cd]{4})\\b', 4, 24);
const assigned = testRule({
  id: 'assigned',
  keywords: ['key'],
  pattern: 'key\\s*[=:]\\s*"?(?P<secret>[^\\s"]{6,40})',
  rank: 'generic',
  kind: 'password',
});
const pair = testRule({
  id: 'pair',
  keywords: ['usr_'],
  pattern: '(?P<secret>usr_[ab]{4})',
  identity: 'pair',
  companions: [{ name: 'token', pattern: '(?P<secret>tok_[ab]{4,8})', within: 80, lines: 2, required: true }],
});
const part = testRule({ id: 'part', keywords: ['usr_'], pattern: '(?P<secret>usr_[ab]{4})', reportAlone: false });
const cut = open('cut', ['open_'], 'open_(?P<secret>[xy]+);?', 0, 24);
const whole = nonlocal('whole', ['whole_'], 'whole_(?P<secret>[xy]{4})');
const marked = bounded('marked', ['mark_'], '(?P<secret>mark_[ab]{4})', 0, 12);

/** By id: what the rule can be. `undefined`: it is not there. */
export const VARIANTS: Readonly<Record<string, readonly (Rule | undefined)[]>> = {
  token: [
    token,
    undefined,
    { ...token, pattern: '\\b(?P<secret>tok_[ab]{4})' },
    { ...token, severity: 'low', confidence: 'low' },
    { ...token, minEntropy: 2.2 },
    { ...token, maskPrefix: 'tok_', title: 'Token' },
    { ...token, aliases: { gitleaks: ['elsewhere'] } },
  ],
  long: [long, undefined, { ...long, rank: 'generic' }, { ...long, keywords: ['_aaaa-', '_bbbb-'] }],
  assigned: [
    assigned,
    undefined,
    { ...assigned, rank: 'specific' },
    { ...assigned, allow: [allowed({ patterns: ['example'] })] },
    { ...assigned, allow: [allowed({ words: ['sample'], target: 'match', mark: 'kept' })] },
  ],
  pair: [pair, undefined, { ...pair, companions: [] }],
  part: [part, undefined, { ...part, reportAlone: true, severity: 'critical' }],
  cut: [cut, undefined, { ...cut, reach: { ...cut.reach, forward: 200 } }],
  whole: [whole, undefined, { ...whole, keywords: [] }],
  marked: [
    undefined,
    marked,
    { ...marked, checksum: 'github-crc32' },
    { ...marked, paths: { only: ['dir0/**'] } },
    { ...marked, allow: [allowed({ pathPatterns: ['file1'], patterns: ['mark_'], condition: 'all' })] },
  ],
};

/** Rules that never change, so that all others together are few. */
const REST = Array.from({ length: 60 }, (_, i) =>
  bounded(`rest${i}`, [`rest${i}_`], `(?P<secret>rest${i}_[ab]{4})`, 0, 16),
);

/** `choice`: which variant of each rule, in the order of VARIANTS. */
export function changingRules(choice: readonly number[], shared: Ruleset['allow'] = []): Ruleset {
  const chosen = Object.values(VARIANTS).flatMap((variants, i) => variants[(choice[i] ?? 0) % variants.length] ?? []);
  return rulesetOf(
    [...chosen, ...REST].map((rule) => ({ ...rule, digest: wholeRuleDigest(rule) })),
    shared,
  );
}

/** A line of a text by number; many of them hold something for several rules. */
export function oddLine(seed: number): string {
  const lines = [
    'token tok_aaaa here',
    'tok_aabb-cccc and tok_bbbbbbbb',
    `key = "${['tok_', 'abab'].join('')}"`,
    'key: example-value-7 # example',
    'key: sample-value-81',
    `user usr_abab\npass ${['tok_', 'abba'].join('')}`,
    'only usr_bbbb',
    'open_xyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxy;',
    'open_xyx;',
    'whole_xyxy',
    'mark_abab',
    'rest7_abab',
    'key="rest9_aaaa" tok_aaab # unleak:allow elsewhere',
    `data: ${Buffer.from('some text with key=tok_abab-cdcd and more of it').toString('base64')}`,
    `data: ${Buffer.from('another one with mark_bbbb and rest3_abab in it').toString('base64')}`,
    'nothing to see',
    'nor here',
  ];
  return `${lines[seed % lines.length] ?? ''}\n`;
}
