import { expect, test } from 'vitest';
import { lintProject } from './lint-project.js';

const lint = (files) =>
  lintProject('no-ambient', { allowed: ['sources/ambient.ts'] }, files).map((line) => line.replace(/: .*/, ''));

test('clock, chance, environment, process and machine are refused in core', () => {
  const text = [
    'process.env.HOME;',
    'const p = process;',
    'globalThis.process;',
    "import { env } from 'node:process';",
    'Date.now();',
    'new Date();',
    'Date();',
    'performance.now();',
    'Math.random();',
    "import { tmpdir } from 'node:os';",
  ];
  expect(lint({ 'packages/core/src/engine/scan.ts': text.join('\n') }).length).toBe(text.length);
});

test('dates that are given, numbers, constants of the system and other packages are left alone', () => {
  const text = [
    "new Date('2026-11-22');",
    'Date.parse(text);',
    'Math.max(1, 2);',
    "import { constants, EOL } from 'node:os';",
    'job.process();',
    'function f(process) { process.kill(); }',
    'const g = () => { const Date = make(); return Date.now(); };',
  ];
  expect(
    lint({
      'packages/core/src/engine/scan.ts': text.join('\n'),
      'packages/cli/src/main.ts': 'process.env.HOME;',
      'packages/core/src/sources/ambient.ts': 'process.env.HOME;',
    }),
  ).toEqual([]);
});
