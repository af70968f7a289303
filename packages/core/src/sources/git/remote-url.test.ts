import { expect, it } from 'vitest';
import { parseRemoteUrl, withoutCredentials } from './remote-url.ts';

it('takes https, ssh, user@host:path and file', () => {
  expect(parseRemoteUrl('https://example.org/a/b.git')).toEqual({
    protocol: 'https',
    url: 'https://example.org/a/b.git',
    credentials: undefined,
  });
  expect(parseRemoteUrl('HTTPS://example.org')).toMatchObject({ protocol: 'https', url: 'https://example.org' });
  expect(parseRemoteUrl('ssh://git@example.org:22/a')).toEqual({
    protocol: 'ssh',
    url: 'ssh://git@example.org:22/a',
    credentials: undefined,
  });
  expect(parseRemoteUrl('git@example.org:a/b.git')).toEqual({
    protocol: 'ssh',
    url: 'git@example.org:a/b.git',
    credentials: undefined,
  });
  expect(parseRemoteUrl('file:///tmp/x')).toEqual({ protocol: 'file', url: 'file:///tmp/x', credentials: undefined });
});

it('takes passwords out at once', () => {
  const word = ['hunter', '2@:x'].join('');
  const remote = parseRemoteUrl(`https://me:${word}@example.org/a`);
  expect(remote).toEqual({ protocol: 'https', url: 'https://example.org/a', credentials: `me:${word}` });
  expect(parseRemoteUrl(`ssh://me:${word}@example.org/a`).url).toBe('ssh://me@example.org/a');
  expect(withoutCredentials(`could not read https://me:${word}@example.org/a with ${word}`, remote)).toBe(
    'could not read https://***@example.org/a with ***',
  );
  const token = parseRemoteUrl('https://abc%2Fdef@example.org/a');
  expect(withoutCredentials('abc%2Fdef or abc/def', token)).toBe('*** or ***');
});

it('refuses what could run a program or be taken for an option', () => {
  const refused = [
    'ext::sh -c true',
    'ext::sh',
    'EXT::x',
    'fd::17',
    'foo::https://example.org/',
    '-u',
    '--upload-pack=x',
    '-oProxyCommand=x@host:path',
    'git@-oProxyCommand=x:path',
    'host:-path',
    'ssh://-oProxyCommand=x/path',
    'ssh://-u@host/path',
    'https://',
    'https:///path',
    'git://example.org/a',
    'http://example.org/a',
    'ftp://example.org',
    'javascript://x',
    '',
    'plain',
    '/local/path',
    './a:b',
    'https://example.org/a\nb',
    'https://example.org/a b',
    ':x',
  ];
  for (const url of refused)
    expect(() => parseRemoteUrl(url), url).toThrow(expect.objectContaining({ code: 'refused-url' }));
});
