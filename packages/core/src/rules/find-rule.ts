import type { Rule, Ruleset } from '../types/index.ts';

/** The rule of a number, in the order of their ids, without reading the others. */
export function ruleAt(ruleset: Ruleset, number: number): Rule | undefined {
  return ruleset.late === undefined ? ruleset.rules[number] : ruleset.late.rule(number);
}

/** By its id, without reading more than a few others. */
export function findRule(ruleset: Ruleset, id: string): Rule | undefined {
  let low = 0;
  let high = (ruleset.late?.count ?? ruleset.rules.length) - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const rule = ruleAt(ruleset, middle);
    if (rule === undefined || rule.id === id) return rule;
    if (rule.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
