import { expect, test } from 'vitest';
import { lintProject } from './lint-project.js';

const lint = (files) =>
  lintProject('one-door-to-git', { allowed: ['sources/git/door.ts'] }, files).map((line) => line.replace(/: .*/, ''));

test('modules that start processes are refused outside the list', () => {
  const text = [
    "import { spawn } from 'node:child_process';",
    "import * as c from 'child_process';",
    "const d = await import('node:child_process');",
    "const e = process.getBuiltinModule('node:child_process');",
    "import { simpleGit } from 'simple-git';",
  ];
  expect(lint({ 'packages/core/src/sources/git/refs.ts': text.join('\n') })).toEqual(
    text.map((_, i) => `packages/core/src/sources/git/refs.ts:${i + 1}`),
  );
});

test('the listed file, other packages and other modules are left alone', () => {
  const text = "import { spawn } from 'node:child_process';";
  expect(
    lint({
      'packages/core/src/sources/git/door.ts': text,
      'packages/cli/src/open.ts': text,
      'packages/core/src/sources/git/refs.ts': "import { join } from 'node:path';",
    }),
  ).toEqual([]);
});
