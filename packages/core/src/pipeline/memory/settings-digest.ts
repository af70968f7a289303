/** What the settings of a scan find in a text: equal digests, equal hits and masks. */
import { createHash } from 'node:crypto';
import type { Ruleset } from '../../types/index.ts';
import type { TextScanSettings } from '../messages.ts';

/** Of what is kept, and of what the engine finds: counts up when either changes. */
const FORMAT = 1;

export interface KeptSettings {
  readonly version: string;
  readonly maxTextBytes: number;
}

export function settingsDigest(settings: TextScanSettings, kept: KeptSettings): string {
  const { maxDecodeDepth, salt, repository, inlineMarkers, ruleset } = settings;
  const { version, maxTextBytes } = kept;
  const hash = createHash('sha256').update(
    JSON.stringify([FORMAT, version, maxTextBytes, maxDecodeDepth, salt, repository, inlineMarkers, ruleset.digest]),
  );
  addRules(ruleset, hash);
  return hash.digest('hex');
}

/**
 * Whole rules: their own digests leave out severity, confidence, names and mask prefixes, which decide between two rules
 * that find the same, what comments may name, and what a mask shows.
 */
function addRules(ruleset: Ruleset, hash: ReturnType<typeof createHash>): void {
  if (ruleset.late === undefined) hash.update(JSON.stringify([ruleset.rules, ruleset.allow]));
  else hash.update(ruleset.late.content);
}
