import { expect, test } from 'vitest';
import { parse } from './parse.ts';
import { SCAN_FLAGS } from './scan.ts';
import { shortParse } from './to-parse-args.ts';

test.each<readonly [args: readonly string[], values: object, positionals: readonly string[]]>([
  [['scan'], {}, []],
  [['scan', 'a', '--staged', 'b'], { staged: true }, ['a', 'b']],
  [['scan', '--staged', '--quiet', '--staged'], { staged: true, quiet: true }, []],
  [['scan', '-qf', 'json'], { quiet: true, format: 'json' }, []],
  [['scan', '--format=json', '-fsarif'], { format: 'sarif' }, []],
  [['scan', '--disable-rule', 'a', 'target', '--disable-rule=b'], { 'disable-rule': ['a', 'b'] }, ['target']],
  [['scan', '--no-git', '--workers', '4'], { 'no-git': true, workers: 4 }, []],
  [['scan', '12', '--', '--odd-name'], {}, ['12', '--odd-name']],
  [['scan', '-'], {}, ['-']],
])('%j: both parsers read the same', async (args, values, positionals) => {
  const long = await parse(args);
  expect({ values: long.values, positionals: long.positionals }).toEqual({ values, positionals });
  expect(shortParse(SCAN_FLAGS, args.slice(1))).toEqual({ values, positionals });
});

test.each([
  [['scan', '--stagged']],
  [['scan', '--workers', 'x']],
  [['scan', '--history', 'maybe']],
  [['scan', '--since']],
])('%j: the long parser says what is wrong, the short one leaves it to that', async (args) => {
  await expect(parse(args)).rejects.toThrow(/^(unknown option|--)/);
  expect(shortParse(SCAN_FLAGS, args.slice(1))).toBeUndefined();
});

test.each([
  ['rules', "which one: 'rules list', 'rules show' or 'rules check'? (rules --help says what they do)"],
  ['hook', "which one: 'hook pre-commit' or 'hook pre-push'? (hook --help says what they do)"],
  ['rules lst', "there is no command 'rules lst'; did you mean 'rules list'?"],
  ['completion', 'completion needs <shell>: bash, zsh, fish'],
  ['completion bash zsh', "completion takes no further argument: 'zsh'"],
])('unleak %s: %s', async (args, message) => {
  await expect(parse(args.split(' '))).rejects.toThrow(message);
});
