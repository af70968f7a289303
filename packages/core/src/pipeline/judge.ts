/** What of the located hits is reported: by path, by what is accepted, by severity. Loaded when there is anything to judge. */
import { groupFindings, groupSuppressed } from '../findings/group.ts';
import { compareSeverity } from '../reports/order.ts';
import { findRule } from '../rules/find-rule.ts';
import { applySuppressions } from '../suppress/apply.ts';
import { toSuppression } from '../suppress/gitleaks-ignore.ts';
import { compileGlobs } from '../suppress/glob.ts';
import type { PathMatcher } from '../suppress/glob.ts';
import type { Entry, Finding, Located, Report, Rule, Ruleset } from '../types/index.ts';
import { pathPattern } from './path-pattern.ts';
import { resolvePlaces } from './places.ts';
import type { RunOptions } from './run.ts';

export interface Judged {
  readonly findings: readonly Finding[];
  readonly suppressed: Report['suppressed'];
  /** Those that the findings name. */
  readonly rules: readonly Rule[];
  readonly expired: readonly Entry[];
  readonly unused: readonly Entry[];
  /** What hits of the findings carry, each once. */
  readonly carried: readonly string[];
}

export async function judge(located: readonly Located[], options: RunOptions): Promise<Judged> {
  const { ruleset } = options.settings;
  const rules = rulesOf(located, ruleset);
  const isWanted = pathFilter(options.include, options.exclude);
  const resolved = await resolvePlaces(options.places, options.targets, options.settings, options.log);
  const applied = applySuppressions({
    located: located.filter((one) => isWanted(one.sighting.path)),
    rules,
    allow: ruleset.allow,
    entries: [...options.entries, ...options.places.map((place, i) => toSuppression(place, resolved[i]))],
    now: options.now(),
    compilePath: pathPattern,
  });
  const isSevere = (finding: Finding): boolean => compareSeverity(finding.severity, options.minSeverity) <= 0;
  const findings = groupFindings(applied.kept, rules).filter(isSevere);
  const suppressed = groupSuppressed(applied.suppressed, rules).filter(isSevere);
  const reported = new Set(findings.map((finding) => finding.id));
  const named = new Set([...findings, ...suppressed].flatMap((finding) => [finding.ruleId, ...finding.alsoMatched]));
  return {
    findings,
    suppressed,
    rules: [...named].flatMap((id) => rules.get(id) ?? []),
    expired: applied.expired,
    unused: applied.unused,
    carried: [...new Set(applied.kept.flatMap(({ hit }) => (reported.has(hit.credential) ? (hit.carried ?? []) : [])))],
  };
}

/** Those that found something, by id. */
function rulesOf(located: readonly Located[], ruleset: Ruleset): ReadonlyMap<string, Rule> {
  const ids = new Set(located.flatMap(({ hit }) => [hit.rule, ...hit.alsoMatched]));
  const rules = [...ids].sort().flatMap((id) => findRule(ruleset, id) ?? []);
  return new Map(rules.map((rule) => [rule.id, rule]));
}

function pathFilter(include: readonly string[], exclude: readonly string[]): PathMatcher {
  const included = include.length === 0 ? (): boolean => true : compileGlobs(include);
  const excluded = exclude.length === 0 ? (): boolean => false : compileGlobs(exclude);
  return (path) => path === '' || (included(path) && !excluded(path));
}
