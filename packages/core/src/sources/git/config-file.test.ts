import { expect, it } from 'vitest';
import { isTrue, parseGitConfig } from './config-file.ts';

it('reads sections, subsections, bare keys, quotes and comments', () => {
  const config = parseGitConfig(
    [
      '; comment',
      '[core]',
      '\tRepositoryFormatVersion = 1 # trailing',
      '\tbare',
      '[Remote "Or.igin"]',
      'promisor=true',
      '[extensions] objectFormat = "sha256" ; x',
      '[core]',
      'bare = false',
      '[a "b"] c = d',
    ].join('\n'),
  );
  expect(Object.fromEntries(config)).toEqual({
    'core.repositoryformatversion': '1',
    'core.bare': 'false',
    'remote.Or.igin.promisor': 'true',
    'extensions.objectformat': 'sha256',
    'a.b.c': 'd',
  });
});

it('passes over what is no configuration', () => {
  for (const text of ['', '[', '[]', '[a', '=', '\0\xff', '[a "b]\nc=1', 'x'.repeat(100_000), '"'.repeat(1000)])
    expect(parseGitConfig(text)).toBeInstanceOf(Map);
});

it('knows the spellings of true', () => {
  expect(['true', 'Yes', 'ON', '1'].every(isTrue)).toBe(true);
  expect([undefined, 'false', '0', '', 'no'].some(isTrue)).toBe(false);
});
