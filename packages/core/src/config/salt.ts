import { DEFAULT_SALT, saltTag, tagOfId } from '../bytes/ids.ts';
import type { ConfigAmbient } from './ambient.ts';
import { failure } from './layers.ts';
import type { Layer } from './layers.ts';
import { defaulted, first, problemPlace } from './said.ts';
import type { Said } from './said.ts';
import type { AllowEntry } from './schema.ts';

const PRIVATE_KEY = 'UNLEAK_FINGERPRINT_KEY';
const PRIVATE_KEY_LENGTH = 16;

/**
 * Key of credential ids: the team's private key from the environment, else `project.salt`, else the published salt.
 * @throws ConfigError for a private key that could be guessed
 */
export function findSalt(
  { env }: ConfigAmbient,
  layers: readonly Layer[],
): { readonly salt: Said<string>; readonly isPrivate: boolean } {
  const key = env[PRIVATE_KEY];
  if (key === undefined || key === '')
    return { salt: first<string>(layers, ['project', 'salt']) ?? defaulted(DEFAULT_SALT), isPrivate: false };
  if (key.length < PRIVATE_KEY_LENGTH) {
    throw failure(
      'bad-value',
      PRIVATE_KEY,
      undefined,
      `must be at least ${PRIVATE_KEY_LENGTH} characters long: ids made with a short key tell it`,
    );
  }
  return { salt: { value: key, origin: { kind: 'environment', name: PRIVATE_KEY } }, isPrivate: true };
}

/** @throws ConfigError for credential ids that were made with another salt, which would match nothing */
export function checkSalt(allow: readonly Said<AllowEntry>[], salt: string): void {
  const tag = saltTag(salt);
  for (const { value, at } of allow) {
    for (const [index, id] of (value.credentials ?? []).entries()) {
      const made = tagOfId(id);
      if (made === tag || at === undefined) continue;
      const { file, line, key } = problemPlace({ ...at, path: [...at.path, 'credentials', index] });
      throw failure('other-salt', file, line, `${key}made with another salt (${made ?? ''}; this run has ${tag})`);
    }
  }
}
