import { expect, it } from 'vitest';
import { isUrl, parseRemoteUrl, shownUrl, withoutCredentials } from './remote-url.ts';

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

it.each([
  ['https://u:p@ss@host/x', 'https://host/x'],
  ['HTTPS://u:pw@host/x', 'HTTPS://host/x'],
  ['https://u:p@ss@host', 'https://host'],
  ['Ssh://u:pw@host/a@b', 'Ssh://host/a@b'],
  ['ext+x://u:pw@host/x', 'ext+x://host/x'],
  ['https://host/a@b', 'https://host/a@b'],
  ['git@host:a/b', 'git@host:a/b'],
  ['src/a@b', 'src/a@b'],
])('of %s it shows %s', (target, shown) => {
  expect(shownUrl(target)).toBe(shown);
});

it('knows a URL in any case from a path', () => {
  for (const url of ['https://host/a', 'HTTPS://host/a', 'git@host:a', 'ext::sh']) expect(isUrl(url)).toBe(true);
  for (const path of ['a/b', '-', 'C:\\a', 'c://', './https://host', '1://a', 'a@b'])
    expect([path, isUrl(path)]).toEqual([path, path === 'c://']);
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
