import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellArgument } from './shell-word.ts';

test.each([
  'a',
  'src/a-b.env:rule:1',
  '',
  '-n',
  '~',
  'a b',
  "it's",
  '$HOME',
  '`id`',
  'a\nb',
  '*',
  '#x',
  'a;b',
  'ä',
  '\\',
])('a shell reads %j as one word', (text) => {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${shellArgument(text)} end`], { encoding: 'utf8' });
  expect(stdout).toBe(`${text}|end|`);
});

test('what people read without quotation marks has none', () => {
  expect(['src/a-b.env:rule:1', 'a@b'].map(shellArgument)).toEqual(['src/a-b.env:rule:1', 'a@b']);
});
