import type { Rule, Ruleset } from '../types/index.ts';

/** By its id, without reading the others: the rules of a set are sorted. */
export function findRule({ rules }: Ruleset, id: string): Rule | undefined {
  let low = 0;
  let high = rules.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const rule = rules[middle];
    if (rule === undefined || rule.id === id) return rule;
    if (rule.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
