/** Which rules were others when a history was scanned before, so that they alone are asked about what is known. */
import { wholeRuleDigest } from '../../rules/digest.ts';
import { rulesetOf } from '../../rules/ruleset-of.ts';
import type { Rule, Ruleset } from '../../types/index.ts';

/** The rules that a state holds for. */
export interface KnownRules {
  /** As in SettingsDigest: equal keys, equal rules. */
  readonly key: string;
  /** Digests of whole rules by their ids. */
  readonly digests: ReadonlyMap<string, string>;
}

export interface RuleChange {
  /** Ids of the rules that are gone, or were other ones: what they had a say in has to be scanned with all rules. */
  readonly outdated: ReadonlySet<string>;
  /** Those that are new, or other ones now; undefined when there are none that could find anything. */
  readonly asked: Ruleset | undefined;
}

export function knownRules(ruleset: Ruleset, key: string): KnownRules {
  return { key, digests: new Map(ruleset.rules.map((rule) => [rule.id, wholeRuleDigest(rule)])) };
}

/**
 * Of all keywords, those of the rules that are asked again may be so many. Texts are read in either case; what is saved
 * is searching them for the other keywords and asking the rules at what was found, and what is paid is a second search
 * of each text with a hit. With every fourth keyword the search is nearly that of all of them.
 */
const MOST_KEYWORDS = 1 / 4;

/** Undefined when it does not pay, or cannot be told: everything is to be scanned again. */
export function changeOf(known: KnownRules, ruleset: Ruleset): RuleChange | undefined {
  const { digests } = knownRules(ruleset, '');
  // An id is all that a state has of a rule.
  if (digests.size !== ruleset.rules.length) return undefined;
  const outdated = new Set([...known.digests].flatMap(([id, digest]) => (digests.get(id) === digest ? [] : [id])));
  const asked = ruleset.rules.filter(({ id, pattern }) => pattern !== '' && known.digests.get(id) !== digests.get(id));
  if (keywordsOf(asked) > MOST_KEYWORDS * keywordsOf(ruleset.rules)) return undefined;
  return { outdated, asked: asked.length === 0 ? undefined : rulesetOf(asked, ruleset.allow) };
}

/** A rule without keywords is asked about every text, which is more than one keyword costs. */
function keywordsOf(rules: readonly Rule[]): number {
  return rules.reduce((sum, { keywords }) => sum + Math.max(1, keywords.length), 0);
}
