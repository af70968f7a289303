import { expect, test } from 'vitest';
import { envNameOf } from './env-name.ts';

const stripe = { ruleId: 'stripe-secret-key', provider: 'stripe', kind: 'api-key', identity: 'token' } as const;
const generic = { ruleId: 'generic-password', provider: 'generic', kind: 'password', identity: 'token' } as const;

test.each<readonly [assigned: string | undefined, expected: string]>([
  ['stripeApiKey', 'STRIPE_API_KEY'],
  ['Stripe-API.key', 'STRIPE_API_KEY'],
  ['HTTPToken', 'HTTP_TOKEN'],
  ['token', 'STRIPE_TOKEN'],
  ['k', 'STRIPE_SECRET_KEY'],
  [undefined, 'STRIPE_SECRET_KEY'],
  ['2fa_key', '_2FA_KEY'],
])('%s of Stripe is %s', (assigned, expected) => {
  expect(envNameOf(stripe, assigned)).toBe(expected);
});

test('variables that every program reads are never taken', () => {
  for (const name of ['path', 'home', 'nodeOptions', 'LD_PRELOAD', 'gitDir', 'pythonPath'])
    expect(envNameOf(stripe, name)).toMatch(/^APP_/);
});

test('what no rule names has the name that it is given, or that the finding knows', () => {
  expect(envNameOf(generic, 'dbPassword')).toBe('DB_PASSWORD');
  expect(envNameOf({ ...generic, name: 'dbpassword' })).toBe('DBPASSWORD');
  expect(envNameOf(generic)).toBe('APP_SECRET');
  expect(envNameOf({ ...stripe, kind: 'database' })).toBe('DATABASE_URL');
});
