/**
 * Texts that say how they derive from one another give the hits of texts that say nothing: with the real rules, and edits
 * that cut through secrets, move them, repeat them, and change what stands beside them.
 */
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createTextScanner, type TextScanner } from '../../packages/core/src/pipeline/text-scanner.ts';
import { scanSettings } from '../support/real-scan.ts';
import { type Materials, materialsOf, textHistory, versionsOf } from '../support/text-history.ts';

let inheriting: TextScanner;
let whole: TextScanner;
let materials: Materials;
beforeAll(async () => {
  const settings = await scanSettings();
  inheriting = createTextScanner({ ...settings, inherit: true });
  whole = createTextScanner({ ...settings, inherit: false });
  materials = materialsOf(settings.ruleset, 'inherit');
}, 120_000);

test('hits with inheritance are the hits without, over chains of edits', { timeout: 600_000 }, () => {
  let chain = 0;
  let inherited = 0;
  fc.assert(
    fc.property(textHistory, (history) => {
      chain += 1;
      for (const [at, { bytes, copies }] of versionsOf(history, materials).entries()) {
        const id = `${chain}/${at}`;
        const inherit = at === 0 ? undefined : { base: at - 1, copies };
        const derived = inheriting.scan({ id, bytes, keep: at, inherit });
        expect(derived).toEqual(whole.scan({ id, bytes }));
        inherited += copies.length / 3;
      }
    }),
    { numRuns: 100, seed: 20260305 },
  );
  expect(inherited).toBeGreaterThan(500);
});
