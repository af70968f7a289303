import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ruleset } from '../types/index.ts';
import { unpackRuleset } from './packed.ts';
import type { PackedIndex } from './packed.ts';

/** The rules that come with the product, as `tools/build-rules.ts` made them from `rules/`; each is read when it is asked for. */
export async function defaultRuleset(): Promise<Ruleset> {
  const { default: imported } = await import('./generated/ruleset.json', { with: { type: 'json' } });
  const index = imported as unknown as PackedIndex;
  own = { size: index.lengths.reduce((sum, length) => sum + length + 1, 0), digest: index.content };
  return unpackRuleset(
    index,
    () => readFileSync(fileURLToPath(new URL('./generated/rules.jsonl', import.meta.url))),
    () => (IS_BUILT ? readFileSync(fileURLToPath(new URL('./generated/tables.bin', import.meta.url))) : undefined),
  );
}

/** What the rules of the product are as a file, once somebody has asked for them. */
let own: { readonly size: number; readonly digest: string } | undefined;

/**
 * True for the file of the product's own rules, which lies in every `node_modules` that unleak is installed in, and of which
 * rules are about. Any other file, also one that holds it, is not this one.
 */
export function isOwnRules(bytes: Uint8Array): boolean {
  return own?.size === bytes.length && createHash('sha256').update(bytes).digest('hex') === own.digest;
}

/** Run from source, the tables could be those of an engine that has changed since. */
const IS_BUILT = !import.meta.url.endsWith('.ts');
