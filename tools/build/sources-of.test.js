import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { buildInputs } from '../bootstrap/stamps.mjs';
import { sourcesOf } from './sources-of.ts';

const root = join(import.meta.dirname, '../..');

function sources(module) {
  return sourcesOf(join(root, module)).map((path) => relative(root, path).replaceAll('\\', '/'));
}

it('finds what is imported by what is imported', () => {
  const found = sources('tools/build-rules.ts');
  expect(found).toContain('tools/build-rules.ts');
  expect(found).toContain('tools/rule-files.ts');
  // Of the rules: how a word that stands for many is spelt out; of the engine: what tables.ts is laid out in.
  expect(found).toContain('packages/core/src/rules/name-words.ts');
  expect(found).toContain('packages/core/src/bytes/linear-memory.ts');
  expect(found).not.toContain('packages/core/src/pipeline/scan.ts');
});

it('a build is due when any module changes that builds', () => {
  const modules = [...sources('tools/build.ts'), ...sources('tools/build-rules.ts')];
  const isInput = (path) => buildInputs.some((input) => path === input || path.startsWith(`${input}/`));
  expect(modules.length).toBeGreaterThan(20);
  expect(modules.filter((path) => !isInput(path))).toEqual([]);
});
