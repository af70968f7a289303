/** Rules for the engine's own tests: small patterns with explicit reach, so that a test can state the right answer. */
import type { Rule, Ruleset } from '../types/index.ts';

export function testRule(fields: Partial<Rule> & Pick<Rule, 'id' | 'keywords' | 'pattern'>): Rule {
  return {
    provider: 'test',
    providerName: 'Test',
    title: fields.id,
    kind: 'api-key',
    severity: 'high',
    confidence: 'high',
    rank: 'specific',
    reach: { class: 'bounded', back: 16, forward: 64, stopAtNext: false, lines: 0 },
    placeholders: false,
    words: false,
    identity: 'token',
    companions: [],
    allow: [],
    reportAlone: true,
    references: [],
    aliases: {},
    tags: [],
    digest: fields.id,
    ...fields,
  };
}

export function testRuleset(...rules: readonly Rule[]): Ruleset {
  return { digest: rules.map((r) => r.digest).join(), rules, allow: [] };
}
