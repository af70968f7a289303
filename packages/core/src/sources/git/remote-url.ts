/**
 * URLs that may be cloned: https, ssh, `user@host:path`, and file. Everything else is refused, above all transports that
 * run programs (`ext::`). A password in a URL is taken out of it at once: it reaches git by its environment, and nothing
 * that is shown.
 */
import { GitError } from './git-error.ts';

export interface RemoteUrl {
  readonly protocol: 'https' | 'ssh' | 'file';
  /** Without user name and password (ssh keeps the user name). For arguments, messages, reports. */
  readonly url: string;
  /** The user name and password of an https URL, as they were spelt. */
  readonly credentials: string | undefined;
}

/** What is fetched: `https://…`, `ssh://…`, `file://…`, and `user@host:path`. Others with a scheme are refused by the clone. */
export function isUrl(target: string): boolean {
  if (afterScheme(target) > 0 || target.includes('::')) return true;
  const colon = target.indexOf(':');
  const at = target.indexOf('@');
  return at > 0 && colon > at + 1 && !target.slice(0, colon).includes('/') && target[colon + 1] !== '\\';
}

/** For messages and reports, whatever becomes of it: a URL without user name and password, any other name as it is. */
export function shownUrl(target: string): string {
  const start = afterScheme(target);
  if (start === 0) return target;
  const slash = target.indexOf('/', start);
  const at = target.lastIndexOf('@', slash < 0 ? target.length : slash);
  return at < start ? target : target.slice(0, start) + target.slice(at + 1);
}

/** Where what follows `scheme://` begins; 0 without one. */
function afterScheme(target: string): number {
  const end = target.indexOf('://');
  const isScheme = [...target.slice(0, Math.max(end, 0)).toLowerCase()].every(
    (c) => (c >= 'a' && c <= 'z') || c === '+',
  );
  return end > 0 && isScheme ? end + 3 : 0;
}

/** @throws GitError `refused-url` */
export function parseRemoteUrl(target: string): RemoteUrl {
  if (target.startsWith('-')) throw new GitError('refused-url', 'a URL cannot begin with a dash');
  if (hasControl(target)) throw new GitError('refused-url', 'a URL cannot hold spaces or control characters');
  const scheme = target.indexOf('://');
  if (target.includes('::') && (scheme < 0 || target.indexOf('::') < scheme)) {
    throw new GitError('refused-url', `the transport ${target.slice(0, target.indexOf('::'))}:: runs a program`);
  }
  if (scheme < 0) return scpLike(target);
  const protocol = target.slice(0, scheme).toLowerCase();
  if (protocol === 'file') return { protocol, url: target, credentials: undefined };
  if (protocol !== 'https' && protocol !== 'ssh')
    throw new GitError('refused-url', `${protocol} URLs are not cloned; use https or ssh`);
  return withoutPassword(protocol, target, scheme + 3);
}

function withoutPassword(protocol: 'https' | 'ssh', target: string, start: number): RemoteUrl {
  const slash = target.indexOf('/', start);
  const end = slash < 0 ? target.length : slash;
  const at = target.lastIndexOf('@', end);
  const user = at < start ? undefined : target.slice(start, at);
  const host = target.slice(at < start ? start : at + 1, end);
  if (host === '' || host.startsWith('-')) throw new GitError('refused-url', 'the URL names no host');
  if (user?.startsWith('-') === true) throw new GitError('refused-url', 'a user name cannot begin with a dash');
  const rest = target.slice(end);
  if (protocol === 'https') return { protocol, url: `https://${host}${rest}`, credentials: user };
  const name = user?.split(':', 1)[0];
  return { protocol, url: `ssh://${name === undefined ? '' : `${name}@`}${host}${rest}`, credentials: undefined };
}

/** `user@host:path` */
function scpLike(target: string): RemoteUrl {
  const colon = target.indexOf(':');
  const host = target.slice(0, Math.max(colon, 0));
  const path = target.slice(colon + 1);
  const name = host.slice(host.indexOf('@') + 1);
  if (colon <= 0 || name === '' || name.startsWith('-') || path === '' || path.startsWith('-') || host.includes('/'))
    throw new GitError('refused-url', 'it is not a URL that can be cloned');
  return { protocol: 'ssh', url: target, credentials: undefined };
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** `text` without the credentials, however they are spelt in it. */
export function withoutCredentials(text: string, remote: RemoteUrl): string {
  if (remote.credentials === undefined) return text;
  const [user = '', ...rest] = remote.credentials.split(':');
  const password = rest.join(':');
  let clean = text;
  for (const secret of [remote.credentials, password, password === '' ? user : '']) {
    for (const spelling of [secret, decoded(secret), forGit(secret)])
      if (spelling !== '') clean = clean.replaceAll(spelling, '***');
  }
  return clean;
}

/** For git, the user and the password end at the first @. */
export function forGit(credentials: string): string {
  return credentials.replaceAll('@', '%40');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
