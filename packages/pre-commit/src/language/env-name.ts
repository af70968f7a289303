/** Names of variables of the environment. */
import type { Finding } from '@unleak/core';

/** Names that say nothing of whose credential it is. */
const BARE = new Set([
  'key',
  'token',
  'secret',
  'password',
  'passwd',
  'pwd',
  'pass',
  'apikey',
  'api_key',
  'auth',
  'value',
]);
/** Variables that mean something to every program: a value of ours in one of them would break whatever is started. */
const TAKEN =
  /^(?:PATH|HOME|USER|USERNAME|LOGNAME|HOST|HOSTNAME|SHELL|PWD|OLDPWD|LANG|LANGUAGE|TERM|EDITOR|VISUAL|PAGER|DISPLAY|MAIL|IFS|ENV|BASH_ENV|PS[0-4]|TMP|TEMP|TMPDIR|SKIP|NODE_.*|NPM_.*|GIT_.*|SSH_.*|LD_.*|DYLD_.*|LC_.*|XDG_.*|PYTHON.*|RUBY.*|JAVA_.*|UNLEAK_.*)$/;
const LEAST = 3;
const MAX = 64;

/** `stripeApiKey`, `stripe-api-key` and `Stripe.apiKey` are `STRIPE_API_KEY`; undefined where nothing is left. */
function toEnvName(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, MAX)
    .toUpperCase();
  if (words === '' || /^\d+$/.test(words)) return undefined;
  const full = /^\d/.test(words) ? `_${words}` : words;
  return TAKEN.test(full) ? `APP_${full}` : full;
}

/**
 * What to call the variable that holds the credential of a finding. `assigned`: the name that it has in the file, as it is
 * written there; where nobody has looked, a finding still knows it without its capitals and lines between words.
 */
export function envNameOf(
  finding: Pick<Finding, 'ruleId' | 'provider' | 'kind' | 'identity' | 'name'>,
  assigned?: string,
): string {
  const given = toEnvName(assigned ?? bareName(finding.name) ?? '');
  const own = given !== undefined && given.length >= LEAST ? given : undefined;
  const isGeneric = finding.provider === 'generic';
  if (own !== undefined && (isGeneric || !BARE.has(own.toLowerCase()))) return own;
  if (finding.kind === 'database' || finding.identity === 'url') return 'DATABASE_URL';
  if (isGeneric) return toEnvName(finding.name ?? '') ?? 'APP_SECRET';
  if (own !== undefined) return `${toEnvName(finding.provider) ?? 'APP'}_${own}`;
  return toEnvName(finding.ruleId) ?? 'APP_SECRET';
}

/** Of a name in small letters alone it cannot be told where its words begin, unless it is one word. */
function bareName(name: string | undefined): string | undefined {
  return name !== undefined && BARE.has(name) ? name : undefined;
}
