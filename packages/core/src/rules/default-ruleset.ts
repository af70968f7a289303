import type { Ruleset } from '../types/index.ts';
import { unpackRuleset } from './packed.ts';
import type { PackedRuleset } from './packed.ts';

/** The rules that come with the product, as `tools/build-rules.ts` made them from `rules/`. Read on the first call. */
export async function defaultRuleset(): Promise<Ruleset> {
  const { default: packed } = await import('./generated/ruleset.json', { with: { type: 'json' } });
  return unpackRuleset(packed as unknown as PackedRuleset);
}
