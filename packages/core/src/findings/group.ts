/**
 * From hits at places to findings: one per credential, named by the best rule that found it, with all its sightings.
 * The result depends on what is located, not on the order in which workers delivered it.
 */
import { compareFindings, compareSightings, compareText, selectSightings } from '../reports/order.ts';
import { compileGlobs } from '../suppress/glob.ts';
import type { PathMatcher } from '../suppress/glob.ts';
import { CONFIDENCES } from '../types/index.ts';
import type { Confidence, Finding, Hit, Located, Rule, Sighting, SuppressionNote } from '../types/index.ts';
import { compareRules } from '../suppress/compare-rules.ts';

/** Sorted as reports list them. @throws RangeError for a hit of a rule that is not in `rules` */
export function groupFindings(located: readonly Located[], rules: ReadonlyMap<string, Rule>): readonly Finding[] {
  const raise = raisers();
  return groups(located, (one) => one.hit.credential)
    .map((group) => toFinding(group, rules, raise))
    .sort(compareFindings);
}

/** The same for credentials of which every sighting is suppressed. Of several notes the first by kind and source is told. */
export function groupSuppressed(
  suppressed: readonly { readonly located: Located; readonly note: SuppressionNote }[],
  rules: ReadonlyMap<string, Rule>,
): readonly (Finding & { readonly suppressed: SuppressionNote })[] {
  const notes = new Map<string, SuppressionNote>();
  for (const { located, note } of suppressed) {
    const known = notes.get(located.hit.credential);
    if (known === undefined || compareNotes(note, known) < 0) notes.set(located.hit.credential, note);
  }
  return groupFindings(
    suppressed.map(({ located }) => located),
    rules,
  ).flatMap((finding) => {
    const note = notes.get(finding.id);
    return note === undefined ? [] : [{ ...finding, suppressed: note }];
  });
}

const NOTE_ORDER: readonly SuppressionNote['by'][] = ['inline', 'ignore-file', 'baseline', 'config', 'rule'];

function compareNotes(a: SuppressionNote, b: SuppressionNote): number {
  return NOTE_ORDER.indexOf(a.by) - NOTE_ORDER.indexOf(b.by) || compareText(JSON.stringify(a), JSON.stringify(b));
}

function groups<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const byKey = new Map<string, T[]>();
  for (const item of items) {
    const known = byKey.get(key(item));
    if (known === undefined) byKey.set(key(item), [item]);
    else known.push(item);
  }
  return [...byKey.values()];
}

function toFinding(
  group: readonly Located[],
  rules: ReadonlyMap<string, Rule>,
  raised: (rule: Rule, path: string) => boolean,
): Finding {
  const found = [...new Set(group.flatMap(({ hit }) => [hit.rule, ...hit.alsoMatched]))];
  const naming = [...new Set(group.map(({ hit }) => hit.rule))].map((id) => ruleOf(id, rules)).sort(compareRules);
  const rule = naming[0] ?? ruleOf('', rules);
  const { hit } = group.filter((one) => one.hit.rule === rule.id).reduce((a, b) => (compareLocated(b, a) < 0 ? b : a));
  const all = distinctSightings(group);
  const others = found.filter((id) => id !== rule.id);
  return {
    id: hit.credential,
    ruleId: rule.id,
    alsoMatched: sortRuleIds(others, rules),
    provider: rule.provider,
    providerName: rule.providerName,
    title: rule.title,
    kind: rule.kind,
    severity: rule.severity,
    confidence: all.some(({ path }) => raised(rule, path)) ? oneHigher(rule.confidence) : rule.confidence,
    identity: rule.identity,
    fingerprint: hit.fingerprint,
    secret: hit.secret ?? hit.mask,
    secretLength: hit.secretLength,
    entropy: hit.entropy,
    ...(hit.name === undefined ? {} : { name: hit.name }),
    context: hit.secret === undefined ? hit.context : (hit.match ?? hit.context),
    parts: Object.fromEntries(Object.entries(hit.parts).map(([name, part]) => [name, part.secret ?? part.mask])),
    verdict: { state: 'unverified' },
    sightings: selectSightings(all),
    sightingCount: all.length,
    ...(rule.console === undefined ? {} : { console: rule.console }),
    references: rule.references,
    tags: rule.tags,
  };
}

function ruleOf(id: string, rules: ReadonlyMap<string, Rule>): Rule {
  const rule = rules.get(id);
  if (rule === undefined) throw new RangeError(`no rule ${id}`);
  return rule;
}

/** Known rules the best first, then unknown ones by id. */
function sortRuleIds(ids: readonly string[], rules: ReadonlyMap<string, Rule>): readonly string[] {
  return ids.toSorted((a, b) => {
    const [ruleA, ruleB] = [rules.get(a), rules.get(b)];
    if (ruleA !== undefined && ruleB !== undefined) return compareRules(ruleA, ruleB);
    return Number(ruleA === undefined) - Number(ruleB === undefined) || compareText(a, b);
  });
}

/** The hit that speaks for the credential: undecoded, with most parts, at the first place. */
function compareLocated(a: Located, b: Located): number {
  return (
    a.hit.decoded.length - b.hit.decoded.length ||
    Object.keys(b.hit.parts).length - Object.keys(a.hit.parts).length ||
    compareSightings(a.sighting, b.sighting) ||
    compareText(a.text, b.text) ||
    a.hit.span.start - b.hit.span.start ||
    a.hit.span.end - b.hit.span.end ||
    compareText(hitKey(a.hit), hitKey(b.hit))
  );
}

function hitKey(hit: Hit): string {
  return JSON.stringify([hit.mask, hit.name, hit.context, hit.parts, hit.alsoMatched]);
}

/** Two rules may find one credential at one place, and say so twice. */
function distinctSightings(group: readonly Located[]): readonly Sighting[] {
  const byKey = new Map(group.map(({ sighting }) => [sightingKey(sighting), sighting]));
  return [...byKey.values()];
}

function sightingKey(sighting: Sighting): string {
  const { kind, path, line, column, endLine, endColumn } = sighting;
  const version = 'commit' in sighting ? sighting.commit : 'blob' in sighting ? sighting.blob : '';
  return JSON.stringify([kind, path, line, column, endLine, endColumn, version, 'tag' in sighting ? sighting.tag : '']);
}

function oneHigher(confidence: Confidence): Confidence {
  return CONFIDENCES[Math.max(0, CONFIDENCES.indexOf(confidence) - 1)] ?? confidence;
}

/** Whether a path raises a rule's confidence; each rule's globs are compiled once. */
function raisers(): (rule: Rule, path: string) => boolean {
  const known = new Map<string, PathMatcher>();
  return (rule, path) => {
    if (rule.paths?.raise === undefined) return false;
    let matcher = known.get(rule.id);
    if (matcher === undefined) known.set(rule.id, (matcher = compileGlobs(rule.paths.raise)));
    return matcher(path);
  };
}
