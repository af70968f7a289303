import type { SuppressionEntry } from './entry.ts';
import { SuppressionError } from './error.ts';

/**
 * `.secrets.baseline` of detect-secrets: per file the SHA-1 of each secret. It suppresses what it lists, whatever its
 * audit said, as detect-secrets does. `json` is the parsed file.
 * @throws SuppressionError
 */
export function parseDetectSecrets(name: string, json: object): readonly SuppressionEntry[] {
  const results: unknown = 'results' in json ? json.results : undefined;
  if (typeof results !== 'object' || results === null)
    throw new SuppressionError('bad-entry', [{ file: name, message: 'has no results' }]);
  const entries: SuppressionEntry[] = [];
  for (const [file, found] of Object.entries(results as Record<string, unknown>)) {
    for (const item of Array.isArray(found) ? (found as readonly unknown[]) : []) {
      const sha1 = hashOf(item);
      if (sha1 === undefined)
        throw new SuppressionError('bad-entry', [
          { file: name, message: `an entry of ${JSON.stringify(file)} has no hashed_secret` },
        ]);
      const path = file.replaceAll('\\', '/');
      // The hash has no key, so it is not repeated where people read: a short secret can be guessed from it.
      entries.push({ by: 'baseline', source: name, line: entries.length + 1, text: path, when: { path, sha1 } });
    }
  }
  return entries;
}

const HEX = '0123456789abcdef';

function hashOf(item: unknown): string | undefined {
  const hash: unknown =
    typeof item === 'object' && item !== null && 'hashed_secret' in item ? item.hashed_secret : undefined;
  return typeof hash === 'string' && hash.length === 40 && [...hash].every((c) => HEX.includes(c)) ? hash : undefined;
}
