/** Group 31: conditions on bytes that are asked before RE2 change nothing but the time it takes. */
import { expect, test } from 'vitest';
import type { Ruleset } from '../../packages/core/src/types/index.ts';
import { differencesOf, scanEach } from '../support/pack-scan.ts';
import { scanSettings } from '../support/real-scan.ts';
import { ruleExamples } from '../support/rule-examples.ts';

test('conditions on bytes that are asked before RE2', { timeout: 300_000 }, async () => {
  const real = await scanSettings();
  const bare: Ruleset = {
    ...real.ruleset,
    rules: real.ruleset.rules.map(({ after: _after, around: _around, run: _run, gate: _gate, ...rule }) => rule),
  };
  const texts = ruleExamples(real.ruleset, 'gates')
    .filter((_, at) => at % 24 === 0)
    .map(({ rule, index, text }) => [`${rule}/${index}`, text] as const);
  const withGates = scanEach(texts, { ...real });
  const without = scanEach(texts, { ...real, ruleset: bare });
  expect(differencesOf(withGates, without)).toEqual([]);
});
