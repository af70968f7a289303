/** From rules to the entries of the kernel's tables. */
import type { Rule, Ruleset } from '../types/index.ts';
import { gates } from './gates.ts';
import { named } from './named.ts';
import type { AroundEntry, ByteCondition, TableEntry } from './tables.ts';

/** Those that are run, in the order of their numbers in the tables; others are only companions. */
export function rulesWithPattern(ruleset: Ruleset): readonly Rule[] {
  return ruleset.rules.filter((rule) => rule.pattern !== '');
}

/** What a rule asks of each of its keywords. @throws RangeError for a gate that there is not */
export function entriesOf(rule: Rule, index: number): TableEntry[] {
  const { back, forward, stopAtNext, lines } = rule.reach;
  const nonlocal = rule.reach.class === 'nonlocal';
  const gate = rule.gate === undefined ? 0 : named(gates, rule.gate, 'gate', rule);
  const run = rule.run === undefined || rule.run.min < MIN_RUN ? undefined : condition(rule.run);
  const around = aroundOf(rule);
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
    around: nonlocal ? undefined : around(i),
    run: nonlocal ? undefined : run,
  }));
}

function aroundOf({ around }: Rule): (keyword: number) => AroundEntry | undefined {
  if (around === undefined) return () => undefined;
  const { classes, forward, starts } = around;
  const table = new Uint8Array(Buffer.from(around.table, 'base64'));
  return (keyword) => {
    const own = starts[keyword];
    return own === undefined ? undefined : { table, classes, backward: 256 + classes * forward, starts: own };
  };
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
