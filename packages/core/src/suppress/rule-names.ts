import type { Rule } from '../types/index.ts';

/**
 * Every name under which people may select a rule in a comment, an ignore file or the configuration: its id, its ids in
 * other scanners, `provider:<id>` and `tag:<tag>`.
 */
export function ruleNames(rule: Pick<Rule, 'id' | 'provider' | 'tags' | 'aliases'>): readonly string[] {
  const { gitleaks = [], betterleaks = [] } = rule.aliases;
  return [rule.id, ...gitleaks, ...betterleaks, `provider:${rule.provider}`, ...rule.tags.map((tag) => `tag:${tag}`)];
}
