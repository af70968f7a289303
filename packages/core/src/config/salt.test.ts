/** What ids are made with. */
import { expect, test } from 'vitest';
import { credentialId, DEFAULT_SALT, saltTag } from '../bytes/ids.ts';
import { showValues } from './show.ts';
import { config, errorOf, run, yaml, type World } from './test-config.ts';

test("ids are made with the project's salt, or with the team's private key, which is never shown", () => {
  const target = { 'unleak.yaml': yaml('project: { salt: our-project-salt }') };
  expect(config({ target }).project).toEqual({ salt: 'our-project-salt', privateSalt: false, name: '' });
  const key = 'k'.repeat(16);
  const resolved = run({ target, env: { UNLEAK_FINGERPRINT_KEY: key } });
  expect(resolved.config.project).toEqual({ salt: key, privateSalt: true, name: '' });
  expect(showValues(resolved.values).join('\n')).not.toContain(key);
  expect(showValues(resolved.values)).toContain('project.salt = (private)  # UNLEAK_FINGERPRINT_KEY');
  const short = errorOf({ env: { UNLEAK_FINGERPRINT_KEY: 'guessable' } });
  expect(short.message).toBe(
    'UNLEAK_FINGERPRINT_KEY: must be at least 16 characters long: ids made with a short key tell it',
  );
});

test('a credential id in an allow entry that was made with another salt is an error', () => {
  const id = (salt: string): string => credentialId(salt, 'token', Buffer.from('x'));
  const target = (salt: string): World => ({
    target: { 'unleak.yaml': yaml('allow:', '  - credentials:', `      - ${id(salt)}`) },
  });
  expect(config(target(DEFAULT_SALT)).allow).toHaveLength(1);
  const error = errorOf(target('another'));
  expect(error.code).toBe('other-salt');
  expect(error.message).toBe(
    `unleak.yaml:4: allow[0].credentials[0]: made with another salt (${saltTag('another')}; this run has ${saltTag(DEFAULT_SALT)})`,
  );
});
