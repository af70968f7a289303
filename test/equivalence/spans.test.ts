/**
 * Every example of every rule, through the whole scanner with all rules: the reported bytes are exactly those that the
 * example marks. Where another rule takes the place, it must hold all of the marked bytes.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RawHit } from '../../packages/core/src/engine/finish.ts';
import { createScanner } from '../../packages/core/src/engine/scanner.ts';
import { defaultRuleset } from '../../packages/core/src/rules/default-ruleset.ts';
import type { Ruleset, Span } from '../../packages/core/src/types/index.ts';
import { type RuleExample, ruleExamples, writtenRules } from '../support/rule-examples.ts';

/** Different values for each: a boundary may be wrong for some only. */
const SEEDS = ['spans/1', 'spans/2', 'spans/3'];

let ruleset: Ruleset;
let scanned: readonly { readonly example: RuleExample; readonly hits: readonly RawHit[] }[];
beforeAll(async () => {
  ruleset = await defaultRuleset();
  const scanner = createScanner(ruleset);
  const examples = SEEDS.flatMap((seed) => ruleExamples(ruleset, seed));
  scanned = examples.map((example) => ({ example, hits: scanner.scan(example.text).hits }));
}, 300_000);

function spanText({ start, end }: Span): string {
  return `${start}-${end}`;
}

function name({ rule, index }: RuleExample): string {
  return `${rule} example ${index + 1}`;
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Spans at which a hit keeps a secret: its own, and those of its parts. */
function spansOf(hit: RawHit): readonly Span[] {
  return [hit.span, ...Object.values(hit.parts).map((part) => part.span)];
}

describe('rule examples', () => {
  test('the built rules are the written ones', () => {
    expect(ruleset.rules.map(({ id }) => id).sort()).toEqual(
      writtenRules()
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('the marked bytes are found, by their own rule or by one that holds all of them', () => {
    const alone = new Map(ruleset.rules.map((rule) => [rule.id, rule.reportAlone]));
    const wrong: string[] = [];
    for (const { example, hits } of scanned) {
      if (alone.get(example.rule) === false) continue;
      const own = hits.filter(({ program }) => program.rule.id === example.rule);
      for (const marked of example.secrets) {
        if (own.some(({ span }) => spanText(span) === spanText(marked))) continue;
        const over = hits.filter((hit) =>
          spansOf(hit).some((span) => span.start < marked.end && marked.start < span.end),
        );
        if (over.some((hit) => spansOf(hit).some((span) => holds(span, marked)))) continue;
        const found = over.map((hit) => `${hit.program.rule.id} ${spansOf(hit).map(spanText).join('+')}`).join(', ');
        wrong.push(`${name(example)}: marked ${spanText(marked)}, found ${found === '' ? 'nothing' : found}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('a rule reports nothing in its own examples but what they mark', () => {
    const wrong: string[] = [];
    for (const { example, hits } of scanned) {
      const marked = new Set(example.secrets.map(spanText));
      for (const { program, span } of hits) {
        if (program.rule.id === example.rule && !marked.has(spanText(span)))
          wrong.push(`${name(example)}: ${spanText(span)} is not marked`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('the bytes at the span of a hit are its secret, unless they encode it', () => {
    let decoded = 0;
    for (const { example, hits } of scanned) {
      for (const hit of hits) {
        const bytes = example.text.subarray(hit.span.start, hit.span.end);
        if (hit.decoded.length === 0) expect(Buffer.from(bytes).equals(hit.secret), name(example)).toBe(true);
        else decoded += 1;
      }
    }
    // Most examples are plain, and some are not.
    expect(decoded).toBeLessThan(scanned.length / 10);
  });
});
