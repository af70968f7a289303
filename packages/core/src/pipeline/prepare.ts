/** From a resolved configuration to what a run needs: rules, suppressions, and the settings of every worker. */
import { allowParts } from '../config/allow.ts';
import type { ConfigFiles } from '../config/files.ts';
import type { RuleFileText } from '../config/linked-files.ts';
import type { Config } from '../config/resolve.ts';
import { append } from '../bytes/append.ts';
import { saltTag } from '../bytes/ids.ts';
import { defaultRuleset } from '../rules/default-ruleset.ts';
import { problemLine } from '../rules/problem.ts';
import { rulesetOf } from '../rules/ruleset-of.ts';
import type { SuppressionEntry } from '../suppress/entry.ts';
import type { PlaceEntry } from '../suppress/gitleaks-ignore.ts';
import type { Suppressions } from '../suppress/read-files.ts';
import type { Ruleset } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';

export interface PrepareOptions {
  /** Absolute: what `extend.path` of an operator's .gitleaks.toml is relative to. */
  readonly cwd: string;
  /** To tell the operator's rule files from a target's. */
  readonly operatorFiles: ConfigFiles;
  /** The user's key; asked for when something is found, or when workers are started. */
  readonly fingerprintKey: () => Uint8Array;
  readonly reveal: boolean;
  /** See TextScanSettings. */
  readonly carrySecrets?: boolean;
}

export interface Prepared {
  readonly settings: TextScanSettings;
  readonly entries: readonly SuppressionEntry[];
  readonly places: readonly PlaceEntry[];
  /** One line each: what was asked for and has no effect. */
  readonly warnings: readonly string[];
}

/** @throws RuleError, SelectionError, SuppressionError */
export async function prepare(config: Config, options: PrepareOptions): Promise<Prepared> {
  const { ruleset, warnings } = await effectiveRules(config, options);
  const accepted = allowParts(config.allow);
  let key: Uint8Array | undefined;
  const { entries, places, problems } = await suppressionsOf(config);
  return {
    settings: {
      ruleset: accepted.lists.length === 0 ? ruleset : rulesetOf(ruleset.rules, [...ruleset.allow, ...accepted.lists]),
      maxDecodeDepth: config.limits.maxDecodeDepth,
      inherit: true,
      salt: config.project.salt,
      repository: config.project.name,
      get fingerprintKey() {
        return (key ??= options.fingerprintKey());
      },
      reveal: options.reveal,
      carrySecrets: options.carrySecrets === true,
      inlineMarkers: config.ignore.markers,
      sha1: entries.some((entry) => entry.when.sha1 !== undefined),
    },
    entries: [...accepted.entries, ...entries],
    places,
    warnings: [...warnings, ...problems.map(problemLine)],
  };
}

/** The rules that a configuration asks for. @throws RuleError, SelectionError */
export async function effectiveRules(
  config: Config,
  options: Pick<PrepareOptions, 'cwd' | 'operatorFiles'>,
): Promise<{ readonly ruleset: Ruleset; readonly warnings: readonly string[] }> {
  let ruleset = await defaultRuleset();
  const warnings: string[] = [];
  for (const file of config.rules.files) {
    const added = await readRuleFile(file, ruleset, options);
    ruleset = added.ruleset;
    append(warnings, added.warnings);
  }
  const { overrides, only, enable, disable } = config.rules;
  if (Object.keys(overrides).length + enable.length + disable.length === 0 && only === undefined)
    return { ruleset, warnings };
  const { overrideRules, selectRules } = await import('../rules/select.ts');
  if (Object.keys(overrides).length > 0) ruleset = overrideRules(ruleset, overrides);
  return { ruleset: selectRules(ruleset, config.rules), warnings };
}

/** @throws SuppressionError */
async function suppressionsOf(config: Config): Promise<Suppressions> {
  if (config.suppressions.length === 0) return { entries: [], places: [], problems: [] };
  const { readSuppressionFiles } = await import('../suppress/read-files.ts');
  return readSuppressionFiles(config.suppressions, saltTag(config.project.salt));
}

/** The set with the rules of the file; a rule that has the id of an older one takes its place. */
async function readRuleFile(
  file: RuleFileText,
  base: Ruleset,
  options: Pick<PrepareOptions, 'cwd' | 'operatorFiles'>,
): Promise<{ readonly ruleset: Ruleset; readonly warnings: readonly string[] }> {
  if (!file.name.toLowerCase().endsWith('.toml')) {
    const { buildRuleset } = await import('../rules/ruleset.ts');
    return { ruleset: union(base, buildRuleset([file])), warnings: [] };
  }
  const { importGitleaks } = await import('../rules/gitleaks-toml.ts');
  const { ruleset, warnings } = importGitleaks({
    name: file.name,
    text: file.text,
    defaults: base,
    workingDirectory: file.files === options.operatorFiles ? options.cwd : '.',
    readText: (path) => file.files.readText(path),
  });
  return { ruleset: union(base, ruleset), warnings: warnings.map(problemLine) };
}

function union(base: Ruleset, added: Ruleset): Ruleset {
  // A file that builds on the base has taken what it wants of it.
  const known = new Set(base.rules);
  if (added.rules.some((rule) => known.has(rule))) return added;
  const ids = new Set(added.rules.map((rule) => rule.id));
  const lists = added.allow.filter((list) => !base.allow.includes(list));
  return rulesetOf([...base.rules.filter((rule) => !ids.has(rule.id)), ...added.rules], [...base.allow, ...lists]);
}
