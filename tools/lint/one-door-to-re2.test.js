import { expect, test } from 'vitest';
import { lintProject } from './lint-project.js';

const options = { door: 'engine/regex.ts', literalsIn: ['config/', 'rules/names.ts'] };
const lint = (files) => lintProject('one-door-to-re2', options, files).map((line) => line.replace(/: .*/, ''));

test('re2 is imported by the door alone, in whatever way it is named', () => {
  const imports = [
    "import RE2 from 're2';",
    "export { default } from 're2';",
    "const a = await import('re2');",
    "const b = require('re2');",
    'const c = import.meta.resolve(`re2`);',
    "import { Re2Instance } from './re2-instance.ts';",
  ];
  const found = lint({
    'packages/core/src/engine/regex.ts': imports[0],
    'packages/core/src/engine/scan.ts': imports.join('\n'),
    'packages/core/src/config/read.ts': imports[0],
  });
  expect(found).toEqual([
    'packages/core/src/config/read.ts:1',
    ...imports.map((_, i) => `packages/core/src/engine/scan.ts:${i + 1}`),
  ]);
});

test('an expression of V8 is refused in each of its spellings', () => {
  const text = [
    'const a = /x/;',
    "const b = new RegExp('x');",
    "const c = RegExp('x');",
    "const d = new globalThis.RegExp('x');",
    "'x'.match('y');",
  ];
  expect(lint({ 'packages/core/src/engine/scan.ts': text.join('\n') })).toEqual(
    text.map((_, i) => `packages/core/src/engine/scan.ts:${i + 1}`),
  );
});

test('listed places and other packages may write expressions', () => {
  const text = 'export const a = /x/;';
  const found = lint({
    'packages/core/src/config/deep/read.ts': text,
    'packages/core/src/rules/names.ts': text,
    'packages/core/src/rules/other.ts': text,
    'packages/cli/src/read.ts': text,
  });
  expect(found).toEqual(['packages/core/src/rules/other.ts:1']);
});

test('a match() that is given no fixed string is not taken for one of V8', () => {
  expect(lint({ 'packages/core/src/engine/scan.ts': 'export const f = (glob, path) => glob.match(path);' })).toEqual(
    [],
  );
});
