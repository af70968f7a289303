import type { Rule, Ruleset } from '../types/index.ts';
import { compileRule } from './compile-rule.ts';
import { parseRuleFile } from './parse.ts';
import { RuleError } from './problem.ts';
import type { Problem } from './problem.ts';
import { rulesetOf } from './ruleset-of.ts';

export { rulesetOf } from './ruleset-of.ts';

/** A rule file: `name` is what problems call it. */
export interface RuleText {
  readonly name: string;
  readonly text: string;
}

/**
 * All rules of the files, sorted by id.
 * @throws RuleError with everything that is wrong with them.
 */
export function buildRuleset(files: readonly RuleText[]): Ruleset {
  const problems: Problem[] = [];
  const rules = new Map<string, Rule>();
  const homes = new Map<string, string>();
  for (const { name, text } of files) {
    const parsed = parseRuleFile(name, text);
    if ('problems' in parsed) {
      problems.push(...parsed.problems);
      continue;
    }
    for (const source of parsed.file.rules) {
      const line = parsed.lines.get(source.id);
      const at = { file: name, rule: source.id, ...(line === undefined ? {} : { line }) };
      const home = homes.get(source.id);
      if (home !== undefined) {
        problems.push({ ...at, message: `the id is already used in ${home}` });
        continue;
      }
      homes.set(source.id, name);
      const compiled = compileRule(parsed.file, source);
      if ('problems' in compiled) problems.push(...compiled.problems.map((message) => ({ ...at, message })));
      else rules.set(source.id, compiled.rule);
    }
  }
  if (problems.length > 0) throw new RuleError(problems);
  return rulesetOf([...rules.values()]);
}
