/** Why a credential must not be committed: what whoever reads it can do. Made of our own words and the rule's alone. */
import type { Finding, Kind } from '@unleak/core';

/** One sentence. */
export function whyText(finding: Pick<Finding, 'kind' | 'provider' | 'providerName'>): string {
  return `Whoever can read this repository, now or later, can ${harm(finding.kind, place(finding))}.`;
}

/** Rules of no provider name themselves after what they look for. */
function place({ provider, providerName, kind }: Pick<Finding, 'kind' | 'provider' | 'providerName'>): string {
  const isProvider = provider !== 'generic' && kind !== 'database' && kind !== 'private-key' && kind !== 'ssh-key';
  return isProvider ? providerName : '';
}

function harm(kind: Kind, provider: string): string {
  const at = provider === '' ? '' : ` at ${provider}`;
  const of = provider === '' ? '' : ` of ${provider}`;
  switch (kind) {
    case 'ssh-key':
    case 'private-key':
      return 'log in, sign or decrypt wherever this key is trusted';
    case 'certificate':
      return 'pass for the holder of this certificate';
    case 'signing-key':
      return `sign${at} as if it were you, and forge what others trust`;
    case 'database':
      return 'log in to this database, and read and change what is in it';
    case 'password':
      return `log in with it${at}`;
    case 'session':
      return `take over this session${at}`;
    case 'webhook':
      return `send messages to this webhook${of} in your name`;
    case 'ci-token':
      return `act${at} as your builds do, and put their own code into what you ship`;
    case 'service-account':
      return `act as this service account${at}, with all that it may do`;
    case 'ai-key':
      return `use it${at}, and you pay for it`;
    case 'api-key':
    case 'oauth-token':
      return `use it as you do${at}, with all rights that it has`;
  }
}
