import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ruleset } from '../types/index.ts';
import { unpackRuleset } from './packed.ts';
import type { PackedIndex } from './packed.ts';

/** The rules that come with the product, as `tools/build-rules.ts` made them from `rules/`; each is read when it is asked for. */
export async function defaultRuleset(): Promise<Ruleset> {
  const { default: index } = await import('./generated/ruleset.json', { with: { type: 'json' } });
  return unpackRuleset(
    index as unknown as PackedIndex,
    () => readFileSync(fileURLToPath(new URL('./generated/rules.jsonl', import.meta.url))),
    () => (IS_BUILT ? readFileSync(fileURLToPath(new URL('./generated/tables.bin', import.meta.url))) : undefined),
  );
}

/** Run from source, the tables could be those of an engine that has changed since. */
const IS_BUILT = !import.meta.url.endsWith('.ts');
