/** The examples of every rule file, filled at run time: texts with the secrets that a rule promises to find in them. */
import { join } from 'node:path';
import { parseRuleFile } from '../../packages/core/src/rules/parse.ts';
import type { RuleSource } from '../../packages/core/src/rules/schema.ts';
import { expandTemplate } from '../../packages/core/src/rules/templates.ts';
import type { Ruleset, Span } from '../../packages/core/src/types/index.ts';
import { readRuleFiles } from '../../tools/rule-files.ts';

export interface RuleExample {
  readonly rule: string;
  /** Place in the rule's list. */
  readonly index: number;
  readonly text: Uint8Array;
  /** What is marked as the secret, one span or more. */
  readonly secrets: readonly Span[];
}

const root = join(import.meta.dirname, '../..');

/** Those of the rules in `ruleset`. The same seed gives the same texts on every machine. */
export function ruleExamples(ruleset: Ruleset, seed: string): readonly RuleExample[] {
  const patterns = new Map(ruleset.rules.map((rule) => [rule.id, rule.pattern]));
  return writtenRules().flatMap((rule) => {
    const pattern = patterns.get(rule.id);
    if (pattern === undefined) return [];
    return rule.examples.match.map((template, index) => expand(rule, pattern, template, index, seed));
  });
}

/** Every rule of every rule file that can be read. */
export function writtenRules(): readonly RuleSource[] {
  return readRuleFiles(root).flatMap(({ name, text }) => {
    const parsed = parseRuleFile(name, text);
    return 'problems' in parsed ? [] : parsed.file.rules;
  });
}

function expand(rule: RuleSource, pattern: string, template: string, index: number, seed: string): RuleExample {
  const groups = [...pattern.matchAll(/\(\?P<(\w+)>/g)].flatMap(([, name = '']) => (name === 'secret' ? [] : [name]));
  const parts = [...rule.companions.map((companion) => companion.name), ...groups];
  const example = expandTemplate(template, `${seed}/${rule.id}/${index}`, parts);
  return { rule: rule.id, index, text: example.text, secrets: example.secret };
}

/** One line of plain ASCII that holds one made-up secret, of a rule that needs no other line to find it. */
export interface PlantedLine {
  readonly rule: string;
  readonly line: string;
  readonly secret: string;
}

/**
 * One line for each of some rules that know their tokens by shape, so that they are found beside and inside other text;
 * `count` of them, spread over all providers.
 */
export function plantedLines(ruleset: Ruleset, seed: string, count: number): readonly PlantedLine[] {
  const sure = new Map(
    ruleset.rules
      .filter(
        ({ confidence, rank, companions, paths, reach, identity }) =>
          confidence === 'high' &&
          rank === 'specific' &&
          companions.length === 0 &&
          paths === undefined &&
          reach.class === 'bounded' &&
          identity === 'token',
      )
      .map((rule) => [rule.id, rule]),
  );
  const lines = new Map<string, PlantedLine>();
  for (const { rule, text, secrets } of ruleExamples(ruleset, seed)) {
    const line = Buffer.from(text).toString('latin1');
    const [span, ...more] = secrets;
    if (
      !sure.has(rule) ||
      lines.has(rule) ||
      more.length > 0 ||
      span === undefined ||
      !isPlain(line) ||
      line.length > 200
    )
      continue;
    lines.set(rule, { rule, line, secret: line.slice(span.start, span.end) });
  }
  const all = [...lines.values()];
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, at) => at % step === 0).slice(0, count);
}

function isPlain(line: string): boolean {
  return [...line].every((c) => c >= ' ' && c <= '~');
}
