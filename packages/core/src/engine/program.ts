/**
 * A ruleset made ready to run: the kernel's tables, and every rule's patterns, compiled on first use. One per worker.
 */
import type { AllowList, Companion, Rule, Ruleset } from '../types/index.ts';
import { checksums } from './filters/checksums.ts';
import { gates } from './gates.ts';
import { compile } from './regex.ts';
import type { Pattern } from './regex.ts';
import { layTables } from './tables.ts';
import type { ByteCondition, TableEntry, Tables } from './tables.ts';

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
  readonly rules: readonly RuleProgram[];
  readonly tables: Tables;
  /** Run over whole texts: those with keywords only if one occurs. */
  readonly nonlocal: readonly RuleProgram[];
  /** Keywords, folded, of a rule that stops at its next one, by the anchor that they begin with. */
  stopKeywords(rule: RuleProgram): ReadonlyMap<number, readonly Uint8Array[]>;
}

/** @throws RangeError for a rule that names a gate or checksum that there is not, or a keyword under three bytes */
export function buildProgram(ruleset: Ruleset): Program {
  const rules = ruleset.rules
    .filter((rule) => rule.pattern !== '')
    .map((rule, index) => prepare(rule, index, ruleset.allow));
  const tables = layTables(rules.flatMap(entriesOf));
  return {
    ruleset,
    rules,
    tables,
    nonlocal: rules.filter((p) => p.rule.reach.class === 'nonlocal'),
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

function entriesOf({ rule, index }: RuleProgram): TableEntry[] {
  const { back, forward, stopAtNext, lines } = rule.reach;
  const nonlocal = rule.reach.class === 'nonlocal';
  const gate = rule.gate === undefined ? 0 : named(gates, rule.gate, 'gate', rule);
  const run = rule.run === undefined || rule.run.min < MIN_RUN ? undefined : condition(rule.run);
  return rule.keywords.map((keyword, i) => ({
    rule: index,
    keyword,
    back,
    forward,
    stopAtNext: stopAtNext && !nonlocal,
    lines,
    nonlocal,
    gate,
    after: nonlocal ? undefined : condition(rule.after?.[i]),
    run: nonlocal ? undefined : run,
  }));
}

function prepare(rule: Rule, index: number, shared: Ruleset['allow']): RuleProgram {
  return {
    index,
    rule,
    pattern: lazy(
      rule.pattern,
      rule.reach.class !== 'nonlocal' && rule.reach.back <= MAX_ANCHORED_BACK ? 'anchored' : 'search',
    ),
    checksum: rule.checksum === undefined ? undefined : named(checksums, rule.checksum, 'checksum', rule),
    companions: rule.companions.map((companion) => ({ companion, pattern: lazy(companion.pattern) })),
    allow: [
      ...rule.allow.map((list, i) => allowProgram(list, `${rule.id}#${i}`)),
      ...shared.flatMap((list, i) => (isFor(list.targetRules, rule) ? [allowProgram(list, `*#${i}`)] : [])),
    ],
  };
}

function allowProgram(list: AllowList, mark: string): AllowProgram {
  return { list, mark: list.mark ?? mark, patterns: list.patterns.map((pattern) => lazy(pattern)) };
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

function named<T>(table: Readonly<Record<string, T>>, name: string, what: string, rule: Rule): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new RangeError(`rule ${rule.id}: there is no ${what} named ${name}`);
  return found;
}

/**
 * A match of a rule that looks back no further than this can begin at so few places that asking RE2 at each of them is
 * cheaper than letting it search the slice: an anchored match is given up at the first byte that does not fit.
 */
export const MAX_ANCHORED_BACK = 4;

function lazy(source: string, use?: 'search' | 'anchored'): LazyPattern {
  let compiled: Pattern | undefined;
  return { source, get: () => (compiled ??= compile(source, use)) };
}

/** Shorter runs stand everywhere: looking for them costs more than it saves. */
const MIN_RUN = 8;

function condition(spec: { readonly set: string; readonly min: number } | null | undefined): ByteCondition | undefined {
  if (spec === undefined || spec === null || spec.min === 0) return undefined;
  return { set: byteFlags(spec.set), min: spec.min };
}

/** Few sets serve all rules. */
const flagsByHex = new Map<string, Uint8Array>();

function byteFlags(hex: string): Uint8Array {
  const known = flagsByHex.get(hex);
  if (known !== undefined) return known;
  const set = new Uint8Array(256);
  for (let i = 0; i < 32; i++) {
    const bits = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
    for (let b = 0; b < 8; b++) set[i * 8 + b] = (bits >> b) & 1;
  }
  flagsByHex.set(hex, set);
  return set;
}
