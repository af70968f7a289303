import type { Rule, Ruleset } from '../types/index.ts';
import { rulesetDigest } from './digest.ts';

/** A ruleset of these rules, sorted, with its digest. */
export function rulesetOf(rules: readonly Rule[], allow: Ruleset['allow'] = []): Ruleset {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { digest: rulesetDigest(sorted, allow), rules: sorted, allow };
}
