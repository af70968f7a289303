/** Which rules were others when a history was scanned before, so that they alone are asked about what is known. */
import { wholeRuleDigest } from '../../rules/digest.ts';
import { rulesetOf } from '../../rules/ruleset-of.ts';
import type { Rule, Ruleset } from '../../types/index.ts';
import { rulesKey } from './settings-digest.ts';

/** The rules that a state holds for. */
export interface KnownRules {
  /** As in SettingsDigest: equal keys, equal rules. */
  readonly key: string;
  /** Undefined for those of the product: they are not read for a scan that finds nothing to compare them with. */
  readonly digests: RuleDigests | undefined;
}

/** Digests of whole rules by their ids. */
export type RuleDigests = ReadonlyMap<string, string>;

export interface RuleChange {
  /** Ids of the rules that are gone, or were other ones: what they had a say in has to be scanned with all rules. */
  readonly outdated: ReadonlySet<string>;
  /** Those that are new, or other ones now; undefined when there are none that could find anything. */
  readonly asked: Ruleset | undefined;
}

export function knownRules(ruleset: Ruleset, key: string): KnownRules {
  return { key, digests: ruleset.late === undefined ? ruleDigests(ruleset) : undefined };
}

export function ruleDigests({ rules }: Ruleset): RuleDigests {
  return new Map(rules.map((rule) => [rule.id, wholeRuleDigest(rule)]));
}

/** Undefined for rules of the product that are others by now. */
export async function digestsOf({ key, digests }: KnownRules): Promise<RuleDigests | undefined> {
  if (digests !== undefined) return digests;
  const { defaultRuleset } = await import('../../rules/default-ruleset.ts');
  const ruleset = await defaultRuleset();
  return rulesKey(ruleset) === key ? ruleDigests(ruleset) : undefined;
}

/**
 * Of all keywords, those of the rules that are asked again may be so many. Texts are read in either case; what is saved
 * is searching them for the other keywords and asking the rules at what was found, and what is paid is a second search
 * of each text with a hit. With every fourth keyword the search is nearly that of all of them.
 */
const MOST_KEYWORDS = 1 / 4;

/** Undefined when it does not pay, or cannot be told: everything is to be scanned again. */
export function changeOf(known: RuleDigests, ruleset: Ruleset): RuleChange | undefined {
  const digests = ruleDigests(ruleset);
  // An id is all that a state has of a rule.
  if (digests.size !== ruleset.rules.length) return undefined;
  const outdated = new Set([...known].flatMap(([id, digest]) => (digests.get(id) === digest ? [] : [id])));
  const asked = ruleset.rules.filter(({ id, pattern }) => pattern !== '' && known.get(id) !== digests.get(id));
  if (keywordsOf(asked) > MOST_KEYWORDS * keywordsOf(ruleset.rules)) return undefined;
  return { outdated, asked: asked.length === 0 ? undefined : rulesetOf(asked, ruleset.allow) };
}

/** A rule without keywords is asked about every text, which is more than one keyword costs. */
function keywordsOf(rules: readonly Rule[]): number {
  return rules.reduce((sum, { keywords }) => sum + Math.max(1, keywords.length), 0);
}
