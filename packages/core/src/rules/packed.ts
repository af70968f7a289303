/**
 * The ruleset as it is shipped: plain JSON without what can be filled in again, since every start reads it. Members that
 * have their usual value are left out, byte sets and providers are kept once, and parts that many patterns share (the
 * middle of every `assign`) are replaced by one control character each.
 */
import type { Rule, Ruleset } from '../types/index.ts';

export interface PackedRuleset {
  readonly format: 1;
  readonly digest: string;
  /** Part `i` stands in patterns as the character `i + 1`. */
  readonly parts: readonly string[];
  readonly sets: readonly string[];
  /** Provider, its name, and its console or ''. */
  readonly providers: readonly (readonly string[])[];
  readonly rules: readonly PackedRule[];
}

type Conditions = readonly (readonly [set: number, min: number] | null)[];

interface PackedRule extends Omit<Partial<Rule>, 'after' | 'run' | 'provider' | 'providerName' | 'console' | 'reach'> {
  /** Index of the provider. */
  readonly of: number;
  /** Back and forward; a third member is there for open rules: 1 if they stop at the next keyword. */
  readonly look: readonly number[];
  readonly next?: Conditions;
  readonly holds?: readonly [set: number, min: number];
}

const MAX_PARTS = 8;

const USUAL = {
  rank: 'specific',
  placeholders: true,
  words: false,
  identity: 'token',
  companions: [],
  allow: [],
  reportAlone: true,
  aliases: {},
  tags: [],
} as const satisfies Partial<Rule>;

/**
 * @param parts texts that many patterns share; at most eight.
 * @throws RangeError for a ruleset that cannot be packed: with nonlocal rules, lists for all rules, or control characters in a pattern.
 */
export function packRuleset(ruleset: Ruleset, parts: readonly string[]): PackedRuleset {
  if (parts.length > MAX_PARTS) throw new RangeError(`more than ${MAX_PARTS} parts`);
  if (ruleset.allow.length > 0) throw new RangeError('a ruleset with lists for all rules is not packed');
  const sets = new Map<string, number>();
  const providers = new Map<string, number>();
  const index = (table: Map<string, number>, key: string): number => {
    const known = table.get(key) ?? table.size;
    table.set(key, known);
    return known;
  };
  const rules = ruleset.rules.map((rule): PackedRule => {
    const { after, run, provider, providerName, console, reach, ...rest } = rule;
    if (reach.class === 'nonlocal') throw new RangeError(`rule ${rule.id} is nonlocal`);
    const condition = (c: { readonly set: string; readonly min: number }): readonly [number, number] => [
      index(sets, c.set),
      c.min,
    ];
    const kept = Object.entries(rest).filter(([key, value]) => !isUsual(key, value));
    return {
      ...(Object.fromEntries(kept) as Partial<Rule>),
      pattern: shortened(rule, parts),
      of: index(providers, JSON.stringify([provider, providerName, console ?? ''])),
      look:
        reach.class === 'open' ? [reach.back, reach.forward, reach.stopAtNext ? 1 : 0] : [reach.back, reach.forward],
      ...(after === undefined ? {} : { next: after.map((c) => (c === null ? null : condition(c))) }),
      ...(run === undefined ? {} : { holds: condition(run) }),
    };
  });
  return {
    format: 1,
    digest: ruleset.digest,
    parts,
    sets: [...sets.keys()],
    providers: [...providers.keys()].map((key) => JSON.parse(key) as string[]),
    rules,
  };
}

export function unpackRuleset(packed: PackedRuleset): Ruleset {
  const condition = ([set, min]: readonly [number, number]): { set: string; min: number } => ({
    set: packed.sets[set] ?? '',
    min,
  });
  const rules = packed.rules.map((entry): Rule => {
    const { of, look, next, holds, pattern = '', ...rest } = entry;
    const [provider = '', providerName = '', console = ''] = packed.providers[of] ?? [];
    const [back = 0, forward = 0, stop] = look;
    return {
      ...USUAL,
      ...(rest as Omit<Rule, 'pattern' | 'provider' | 'providerName' | 'reach'>),
      pattern: restored(pattern, packed.parts),
      provider,
      providerName,
      reach: { class: stop === undefined ? 'bounded' : 'open', back, forward, stopAtNext: stop === 1 },
      ...(console === '' ? {} : { console }),
      ...(next === undefined ? {} : { after: next.map((c) => (c === null ? null : condition(c))) }),
      ...(holds === undefined ? {} : { run: condition(holds) }),
    };
  });
  return { digest: packed.digest, rules, allow: [] };
}

function isUsual(key: string, value: unknown): boolean {
  return Object.hasOwn(USUAL, key) && JSON.stringify(value) === JSON.stringify(USUAL[key as keyof typeof USUAL]);
}

function shortened(rule: Rule, parts: readonly string[]): string {
  const { pattern } = rule;
  for (let c = 1; c <= MAX_PARTS; c++) {
    if (pattern.includes(String.fromCharCode(c)))
      throw new RangeError(`rule ${rule.id} has a control character in its pattern`);
  }
  return parts.reduce((text, part, i) => text.replaceAll(part, String.fromCharCode(i + 1)), pattern);
}

function restored(pattern: string, parts: readonly string[]): string {
  // In reverse, since a later part was looked for after the earlier ones had been replaced.
  return parts.reduceRight((text, part, i) => {
    const mark = String.fromCharCode(i + 1);
    return text.includes(mark) ? text.replaceAll(mark, () => part) : text;
  }, pattern);
}
