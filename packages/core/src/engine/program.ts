/**
 * A ruleset made ready to run: the kernel's tables, and every rule's patterns, compiled on first use. One per worker.
 */
import type { AllowList, Companion, Rule, Ruleset } from '../types/index.ts';
import { ruleAt } from '../rules/find-rule.ts';
import { checksums } from './filters/checksums.ts';
import { named } from './named.ts';
import { compileLater } from './compile-later.ts';
import type { Pattern } from './regex.ts';
import { entriesOf, rulesWithPattern } from './entries.ts';
import { layTables } from './tables.ts';
import type { Tables } from './tables.ts';
import { placeTables } from './tables-image.ts';

export interface LazyPattern {
  readonly source: string;
  get(): Pattern;
}

export interface AllowProgram {
  readonly list: AllowList;
  /** What `Hit.allowed` holds when the list's criteria on the text hold and the rest is judged per sighting. */
  readonly mark: string;
  readonly patterns: readonly LazyPattern[];
}

export interface CompanionProgram {
  readonly companion: Companion;
  readonly pattern: LazyPattern;
}

export interface RuleProgram {
  readonly index: number;
  readonly rule: Rule;
  readonly pattern: LazyPattern;
  readonly checksum: ((secret: Uint8Array) => boolean) | undefined;
  readonly companions: readonly CompanionProgram[];
  /** The rule's own lists, then those of the ruleset that are for it. */
  readonly allow: readonly AllowProgram[];
}

export interface Program {
  readonly ruleset: Ruleset;
  readonly tables: Tables;
  /** Run over whole texts: those with keywords only if one occurs. */
  readonly nonlocal: readonly RuleProgram[];
  /** By the number that entries of the tables have. */
  rule(index: number): RuleProgram | undefined;
  /** Keywords, folded, of a rule that stops at its next one, by the anchor that they begin with. */
  stopKeywords(rule: RuleProgram): ReadonlyMap<number, readonly Uint8Array[]>;
}

/** @throws RangeError for a rule that names a gate or checksum that there is not, or a keyword under three bytes */
export function buildProgram(ruleset: Ruleset): Program {
  const image = ruleset.late?.tables();
  return image === undefined ? laidProgram(ruleset) : imageProgram(ruleset, image);
}

function laidProgram(ruleset: Ruleset): Program {
  const shared: SharedPatterns = new Map();
  const rules = rulesWithPattern(ruleset).map((rule, index) => prepare(rule, index, ruleset.allow, shared));
  const tables = layTables(rules.flatMap(({ rule, index }) => entriesOf(rule, index)));
  return {
    ruleset,
    tables,
    nonlocal: rules.filter((p) => p.rule.reach.class === 'nonlocal'),
    rule: (index) => rules[index],
    stopKeywords: createStopKeywords(tables),
  };
}

/** With tables that were laid out when the product was built; a rule is read when one of its keywords is met. */
function imageProgram(ruleset: Ruleset, image: Uint8Array): Program {
  const { tables, numbers } = placeTables(image);
  const made: RuleProgram[] = [];
  const shared: SharedPatterns = new Map();
  function make(index: number): RuleProgram | undefined {
    const number = numbers[index];
    const rule = number === undefined ? undefined : ruleAt(ruleset, number);
    return rule === undefined ? undefined : (made[index] = prepare(rule, index, ruleset.allow, shared));
  }
  return {
    ruleset,
    tables,
    nonlocal: [],
    rule: (index) => made[index] ?? make(index),
    stopKeywords: createStopKeywords(tables),
  };
}

function createStopKeywords(tables: Tables): Program['stopKeywords'] {
  const known = new Map<number, ReadonlyMap<number, readonly Uint8Array[]>>();
  return ({ index }) => {
    let keywords = known.get(index);
    if (keywords === undefined) {
      const own = tables.entries.filter((entry) => entry.rule === index);
      const grouped = Map.groupBy(own, (entry) => entry.anchor);
      keywords = new Map([...grouped].map(([anchor, entries]) => [anchor, entries.map((entry) => entry.keyword)]));
      known.set(index, keywords);
    }
    return keywords;
  };
}

/** Of lists, by what they are: many rules have the same in theirs, and each that is compiled and learns texts takes time. */
type SharedPatterns = Map<string, LazyPattern>;

function prepare(rule: Rule, index: number, forAll: Ruleset['allow'], shared: SharedPatterns): RuleProgram {
  const allow = (list: AllowList, mark: string): AllowProgram => ({
    list,
    mark: list.mark ?? mark,
    patterns: list.patterns.map((pattern) => sharedPattern(pattern, rule, shared)),
  });
  return {
    index,
    rule,
    pattern: lazy(rule.pattern, rule),
    checksum: rule.checksum === undefined ? undefined : named(checksums, rule.checksum, 'checksum', rule),
    companions: rule.companions.map((companion) => ({ companion, pattern: lazy(companion.pattern, rule) })),
    allow: [
      ...rule.allow.map((list, i) => allow(list, `${rule.id}#${i}`)),
      ...forAll.flatMap((list, i) => (isFor(list.targetRules, rule) ? [allow(list, `*#${i}`)] : [])),
    ],
  };
}

function sharedPattern(source: string, rule: Rule, shared: SharedPatterns): LazyPattern {
  let pattern = shared.get(source);
  if (pattern === undefined) shared.set(source, (pattern = lazy(source, rule)));
  return pattern;
}

/** `targetRules` names rules by our ids, other tools' ids, `provider:…` or `tag:…`; empty: all. */
function isFor(targetRules: readonly string[], rule: Rule): boolean {
  if (targetRules.length === 0) return true;
  const { gitleaks = [], betterleaks = [] } = rule.aliases;
  const names = [
    rule.id,
    ...gitleaks,
    ...betterleaks,
    `provider:${rule.provider}`,
    ...rule.tags.map((tag) => `tag:${tag}`),
  ];
  return names.some((name) => targetRules.includes(name));
}

/**
 * A match of a rule that looks back no further than this can begin at so few places that asking RE2 at each of them is
 * cheaper than letting it search the slice: an anchored match is given up at the first byte that does not fit.
 */
export const MAX_ANCHORED_BACK = 4;

/** Whoever reads an error has to know which rule to mend. */
function lazy(source: string, { id }: Rule): LazyPattern {
  let compiled: Pattern | undefined;
  return { source, get: () => (compiled ??= compileLater(source, `rule ${id}`)) };
}
