import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildFits, buildState, markBuilt, markSetUp, setUpFits } from './stamps.mjs';

const node = { version: 'v24.21.0' };
let root = '';
let at;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unleak-stamps-'));
  at = { root, cache: join(root, '.cache') };
  write('package.json', '{}');
  write('pnpm-lock.yaml', 'lock');
  write('packages/core/package.json', '{}');
  write('packages/core/src/a.ts', 'one');
  write('packages/cli/dist/entry.cjs', 'built');
  write('packages/github-action/dist/main.cjs', 'built');
  write('node_modules/.modules.yaml', '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function age(path) {
  const time = new Date('2020-01-01T00:00:00Z');
  utimesSync(join(root, path), time, time);
}

test('a set-up fits as long as lockfile, manifests, Node and node_modules are the same', () => {
  expect(setUpFits(node, at)).toBe(false);
  markSetUp(node, at);
  expect(setUpFits(node, at)).toBe(true);
  expect(setUpFits({ version: 'v26.10.0' }, at)).toBe(false);
  for (const path of ['pnpm-lock.yaml', 'packages/core/package.json']) {
    write(path, 'changed');
    expect(setUpFits(node, at)).toBe(false);
    markSetUp(node, at);
  }
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(setUpFits(node, at)).toBe(false);
});

test('a new package asks for a set-up', () => {
  markSetUp(node, at);
  write('packages/new/package.json', '{}');
  expect(setUpFits(node, at)).toBe(false);
});

test('a build fits until a source changes, comes or goes, or its output is gone', () => {
  expect(buildFits(at)).toBe(false);
  const build = () => markBuilt(buildState(at), at);
  build();
  expect(buildFits(at)).toBe(true);

  write('packages/core/src/a.ts', 'two');
  age('packages/core/src/a.ts');
  expect(buildFits(at)).toBe(false);
  build();
  write('rules/providers/new.yaml', 'rule');
  expect(buildFits(at)).toBe(false);
  build();
  rmSync(join(root, 'packages/core/src/a.ts'));
  expect(buildFits(at)).toBe(false);
  build();
  rmSync(join(root, 'packages/cli/dist'), { recursive: true });
  expect(buildFits(at)).toBe(false);
});

test('new times alone, tests, and what a build writes itself do not make it stale', () => {
  markBuilt(buildState(at), at);
  age('packages/core/src/a.ts');
  expect(buildFits(at)).toBe(true);
  write('packages/core/src/a.test.ts', 'test');
  write('packages/core/dist/a.js', 'output');
  write('packages/core/src/rules/generated/ruleset.json', '{}');
  write('packages/core/node_modules/x/index.js', 'x');
  expect(buildFits(at)).toBe(true);
});

test('an edit during the build is seen afterwards', () => {
  const before = buildState(at);
  write('packages/core/src/a.ts', 'while it was built');
  markBuilt(before, at);
  expect(buildFits(at)).toBe(false);
});

test('a broken stamp is none', () => {
  markBuilt(buildState(at), at);
  markSetUp(node, at);
  for (const name of ['build.json', 'set-up.json']) writeFileSync(join(at.cache, name), '{"quick":');
  expect(buildFits(at)).toBe(false);
  expect(setUpFits(node, at)).toBe(false);
});
