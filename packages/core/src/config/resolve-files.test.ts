/** Files that a configuration names: where they lie, and which are found by name. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { config, CWD, errorOf, yaml } from './test-config.ts';

test("ignore files of the target's root are found by name; a named one takes the place of ours", () => {
  const target = {
    '.unleakignore': 'a',
    '.gitleaksignore': 'b',
    '.betterleaksignore': 'c',
    'own.ignore': 'd',
    'unleak.yaml': yaml(),
  };
  expect(config({ target }).suppressions).toEqual([
    { kind: 'ignore-file', name: '.unleakignore', text: 'a' },
    { kind: 'gitleaks-ignore', name: '.gitleaksignore', text: 'b' },
    { kind: 'gitleaks-ignore', name: '.betterleaksignore', text: 'c' },
  ]);
  const named = config({
    target: { ...target, 'unleak.yaml': yaml('ignore: { file: own.ignore }', 'baseline: ./sub/../.gitleaksignore') },
  });
  expect(named.suppressions.map(({ kind, name }) => [kind, name])).toEqual([
    ['ignore-file', 'own.ignore'],
    ['gitleaks-ignore', '.gitleaksignore'],
    ['gitleaks-ignore', '.betterleaksignore'],
    ['baseline', '.gitleaksignore'],
  ]);
  expect([named.ignoreFile, named.baseline]).toEqual([
    { path: 'own.ignore', inTarget: true, name: 'own.ignore' },
    { path: '.gitleaksignore', inTarget: true, name: '.gitleaksignore' },
  ]);
});

test('paths are relative to what says them', () => {
  const own = {
    'conf/ci.yaml': yaml('baseline: base.txt', 'output: out.json', 'rules: { files: [own.yaml] }'),
    'conf/base.txt': 'x',
    'conf/own.yaml': 'rule text',
    'base.txt': 'y',
  };
  const byFile = config({ own }, { config: 'conf/ci.yaml' });
  expect(byFile.baseline).toEqual({ path: resolve(CWD, 'conf/base.txt'), inTarget: false, name: 'conf/base.txt' });
  expect(byFile.output).toBe(resolve(CWD, 'conf/out.json'));
  expect(byFile.rules.files).toMatchObject([{ name: 'conf/own.yaml', text: 'rule text' }]);
  expect(config({ own }, { config: 'conf/ci.yaml', flags: { baseline: 'base.txt', output: 'o' } })).toMatchObject({
    suppressions: [{ kind: 'baseline', name: 'base.txt', text: 'y' }],
    output: resolve(CWD, 'o'),
  });
});

test('a file that the command makes need not be there', () => {
  const made = config({}, { flags: { baseline: 'new.txt' }, creates: 'baseline' });
  expect([made.baseline?.path, made.suppressions]).toEqual([resolve(CWD, 'new.txt'), []]);
  expect(errorOf({}, { flags: { 'ignore-file': 'new.txt' }, creates: 'baseline' }).code).toBe('not-found');
});
