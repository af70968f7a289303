/**
 * The ruleset as it is shipped: JSON that every start reads, so it is made to be read fast. Members are columns, one line
 * of a text for each rule; what few rules have is kept by rule number; parts that many patterns share (the middle of
 * every `assign`) are replaced by one character each.
 */
import { CONFIDENCES, IDENTITIES, KINDS, SEVERITIES } from '../types/index.ts';
import type { Rule, Ruleset } from '../types/index.ts';

type Sparse<K extends keyof Rule> = Readonly<Record<number, Exclude<Rule[K], undefined>>>;

export interface PackedRuleset {
  readonly format: 1;
  readonly digest: string;
  /** Part `i` stands in patterns as the character U+0080 + i. */
  readonly parts: readonly string[];
  /** Each distinct byte set, in hex. */
  readonly sets: readonly string[];
  /** Provider, its name, and its console or ''. */
  readonly providers: readonly (readonly [string, string, string])[];
  readonly ids: string;
  readonly titles: string;
  readonly patterns: string;
  readonly digests: string;
  /** Separated by tabs. */
  readonly keywords: string;
  readonly references: string;
  /** A letter for each rule: the index in its list, from A on. */
  readonly kinds: string;
  readonly severities: string;
  readonly confidences: string;
  readonly identities: string;
  /** By rule: index of the provider, back, forward. */
  readonly numbers: readonly number[];
  readonly maskPrefixes: string;
  /** 0 where there is none. */
  readonly entropies: readonly number[];
  /** By rule: pairs of set and minimum, 0 0 for a keyword without a condition; 0 for a rule without conditions. */
  readonly after: readonly (0 | readonly number[])[];
  /** Set and minimum. */
  readonly run: readonly (0 | readonly [number, number])[];
  /** Numbers of rules. */
  readonly open: readonly number[];
  readonly stopAtNext: readonly number[];
  readonly generic: readonly number[];
  readonly words: readonly number[];
  readonly withoutPlaceholders: readonly number[];
  readonly notAlone: readonly number[];
  readonly gate: Sparse<'gate'>;
  readonly checksum: Sparse<'checksum'>;
  readonly minLength: Sparse<'minLength'>;
  readonly companions: Sparse<'companions'>;
  readonly allow: Sparse<'allow'>;
  readonly paths: Sparse<'paths'>;
  readonly aliases: Sparse<'aliases'>;
  readonly tags: Sparse<'tags'>;
}

const MAX_PARTS = 32;
const FIRST_MARK = 0x80;
const LETTER_A = 0x41;

/**
 * @param parts texts that many patterns share; at most 32. One that holds another stands before it.
 * @throws RangeError for a ruleset that cannot be packed: with nonlocal rules, lists for all rules, members that only
 *   imported rules have, or texts of several lines.
 */
export function packRuleset(ruleset: Ruleset, parts: readonly string[]): PackedRuleset {
  if (parts.length > MAX_PARTS) throw new RangeError(`more than ${MAX_PARTS} parts`);
  if (ruleset.allow.length > 0) throw new RangeError('a ruleset with lists for all rules is not packed');
  const { rules } = ruleset;
  const sets = new Map<string, number>();
  const providers = new Map<string, number>();
  const index = (table: Map<string, number>, key: string): number => {
    const known = table.get(key) ?? table.size;
    table.set(key, known);
    return known;
  };
  for (const rule of rules) {
    if (rule.reach.class === 'nonlocal') throw new RangeError(`rule ${rule.id} is nonlocal`);
    if (rule.secretGroup !== undefined || rule.pathPattern !== undefined)
      throw new RangeError(`rule ${rule.id} is imported`);
  }
  const column = (what: string, text: (rule: Rule) => string): string => {
    const lines = rules.map(text);
    const broken = lines.findIndex((line) => line.includes('\n'));
    if (broken >= 0) throw new RangeError(`rule ${rules[broken]?.id ?? ''}: ${what} of several lines`);
    return lines.join('\n');
  };
  const letters = (list: readonly string[], of: (rule: Rule) => string): string =>
    rules.map((rule) => String.fromCharCode(LETTER_A + list.indexOf(of(rule)))).join('');
  const numbered = (which: (rule: Rule) => boolean): number[] => rules.flatMap((rule, i) => (which(rule) ? [i] : []));
  const sparse = <K extends keyof Rule>(key: K, has: (rule: Rule) => boolean): Sparse<K> =>
    Object.fromEntries(rules.flatMap((rule, i) => (has(rule) ? [[i, rule[key]]] : []))) as Sparse<K>;

  return {
    format: 1,
    digest: ruleset.digest,
    parts,
    ids: column('id', (r) => r.id),
    titles: column('title', (r) => r.title),
    patterns: column('pattern', (r) => shortened(r, parts)),
    digests: column('digest', (r) => r.digest),
    keywords: column('keywords', (r) => r.keywords.join('\t')),
    references: column('references', (r) => r.references.join('\t')),
    kinds: letters(KINDS, (r) => r.kind),
    severities: letters(SEVERITIES, (r) => r.severity),
    confidences: letters(CONFIDENCES, (r) => r.confidence),
    identities: letters(IDENTITIES, (r) => r.identity),
    numbers: rules.flatMap((r) => [
      index(providers, JSON.stringify([r.provider, r.providerName, r.console ?? ''])),
      r.reach.back,
      r.reach.forward,
    ]),
    maskPrefixes: column('maskPrefix', (r) => r.maskPrefix ?? ''),
    entropies: rules.map((r) => r.minEntropy ?? 0),
    after: rules.map((r) =>
      r.after === undefined ? 0 : r.after.flatMap((c) => (c === null ? [0, 0] : [index(sets, c.set), c.min])),
    ),
    run: rules.map((r) => (r.run === undefined ? 0 : [index(sets, r.run.set), r.run.min])),
    open: numbered((r) => r.reach.class === 'open'),
    stopAtNext: numbered((r) => r.reach.stopAtNext),
    generic: numbered((r) => r.rank === 'generic'),
    words: numbered((r) => r.words),
    withoutPlaceholders: numbered((r) => !r.placeholders),
    notAlone: numbered((r) => !r.reportAlone),
    gate: sparse('gate', (r) => r.gate !== undefined),
    checksum: sparse('checksum', (r) => r.checksum !== undefined),
    minLength: sparse('minLength', (r) => r.minLength !== undefined),
    companions: sparse('companions', (r) => r.companions.length > 0),
    allow: sparse('allow', (r) => r.allow.length > 0),
    paths: sparse('paths', (r) => r.paths !== undefined),
    aliases: sparse('aliases', (r) => Object.keys(r.aliases).length > 0),
    tags: sparse('tags', (r) => r.tags.length > 0),
    // After everything that fills them.
    sets: [...sets.keys()],
    providers: [...providers.keys()].map((key) => JSON.parse(key) as [string, string, string]),
  };
}

const NONE: readonly never[] = [];

export function unpackRuleset(packed: PackedRuleset): Ruleset {
  const { parts, sets, providers, numbers, kinds, severities, confidences, identities } = packed;
  const lines = (text: string): string[] => text.split('\n');
  const ids = packed.ids === '' ? [] : lines(packed.ids);
  const [titles, patterns, digests] = [
    lines(packed.titles),
    lines(restored(packed.patterns, parts)),
    lines(packed.digests),
  ];
  const [keywords, references, prefixes] = [
    lines(packed.keywords),
    lines(packed.references),
    lines(packed.maskPrefixes),
  ];
  const [open, stops, generic] = [new Set(packed.open), new Set(packed.stopAtNext), new Set(packed.generic)];
  const [words, bare, notAlone] = [
    new Set(packed.words),
    new Set(packed.withoutPlaceholders),
    new Set(packed.notAlone),
  ];
  const set = (i: number | undefined): string => sets[i ?? 0] ?? '';

  const rules = ids.map((id, i): Rule => {
    const [provider, providerName, console] = providers[numbers[i * 3] ?? 0] ?? ['', '', ''];
    const rule: { -readonly [K in keyof Rule]: Rule[K] } = {
      id,
      provider,
      providerName,
      title: titles[i] ?? '',
      kind: KINDS[kinds.charCodeAt(i) - LETTER_A] ?? 'api-key',
      severity: SEVERITIES[severities.charCodeAt(i) - LETTER_A] ?? 'high',
      confidence: CONFIDENCES[confidences.charCodeAt(i) - LETTER_A] ?? 'low',
      rank: generic.has(i) ? 'generic' : 'specific',
      keywords: (keywords[i] ?? '').split('\t'),
      pattern: patterns[i] ?? '',
      reach: {
        class: open.has(i) ? 'open' : 'bounded',
        back: numbers[i * 3 + 1] ?? 0,
        forward: numbers[i * 3 + 2] ?? 0,
        stopAtNext: stops.has(i),
      },
      placeholders: !bare.has(i),
      words: words.has(i),
      identity: IDENTITIES[identities.charCodeAt(i) - LETTER_A] ?? 'token',
      companions: packed.companions[i] ?? NONE,
      allow: packed.allow[i] ?? NONE,
      reportAlone: !notAlone.has(i),
      references: (references[i] ?? '').split('\t'),
      aliases: packed.aliases[i] ?? {},
      tags: packed.tags[i] ?? NONE,
      digest: digests[i] ?? '',
    };
    const [after, run, entropy, prefix] = [packed.after[i], packed.run[i], packed.entropies[i], prefixes[i]];
    const [gate, checksum, minLength, paths] = [
      packed.gate[i],
      packed.checksum[i],
      packed.minLength[i],
      packed.paths[i],
    ];
    if (after !== undefined && after !== 0) {
      rule.after = Array.from({ length: after.length / 2 }, (_, k) => {
        const min = after[k * 2 + 1] ?? 0;
        return min === 0 ? null : { set: set(after[k * 2]), min };
      });
    }
    if (run !== undefined && run !== 0) rule.run = { set: set(run[0]), min: run[1] };
    if (entropy !== undefined && entropy !== 0) rule.minEntropy = entropy;
    if (prefix !== undefined && prefix !== '') rule.maskPrefix = prefix;
    if (gate !== undefined) rule.gate = gate;
    if (checksum !== undefined) rule.checksum = checksum;
    if (minLength !== undefined) rule.minLength = minLength;
    if (paths !== undefined) rule.paths = paths;
    if (console !== '') rule.console = console;
    return rule;
  });
  return { digest: packed.digest, rules, allow: [] };
}

function mark(i: number): string {
  return String.fromCharCode(FIRST_MARK + i);
}

function shortened(rule: Rule, parts: readonly string[]): string {
  const { pattern } = rule;
  for (let i = 0; i < MAX_PARTS; i++) {
    if (pattern.includes(mark(i))) throw new RangeError(`rule ${rule.id} has a control character in its pattern`);
  }
  return parts.reduce((text, part, i) => text.replaceAll(part, mark(i)), pattern);
}

/** All at once: one pass over the column, and no copy of a pattern that has no marks. */
function restored(patterns: string, parts: readonly string[]): string {
  return patterns.replaceAll(/[\x80-\x9f]/g, (found) => parts[found.charCodeAt(0) - FIRST_MARK] ?? '');
}
