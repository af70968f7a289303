/**
 * A ruleset made ready to run: the prefilter over all keywords, which rules each keyword belongs to, and every rule's
 * patterns, compiled on first use. One per worker.
 */
import type { AllowList, Companion, Rule, Ruleset } from '../types/index.ts';
import { gates } from './gates/index.ts';
import type { Gate } from './gates/index.ts';
import { checksums } from './filters/checksums.ts';
import { buildPrefilter } from './prefilter.ts';
import type { Prefilter } from './prefilter.ts';
import { compile } from './regex.ts';
import type { Pattern } from './regex.ts';

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
  readonly gate: Gate | undefined;
  readonly checksum: ((secret: Uint8Array) => boolean) | undefined;
  readonly companions: readonly CompanionProgram[];
  /** The rule's own lists, then those of the ruleset that are for it. */
  readonly allow: readonly AllowProgram[];
  /** A run of bytes that every match contains; undefined where that is nothing to look for. */
  readonly run: ByteCondition | undefined;
  /** Keyword numbers of the prefilter, for `stopAtNext`. */
  readonly keywords: ReadonlySet<number>;
}

/** A rule as reached from one of its keywords. */
export interface KeywordRule {
  readonly program: RuleProgram;
  /** Must follow the keyword directly. */
  readonly after: ByteCondition | undefined;
}

/** At least `min` bytes of `set` (256 flags) in a row. */
export interface ByteCondition {
  readonly set: Uint8Array;
  readonly min: number;
}

export interface Program {
  readonly ruleset: Ruleset;
  readonly rules: readonly RuleProgram[];
  readonly prefilter: Prefilter;
  /** By keyword number; nonlocal rules are not in here. */
  readonly byKeyword: readonly (readonly KeywordRule[])[];
  readonly keywordLengths: Uint16Array;
  readonly longestKeyword: number;
  /** Run over whole texts: those with keywords only if one occurs. */
  readonly nonlocal: readonly RuleProgram[];
}

export function buildProgram(ruleset: Ruleset): Program {
  const numbers = new Map<string, number>();
  const number = (keyword: string): number => {
    const known = numbers.get(keyword);
    if (known !== undefined) return known;
    numbers.set(keyword, numbers.size);
    return numbers.size - 1;
  };
  const rules = ruleset.rules
    .filter((rule) => rule.pattern !== '')
    .map((rule, index) => prepare(rule, index, new Set(rule.keywords.map(number)), ruleset.allow));

  const byKeyword: KeywordRule[][] = Array.from({ length: numbers.size }, () => []);
  for (const program of rules) {
    if (program.rule.reach.class === 'nonlocal') continue;
    for (const [i, keyword] of program.rule.keywords.entries()) {
      byKeyword[number(keyword)]?.push({ program, after: condition(program.rule.after?.[i]) });
    }
  }
  const keywords = [...numbers.keys()];
  const nonlocalKeywords = new Set(
    rules.filter((p) => p.rule.reach.class === 'nonlocal').flatMap((p) => [...p.keywords]),
  );
  return {
    ruleset,
    rules,
    prefilter: buildPrefilter(
      keywords,
      byKeyword.map((entries, keyword) =>
        keywords[keyword]?.length === 3 ? mayFollow(entries, nonlocalKeywords.has(keyword)) : undefined,
      ),
    ),
    byKeyword,
    keywordLengths: Uint16Array.from(keywords, (k) => k.length),
    longestKeyword: Math.max(0, ...keywords.map((k) => k.length)),
    nonlocal: rules.filter((p) => p.rule.reach.class === 'nonlocal'),
  };
}

/** The bytes that some rule of a keyword can take after it; undefined if one can take any. */
function mayFollow(entries: readonly KeywordRule[], nonlocal: boolean): Uint8Array | undefined {
  if (nonlocal || entries.length === 0 || entries.some((entry) => entry.after === undefined)) return undefined;
  const union = new Uint8Array(256);
  for (const { after } of entries) for (let b = 0; b < 256; b++) union[b] = (union[b] ?? 0) | (after?.set[b] ?? 0);
  return union;
}

function prepare(rule: Rule, index: number, keywords: ReadonlySet<number>, shared: Ruleset['allow']): RuleProgram {
  return {
    index,
    rule,
    pattern: lazy(
      rule.pattern,
      rule.reach.class !== 'nonlocal' && rule.reach.back <= MAX_ANCHORED_BACK ? 'anchored' : 'search',
    ),
    gate: rule.gate === undefined ? undefined : named(gates, rule.gate, 'gate', rule),
    checksum: rule.checksum === undefined ? undefined : named(checksums, rule.checksum, 'checksum', rule),
    companions: rule.companions.map((companion) => ({ companion, pattern: lazy(companion.pattern) })),
    allow: [
      ...rule.allow.map((list, i) => allowProgram(list, `${rule.id}#${i}`)),
      ...shared.flatMap((list, i) => (isFor(list.targetRules, rule) ? [allowProgram(list, `*#${i}`)] : [])),
    ],
    run: rule.run === undefined || rule.run.min < MIN_RUN ? undefined : condition(rule.run),
    keywords,
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
