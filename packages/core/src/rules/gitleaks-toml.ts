/**
 * `.gitleaks.toml` and `.betterleaks.toml` as a ruleset. With `extend.useDefault` their rules and lists are laid over our
 * own rules, which answer to the ids that those tools know them by; without it they stand alone.
 */
import { isAbsolute, join } from 'node:path';
import { append } from '../bytes/append.ts';
import type { AllowList, Rule, Ruleset } from '../types/index.ts';
import { overlaidRule, ruleFromForeign } from './gitleaks-rule.ts';
import type { Said } from './gitleaks-rule.ts';
import { foreignAllow } from './gitleaks-patterns.ts';
import { readForeignConfig } from './gitleaks-shape.ts';
import type { ForeignAllowList, ForeignConfig, ForeignRule } from './gitleaks-shape.ts';
import { RuleError } from './problem.ts';
import type { Problem } from './problem.ts';
import { rulesetOf } from './ruleset-of.ts';

export interface GitleaksOptions {
  /** What problems call the file. */
  readonly name: string;
  readonly text: string;
  /** What `useDefault` stands for. */
  readonly defaults: Ruleset;
  /** `extend.path` is relative to it, not to the file. */
  readonly workingDirectory: string;
  /** The text of a file, or undefined if it cannot be read. Decides, too, what may be read. */
  readonly readText: (path: string) => string | undefined;
}

export interface GitleaksRules {
  readonly ruleset: Ruleset;
  /** What the file asks for and does not get, one line each. */
  readonly warnings: readonly Problem[];
}

/** How many files one file may pull in, one after the other. */
const MAX_EXTEND = 2;

/** @throws RuleError with everything that is wrong with the files. */
export function importGitleaks(options: GitleaksOptions): GitleaksRules {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const layers = readLayers(options, problems, warnings);
  const rules = new Map<string, Rule>();
  const allow: { list: ForeignAllowList; name: string }[] = [];
  const base: (AllowList & { readonly targetRules: readonly string[] })[] = [];
  if (layers.some((layer) => layer.config.extend.useDefault)) {
    for (const rule of options.defaults.rules) rules.set(rule.id, rule);
    base.push(...options.defaults.allow);
  }
  for (const { name, config } of layers) {
    const said = speaker(name, problems, warnings);
    for (const rule of config.rules) addRule(rules, rule, config, said);
    for (const id of config.extend.disabledRules) {
      const named = idsFor(rules, id);
      if (named.length === 0) warnings.push({ file: name, message: `extend.disabledRules: no rule is called ${id}` });
      for (const own of named) rules.delete(own);
    }
    for (const list of config.allow) allow.push({ list, name });
  }
  const lists = allow.map(({ list, name }) => {
    const said = speaker(name, problems, warnings)(undefined);
    const targets = list.targetRules.map((id) => [id, idsFor(rules, id)] as const);
    for (const [id, ids] of targets) if (ids.length === 0) said.warn(`targetRules: no rule is called ${id}`);
    const targetRules = targets.flatMap(([id, ids]) => (ids.length === 0 ? [id] : ids));
    return { ...foreignAllow(list, said), targetRules: [...new Set(targetRules)].sort() };
  });
  if (problems.length > 0) throw new RuleError(problems);
  return { ruleset: rulesetOf([...rules.values()], [...base, ...lists]), warnings };
}

interface Layer {
  readonly name: string;
  readonly config: ForeignConfig;
}

/** The file and what it extends, the extended first. */
function readLayers(options: GitleaksOptions, problems: Problem[], warnings: Problem[]): Layer[] {
  const layers: Layer[] = [];
  let next: { name: string; text: string } | undefined = { name: options.name, text: options.text };
  while (next !== undefined) {
    const { name, text }: { name: string; text: string } = next;
    next = undefined;
    const shape = readForeignConfig(name, text);
    append(problems, shape.problems);
    append(warnings, shape.warnings);
    if (shape.config === undefined) break;
    layers.unshift({ name, config: shape.config });
    const { path } = shape.config.extend;
    if (path === undefined) break;
    if (layers.length > MAX_EXTEND) {
      warnings.push({
        file: name,
        message: `extend.path ${path} is not read: files extend each other at most ${MAX_EXTEND} deep`,
      });
      break;
    }
    const extended = options.readText(isAbsolute(path) ? path : join(options.workingDirectory, path));
    if (extended === undefined)
      problems.push({
        file: name,
        message: `extend.path ${path} cannot be read (it is relative to the working directory)`,
      });
    else next = { name: path, text: extended };
  }
  return layers;
}

function speaker(file: string, problems: Problem[], warnings: Problem[]): (rule: string | undefined) => Said {
  return (rule) => {
    const at = rule === undefined ? { file } : { file, rule };
    return {
      problem: (message) => void problems.push({ ...at, message }),
      warn: (message) => void warnings.push({ ...at, message }),
    };
  };
}

/** A rule of a file: laid over those that it names, or new. */
function addRule(
  rules: Map<string, Rule>,
  foreign: ForeignRule,
  config: ForeignConfig,
  speak: (rule: string | undefined) => Said,
): void {
  const said = speak(foreign.id);
  const others = (id: string): Rule | ForeignRule | undefined => {
    const [own] = idsFor(rules, id);
    return (
      config.rules.find((rule) => rule.id === id && rule.regex !== undefined) ??
      (own === undefined ? undefined : rules.get(own))
    );
  };
  const known = idsFor(rules, foreign.id);
  if (known.length === 0) {
    const rule = ruleFromForeign(foreign, config.title, others, said);
    if (rule !== undefined) rules.set(rule.id, rule);
    return;
  }
  for (const id of known) {
    const base = rules.get(id);
    const rule = base === undefined ? undefined : overlaidRule(base, foreign, others, said);
    if (rule !== undefined) rules.set(id, rule);
  }
}

/** Ids of the rules that go by this id: their own, or else the one that gitleaks or betterleaks knows them by. */
function idsFor(rules: ReadonlyMap<string, Rule>, id: string): string[] {
  if (rules.has(id)) return [id];
  return [...rules.values()]
    .filter(({ aliases }) => aliases.gitleaks?.includes(id) === true || aliases.betterleaks?.includes(id) === true)
    .map((rule) => rule.id);
}
