import { expect, test } from 'vitest';
import { lintProject } from './lint-project.js';

const table = {
  types: [],
  engine: ['types', 'engine/regex.ts'],
  'engine/regex.ts': ['types'],
  rules: ['types', 'engine/regex.ts'],
  pipeline: ['*'],
};
const lint = (files) => lintProject('layers', table, files);

test('an import against the direction is refused and says what may be imported', () => {
  expect(
    lint({
      'packages/core/src/types/hit.ts': "import { scan } from '../engine/scan.ts';",
      'packages/core/src/rules/parse.ts': "import '../engine/scan.ts';",
    }),
  ).toEqual([
    'packages/core/src/rules/parse.ts:1: rules may not import engine: it may import types, engine/regex.ts.',
    'packages/core/src/types/hit.ts:1: types may not import engine: it may import nothing of core.',
  ]);
});

test('its own folder, lower layers, files with a line of their own and modules by name are fine', () => {
  expect(
    lint({
      'packages/core/src/engine/scan.ts':
        "import './regex.ts';\nimport '../types/hit.ts';\nimport 'node:fs';\nexport * from './deep/a.ts';",
      'packages/core/src/rules/deep/parse.ts': "import '../../engine/regex.ts';",
      'packages/core/src/pipeline/scan.ts': "import '../engine/scan.ts';\nimport '../rules/parse.ts';",
    }),
  ).toEqual([]);
});

test('a file with a line of its own is held to that line', () => {
  expect(lint({ 'packages/core/src/engine/regex.ts': "import './scan.ts';" })).toEqual([
    'packages/core/src/engine/regex.ts:1: engine/regex.ts may not import engine: it may import types.',
  ]);
});

test('a folder that the table does not know may import nothing', () => {
  expect(lint({ 'packages/core/src/novel/a.ts': "import '../types/hit.ts';" })).toEqual([
    'packages/core/src/novel/a.ts:1: novel may not import types: it may import nothing of core.',
  ]);
});

test('no package reaches into another by path', () => {
  expect(
    lint({
      'packages/cli/src/main.ts':
        "import '../../core/src/engine/scan.ts';\nimport '@unleak/core';\nimport './flags.ts';",
    }),
  ).toEqual([
    'packages/cli/src/main.ts:1: ../../core/src/engine/scan.ts leads out of the package: import what it exports by its name.',
  ]);
});
