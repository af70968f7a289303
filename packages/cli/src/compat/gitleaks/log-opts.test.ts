import { expect, test } from 'vitest';
import { readLogOptions, splitWords } from './log-opts.ts';

test.each<readonly [text: string, words: readonly string[]]>([
  ['', []],
  ['  a  b ', ['a', 'b']],
  [`--author="Ada L" --grep='it''s'`, ['--author=Ada L', '--grep=its']],
  [String.raw`a\ b "c\"d" 'e\f'`, ['a b', 'c"d', String.raw`e\f`]],
  [`"" x`, ['', 'x']],
  ['a; rm -rf $(x) `y` | z', ['a;', 'rm', '-rf', '$(x)', '`y`', '|', 'z']],
])('splitting %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('a quotation that is not closed is an error', () => {
  expect(() => splitWords('a "b')).toThrow('never closed');
});

test('options that choose commits, revisions and paths are told apart', () => {
  expect(readLogOptions('-p --since 2024-01-01 -n 5 -3 --branches=x* main..HEAD ^old -- src docs')).toEqual({
    options: ['--since=2024-01-01', '--max-count=5', '-3', '--branches=x*'],
    revisions: ['main..HEAD', '^old'],
    paths: ['src', 'docs'],
  });
});

test.each([
  '--output=x',
  '-o',
  '--ext-diff',
  '--textconv',
  '--open-files-in-pager=sh',
  '--stdin',
  '--disk-usage',
  '--use-bitmap-index',
  '--since',
  '-Sx',
  '--all=x',
])('%s is refused', (option) => {
  expect(() => readLogOptions(option)).toThrow(/^--log-opts: /);
});
