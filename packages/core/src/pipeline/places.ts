/**
 * Other scanners name a place (commit, file, line) where we name a credential. Whoever can read that place finds the
 * credential there, and so the entry survives a moved line.
 */
import { findRule } from '../rules/find-rule.ts';
import type { PlaceEntry } from '../suppress/gitleaks-ignore.ts';
import { credentialAtPlace } from '../suppress/gitleaks-ignore.ts';
import { ruleNames } from '../suppress/rule-names.ts';
import type { Hit, Ruleset } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';
import type { OpenTarget } from './target.ts';
import { createTextScanner } from './text-scanner.ts';

/** For each entry the credential that it is about, if its place could be read and says which. */
export async function resolvePlaces(
  entries: readonly PlaceEntry[],
  targets: readonly OpenTarget[],
  settings: TextScanSettings,
): Promise<readonly (string | undefined)[]> {
  if (entries.length === 0) return [];
  const scanner = createTextScanner(settings);
  const hitsOf = new Map<string, readonly Hit[]>();
  const resolved: (string | undefined)[] = [];
  for (const { place } of entries) {
    const key = `${place.commit ?? ''}:${place.path}`;
    let hits = hitsOf.get(key);
    if (hits === undefined) {
      const bytes = await readPlace(targets, place.commit, place.path);
      hits = bytes === undefined ? [] : (scanner.scan({ id: key, bytes })?.hits ?? []);
      hitsOf.set(key, hits);
    }
    resolved.push(
      credentialAtPlace(
        place,
        hits.map((hit) => ({ ...hit, names: namesOf(hit, settings.ruleset) })),
      ),
    );
  }
  return resolved;
}

async function readPlace(
  targets: readonly OpenTarget[],
  commit: string | undefined,
  path: string,
): Promise<Uint8Array | undefined> {
  for (const target of targets) {
    const bytes = await target.readPlace?.(commit, path);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}

function namesOf(hit: Hit, ruleset: Ruleset): readonly string[] {
  return [hit.rule, ...hit.alsoMatched].flatMap((id) => {
    const rule = findRule(ruleset, id);
    return rule === undefined ? [id] : ruleNames(rule);
  });
}
