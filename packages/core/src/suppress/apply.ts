/**
 * What of the located hits is reported. Everything that depends on a place is decided here, per sighting: a rule's
 * paths, allow-lists, inline comments, ignore files, baselines and allow entries of the configuration. A credential
 * with one sighting that survives is a finding; one with none is suppressed, with the reason.
 */
import type { Entry, InlineIgnore, Located, Rule, Ruleset, SuppressionNote } from '../types/index.ts';
import { isExpired } from './dates.ts';
import { toEntry } from './entry.ts';
import type { SuppressionEntry } from './entry.ts';
import { EntryIndex, rulesOf } from './entry-index.ts';
import { covers } from './inline.ts';
import { PlaceRules } from './place-rules.ts';
import type { CompilePath } from './place-rules.ts';
import { ruleNames } from './rule-names.ts';

export interface SuppressionInput {
  readonly located: readonly Located[];
  readonly rules: ReadonlyMap<string, Rule>;
  /** Allow-lists of the ruleset. */
  readonly allow: Ruleset['allow'];
  /** Of ignore files, baselines and the configuration. */
  readonly entries: readonly SuppressionEntry[];
  readonly now: Date;
  readonly compilePath: CompilePath;
}

export interface SuppressedSighting {
  readonly located: Located;
  readonly note: SuppressionNote;
}

/** All lists but `expired` and `unused` in the order of the input. */
export interface Applied {
  readonly kept: readonly Located[];
  /** Sightings of credentials of which none survived. */
  readonly suppressed: readonly SuppressedSighting[];
  /** Suppressed sightings of credentials that are reported for another one. */
  readonly hidden: readonly SuppressedSighting[];
  /** Sightings at places that no rule which found them is for: as if nothing had matched. */
  readonly dropped: number;
  /** Entries and comments whose date is over: they suppress nothing any more. */
  readonly expired: readonly Entry[];
  /** Entries that are about nothing in the input. It says something only if all was scanned that they could be about. */
  readonly unused: readonly Entry[];
}

export function applySuppressions(input: SuppressionInput): Applied {
  const { entries, now } = input;
  const expiredEntries = new Set(entries.filter((entry) => isExpired(entry.until, now)));
  const index = new EntryIndex(entries.filter((entry) => !expiredEntries.has(entry)));
  const places = new PlaceRules(input.allow, input.compilePath);
  const used = new Set<SuppressionEntry>();
  const expiredComments = new Map<string, Entry>();
  const kept: Located[] = [];
  const noted: SuppressedSighting[] = [];
  let dropped = 0;

  for (const one of input.located) {
    const located = namedByRuleForPlace(one, input.rules, places);
    if (located === undefined) {
      dropped++;
      continue;
    }
    const rule = input.rules.get(located.hit.rule);
    const names = rule === undefined ? [located.hit.rule] : ruleNames(rule);
    const matching = index.matching(located, names);
    for (const entry of matching) used.add(entry);
    const comment = commentOn(located, input.rules);
    if (comment !== undefined && isExpired(comment.until, now)) {
      const entry = commentEntry(comment, located);
      expiredComments.set(JSON.stringify(entry), entry);
    }
    const note =
      (comment === undefined || isExpired(comment.until, now) ? undefined : commentNote(comment)) ??
      matching.toSorted(byPriority).map(entryNote)[0] ??
      (rule === undefined ? undefined : allowNote(rule, places.allowedBy(rule, names, located)));
    if (note === undefined) kept.push(located);
    else noted.push({ located, note });
  }

  const reported = new Set(kept.map(({ hit }) => hit.credential));
  return {
    kept,
    suppressed: noted.filter(({ located }) => !reported.has(located.hit.credential)),
    hidden: noted.filter(({ located }) => reported.has(located.hit.credential)),
    dropped,
    expired: sorted([...[...expiredEntries].map(toEntry), ...expiredComments.values()]),
    unused: sorted(entries.filter((entry) => !used.has(entry) && !expiredEntries.has(entry)).map(toEntry)),
  };
}

/**
 * A rule that is not for this place does not name a hit there; another one that found the same bytes may. `undefined` if
 * none is. Hits of unknown rules stay as they are.
 */
function namedByRuleForPlace(
  located: Located,
  rules: ReadonlyMap<string, Rule>,
  places: PlaceRules,
): Located | undefined {
  const candidates = rulesOf(located, rules);
  const fitting = candidates.filter((rule) => places.applies(rule, located.sighting));
  if (fitting.length === candidates.length) return located;
  const [first, ...others] = fitting;
  if (first === undefined) return undefined;
  return { ...located, hit: { ...located.hit, rule: first.id, alsoMatched: others.map((rule) => rule.id) } };
}

/** Comments may name any of the rules that found the bytes next to them. */
function commentOn(located: Located, rules: ReadonlyMap<string, Rule>): InlineIgnore | undefined {
  const comment = located.hit.inline;
  if (comment === undefined) return undefined;
  const names = [located.hit.rule, ...located.hit.alsoMatched, ...rulesOf(located, rules).flatMap(ruleNames)];
  return covers(comment, names) ? comment : undefined;
}

function commentNote({ marker, reason, until }: InlineIgnore): SuppressionNote {
  return {
    by: 'inline',
    source: marker,
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

function commentEntry({ marker, reason, until }: InlineIgnore, { text, sighting }: Located): Entry {
  const source = sighting.path === '' ? text : sighting.path;
  return {
    source,
    line: sighting.line,
    text: marker,
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

function entryNote({ by, source, line, reason, owner, until }: SuppressionEntry): SuppressionNote {
  return {
    by,
    source: `${source}:${line}`,
    ...(reason === undefined ? {} : { reason }),
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { until }),
  };
}

function allowNote(rule: Rule, list: { readonly description?: string } | undefined): SuppressionNote | undefined {
  if (list === undefined) return undefined;
  return { by: 'rule', source: rule.id, ...(list.description === undefined ? {} : { reason: list.description }) };
}

const PRIORITY: readonly SuppressionEntry['by'][] = ['ignore-file', 'baseline', 'config'];

function byPriority(a: SuppressionEntry, b: SuppressionEntry): number {
  return PRIORITY.indexOf(a.by) - PRIORITY.indexOf(b.by) || compareText(a.source, b.source) || a.line - b.line;
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => compareText(a.source, b.source) || a.line - b.line || compareText(a.text, b.text));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
