import { expect, test } from 'vitest';
import { readArguments, UnknownFlagError } from './arguments.ts';
import { GITLEAKS_FLAGS } from './flags.ts';
import { gitleaksVerb } from './verbs.ts';

const { git } = GITLEAKS_FLAGS;

test.each<readonly [args: readonly string[], values: object, positionals: readonly string[]]>([
  [['-v', '.'], { verbose: true }, ['.']],
  [['-vc', 'x.toml'], { verbose: true, config: 'x.toml' }, []],
  [['-cx.toml', '-r=out.json'], { config: 'x.toml', 'report-path': 'out.json' }, []],
  [['--redact', '50'], { redact: '100' }, ['50']],
  [['--redact=50'], { redact: '50' }, []],
  [['--verbose=false', '--exit-code', '3'], { 'exit-code': 3 }, []],
  [['--enable-rule', 'a,b', '--enable-rule=c'], { 'enable-rule': ['a', 'b', 'c'] }, []],
  [['--log-opts=--all -n 3'], { 'log-opts': '--all -n 3' }, []],
  [['--', '-v'], {}, ['-v']],
  [['-r', '-'], { 'report-path': '-' }, []],
])('%j', (args, values, positionals) => {
  expect(readArguments(git, args)).toEqual({ values, positionals });
});

test('an unknown flag is another mistake than an unknown letter or a missing value', () => {
  expect(() => readArguments(git, ['--verbos'])).toThrow(UnknownFlagError);
  expect(() => readArguments(git, ['--verbos'])).toThrow('unknown flag: --verbos; did you mean --verbose?');
  expect(() => readArguments(git, ['-x'])).not.toThrow(UnknownFlagError);
  expect(() => readArguments(git, ['--config'])).toThrow('flag needs an argument: --config');
});

test.each<readonly [args: string, verb: string | undefined]>([
  ['git', 'git'],
  ['--no-banner detect --source x', 'detect'],
  ['-c git dir', 'dir'],
  ['scan git', undefined],
  ['rules list', undefined],
  ['--help', undefined],
])('%s is meant for gitleaks: %s', (args, verb) => {
  expect(gitleaksVerb(args.split(' '))?.verb).toBe(verb);
});
