import type { Finding } from '../types/finding.ts';
import type { Kind } from '../types/rule.ts';
import { presence, type Presence } from './place.ts';

/**
 * What to do next about a credential, in one or two plain sentences made of our own words and the rule's console URL:
 * no text from scanned input.
 */
export function advise(finding: Finding): string {
  const where = presence(finding);
  const { state } = finding.verdict;
  if (state === 'dead') {
    return isGone(where)
      ? 'It no longer works: nothing is left to do.'
      : 'It no longer works. Take it out all the same, so that nobody has to ask again.';
  }
  const urgent = state === 'live' || finding.severity === 'critical' || finding.severity === 'high';
  const revoke = revocation(finding.kind, urgent, finding.console);
  if (finding.confidence === 'low' && state !== 'live') {
    return `If this is a real credential: ${revoke}. If it is not, mark the line with unleak:allow.`;
  }
  const sentence = `${revoke.charAt(0).toUpperCase()}${revoke.slice(1)}.`;
  if (where === 'staged' && state !== 'live') {
    return `It is not committed yet: take it out of the index and read it from the environment or a secret store. If anyone else may have seen it: ${revoke}.`;
  }
  return `${state === 'live' ? 'It works at this moment. ' : ''}${sentence} ${afterwards(where)}`;
}

function revocation(kind: Kind, urgent: boolean, console: string | undefined): string {
  const now = urgent ? ' now' : '';
  const at = console === undefined ? '' : ` at ${console}`;
  switch (kind) {
    case 'ssh-key':
    case 'private-key':
      return `make a new key pair${now}${at}, and remove the old public key from everything that trusts it`;
    case 'certificate':
      return `have the certificate revoked${now}${at === '' ? ' by its issuer' : at}, and get one with a new key`;
    case 'database':
      return `change the password of this database account${now}${at}, and look for connections that are not yours`;
    case 'password':
      return `change this password${now}${at}, everywhere it is used`;
    case 'session':
      return `end the session it belongs to${now}${at}`;
    case 'webhook':
      return `replace this webhook${now}${at}: whoever has its address can post to it`;
    case 'api-key':
    case 'oauth-token':
    case 'service-account':
    case 'ci-token':
    case 'signing-key':
    case 'ai-key':
      return `revoke it${now}${at === '' ? ' where it was issued' : at}`;
  }
}

function isGone(where: Presence): boolean {
  return where === 'removed' || where === 'message' || where === 'unreachable';
}

function afterwards(where: Presence): string {
  switch (where) {
    case 'head':
      return 'Then take it out of the code; the history keeps it whatever you commit.';
    case 'file':
    case 'staged':
      return 'Then move its successor out of the file, into the environment or a secret store.';
    case 'branch':
      return 'It is not in HEAD, but another branch holds it, and the history keeps it.';
    case 'removed':
      return 'Removing it did not revoke it: whoever has the history has the credential.';
    case 'message':
      return 'It stands in a commit or tag message, where it stays.';
    case 'unreachable':
      return 'No branch leads to it any more, but git still stores it, and so may every clone.';
    case 'unplaced':
      return 'Git stores it; scan again to see where in the history it is.';
  }
}
