/** Chains of texts as workers report them: lines, ids, comments and flags. */
import { expect } from 'vitest';
import type { Ruleset, TextReport } from '../../packages/core/src/types/index.ts';
import { createTextScanner } from '../../packages/core/src/pipeline/text-scanner.ts';
import { applyStep, bytesOf, type Step } from './delta-chain.ts';
import { scanSettings } from './real-scan.ts';

/** What is reported of a text and of those that derive from it one after the other; each as if it were scanned alone. */
export async function reportChain(
  ruleset: Ruleset,
  first: string | Uint8Array,
  ...steps: readonly Step[]
): Promise<readonly (TextReport | undefined)[]> {
  const settings = await scanSettings({ ruleset });
  const inheriting = createTextScanner(settings);
  const whole = createTextScanner({ ...settings, inherit: false });
  let bytes = bytesOf(first);
  return [undefined, ...steps].map((step, at) => {
    const version = step === undefined ? undefined : applyStep(bytes, step);
    bytes = version?.bytes ?? bytes;
    const report = whole.scan({ id: `${at}`, bytes });
    const inherit = version === undefined ? undefined : { base: at - 1, copies: version.copies };
    expect(inheriting.scan({ id: `${at}`, bytes, inherit, keep: at })).toEqual(report);
    return report;
  });
}
