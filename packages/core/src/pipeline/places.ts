/**
 * Other scanners name a place (commit, file, line) where we name a credential. Whoever can read that place finds the
 * credential there, and so the entry survives a moved line.
 */
import { GitError } from '../sources/git/git-error.ts';
import { findRule } from '../rules/find-rule.ts';
import type { PlaceEntry } from '../suppress/gitleaks-ignore.ts';
import { credentialAtPlace } from '../suppress/gitleaks-ignore.ts';
import { ruleNames } from '../suppress/rule-names.ts';
import type { Hit, Ruleset, SourceContext } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';
import type { OpenTarget } from './target.ts';
import { createTextScanner } from './text-scanner.ts';

/**
 * For each entry the credential that it is about, if its place could be read and says which. That git cannot tell is no
 * reason to give up what the scan has found: it is said, and entries are compared as text.
 */
export async function resolvePlaces(
  entries: readonly PlaceEntry[],
  targets: readonly OpenTarget[],
  settings: TextScanSettings,
  log: SourceContext['log'],
): Promise<readonly (string | undefined)[]> {
  if (entries.length === 0) return [];
  const scanner = createTextScanner(settings);
  const hitsOf = new Map<string, readonly Hit[]>();
  const resolved: (string | undefined)[] = [];
  let unread = 0;
  let reason = '';
  for (const { place } of entries) {
    const key = `${place.commit ?? ''}:${place.path}`;
    let hits = hitsOf.get(key);
    if (hits === undefined) {
      let bytes: Uint8Array | undefined;
      try {
        bytes = await readPlace(targets, place.commit, place.path);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        unread += 1;
        reason = error.message;
      }
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
  if (unread > 0)
    log(
      'warn',
      `places that ignore files of other scanners name could not be read, and count as they stand: ${reason}`,
      {
        places: unread,
      },
    );
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
