import { gates } from '../packages/core/src/engine/gates.ts';
import { createScanner } from '../packages/core/src/engine/scanner.ts';
import type { Scanner } from '../packages/core/src/engine/scanner.ts';
import type { FoundSecret } from '../packages/core/src/rules/check.ts';
import { rulesetOf } from '../packages/core/src/rules/ruleset.ts';
import type { Rule, Span } from '../packages/core/src/types/index.ts';

export const gateNames: readonly string[] = Object.keys(gates);

/** Runs single rules with the real engine. A part that is never reported alone is looked for all the same. */
export function engineScan(): (text: Uint8Array, rule: Rule) => FoundSecret[] {
  const scanners = new Map<string, Scanner>();
  return (text, rule) => {
    let scanner = scanners.get(rule.id);
    if (scanner === undefined) {
      scanner = createScanner(rulesetOf([{ ...rule, reportAlone: true }]));
      scanners.set(rule.id, scanner);
    }
    return scanner.scan(text).hits.map((hit) => {
      const parts: Record<string, Span> = {};
      for (const [name, part] of Object.entries(hit.parts)) parts[name] = part.span;
      return { secret: hit.span, parts };
    });
  };
}
