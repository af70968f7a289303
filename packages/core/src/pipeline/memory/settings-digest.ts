/**
 * What the settings of a scan find in a text: equal digests, equal hits and masks. Rules have a digest of their own, since
 * they alone can be other ones without everything being scanned again (changed-rules.ts).
 */
import { createHash } from 'node:crypto';
import type { Ruleset } from '../../types/index.ts';
import type { TextScanSettings } from '../messages.ts';

/** Of what is kept, and of what the engine finds: counts up when either changes. */
const FORMAT = 2;

export interface KeptSettings {
  readonly version: string;
  readonly maxTextBytes: number;
}

export interface SettingsDigest {
  /** Of all that holds for every rule, shared allow-lists among it. */
  readonly common: string;
  /** Of the rules, cheap to have: those of the product are not read for it. */
  readonly rules: string;
}

export function settingsDigest(settings: TextScanSettings, kept: KeptSettings): SettingsDigest {
  const { maxDecodeDepth, salt, repository, inlineMarkers, ruleset } = settings;
  const { version, maxTextBytes } = kept;
  const common = [FORMAT, version, maxTextBytes, maxDecodeDepth, salt, repository, inlineMarkers, ruleset.allow];
  return { common: digestOf(JSON.stringify(common)), rules: rulesKey(ruleset) };
}

/**
 * Whole rules: their own digests leave out severity, confidence, names and mask prefixes, which decide between two rules
 * that find the same, what comments may name, and what a mask shows.
 */
export function rulesKey(ruleset: Ruleset): string {
  // Of a set with `late`, `rules` reads all of them.
  return digestOf(ruleset.late?.content ?? JSON.stringify(ruleset.rules));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
