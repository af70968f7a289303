import { expect, test } from 'vitest';
import { explain } from './explain.mjs';

test('being offline says how to name a mirror', () => {
  for (const sign of [
    'npm error code ENOTFOUND',
    'ERR_PNPM_META_FETCH_FAIL connect ECONNREFUSED 10.0.0.1:443',
    'error sending request for url',
  ]) {
    expect(explain(sign)).toContain('registry cannot be reached');
  }
});

test('other known causes have sentences of their own', () => {
  expect(explain('ENOSPC: no space left on device, write')).toBe('the disk is full');
  expect(explain('ERR_PNPM_OUTDATED_LOCKFILE Cannot install')).toContain('pnpm-lock.yaml');
  expect(explain('npm error code E401')).toContain('refuses us');
  expect(explain('npm error code ETARGET')).toContain('does not hold a version');
  expect(explain('reason: self-signed certificate in certificate chain')).toContain('NODE_EXTRA_CA_CERTS');
});

test('of an unknown failure the last lines are given', () => {
  const log = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');
  expect(explain(log).split('\n').slice(1, 3)).toEqual(['  line 25', '  line 26']);
  expect(explain(`${log}\n\n`)).toBe(explain(log));
  expect(explain('')).toBe('it wrote nothing');
});
