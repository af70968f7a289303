/** Which rules of a set run, and what an operator changes about them. */
import { CONFIDENCES } from '../types/index.ts';
import type { Confidence, Rule, Ruleset, Severity } from '../types/index.ts';
import { nearest } from '../bytes/nearest.ts';
import { ruleDigest } from './digest.ts';
import { rulesetOf } from './ruleset-of.ts';
import { SelectionError } from './selection-error.ts';

/**
 * Each entry is a rule's id, `provider:<id>`, `tag:<tag>` or `confidence:<level>` (that level and none other).
 * With `only`, rules that no entry names are off; then `disable` turns off, and `enable` turns on again.
 */
export interface Selection {
  readonly only?: readonly string[];
  readonly disable?: readonly string[];
  readonly enable?: readonly string[];
}

/** @throws SelectionError for an entry that names nothing in the set. */
export function selectRules(ruleset: Ruleset, selection: Selection): Ruleset {
  const { only, disable = [], enable = [] } = selection;
  if (only === undefined && disable.length === 0 && enable.length === 0) return ruleset;
  const named = (entries: readonly string[]): Set<Rule> =>
    new Set(entries.flatMap((entry) => rulesNamed(ruleset, entry)));
  const chosen = only === undefined ? undefined : named(only);
  const off = named(disable);
  const on = named(enable);
  return rulesetOf(
    ruleset.rules.filter((rule) => on.has(rule) || ((chosen === undefined || chosen.has(rule)) && !off.has(rule))),
    ruleset.allow,
  );
}

function rulesNamed(ruleset: Ruleset, entry: string): Rule[] {
  const found = ruleset.rules.filter(matcher(entry));
  if (found.length > 0) return found;
  const level = /^confidence:(.*)$/.exec(entry)?.[1];
  // A level that no rule has is no mistake.
  if (CONFIDENCES.some((known) => known === level)) return [];
  const near = nearest(entry, names(ruleset));
  throw new SelectionError(
    entry,
    `no rule is named by '${entry}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
  );
}

function matcher(entry: string): (rule: Rule) => boolean {
  const colon = entry.indexOf(':');
  const value = entry.slice(colon + 1);
  switch (colon < 0 ? 'id' : entry.slice(0, colon)) {
    case 'provider':
      return (rule) => rule.provider === value;
    case 'tag':
      return (rule) => rule.tags.includes(value);
    case 'confidence':
      return (rule) => rule.confidence === value;
    default:
      return (rule) => rule.id === entry;
  }
}

/** What an entry may name, but for levels of confidence. */
function names({ rules }: Ruleset): ReadonlySet<string> {
  return new Set(
    rules.flatMap((rule) => [rule.id, `provider:${rule.provider}`, ...rule.tags.map((tag) => `tag:${tag}`)]),
  );
}

export interface RuleOverride {
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly entropy?: number;
}

/**
 * The set with these rules changed, by id. An override of the entropy changes the rule's digest.
 * @throws SelectionError for an id that is not in the set.
 */
export function overrideRules(ruleset: Ruleset, overrides: Readonly<Record<string, RuleOverride>>): Ruleset {
  for (const id of Object.keys(overrides)) {
    if (!ruleset.rules.some((rule) => rule.id === id)) {
      const near = nearest(
        id,
        ruleset.rules.map((rule) => rule.id),
      );
      throw new SelectionError(
        id,
        `no rule has the id '${id}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
      );
    }
  }
  const rules = ruleset.rules.map((rule) => {
    const override = Object.hasOwn(overrides, rule.id) ? overrides[rule.id] : undefined;
    if (override === undefined) return rule;
    const { severity = rule.severity, confidence = rule.confidence, entropy } = override;
    const changed = { ...rule, severity, confidence, ...(entropy === undefined ? {} : { minEntropy: entropy }) };
    return { ...changed, digest: ruleDigest(changed) };
  });
  return rulesetOf(rules, ruleset.allow);
}
