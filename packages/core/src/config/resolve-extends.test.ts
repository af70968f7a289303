/** Files that extend others. */
import { expect, test } from 'vitest';
import { config, errorOf, origin, run, yaml } from './test-config.ts';

test('nobody extends a URL', () => {
  const lines = yaml('extend:', '  - https://example.com/unleak.yaml');
  for (const error of [
    errorOf({ target: { 'unleak.yaml': lines } }),
    errorOf({ own: { 'c.yaml': lines } }, { config: 'c.yaml' }),
  ]) {
    expect(error.message).toMatch(/:3: extend\[0\]: takes files, not URLs: fetch it, and give it with --config$/);
  }
});

test('a file goes before those it extends, and of those the last', () => {
  const target = {
    'unleak.yaml': yaml('extend: [a/one.yaml, a/two.yaml]', 'severity: high'),
    'a/one.yaml': yaml('severity: low', 'confidence: low', 'failOn: low', 'paths: { exclude: [one] }'),
    'a/two.yaml': yaml('extend: [../three.yaml]', 'confidence: high', 'paths: { exclude: [two] }'),
    'three.yaml': yaml('confidence: medium', 'failOn: none'),
  };
  const resolved = run({ target });
  expect([resolved.config.severity, resolved.config.confidence, resolved.config.failOn]).toEqual([
    'high',
    'high',
    'none',
  ]);
  expect(resolved.config.paths.exclude).toEqual(['two', 'one']);
  expect(origin(resolved, 'failOn')).toBe('three.yaml:3 (target)');
});

test('a file that is extended on two ways counts once', () => {
  const target = {
    'unleak.yaml': yaml('extend: [a.yaml, b.yaml]'),
    'a.yaml': yaml('extend: [c.yaml]'),
    'b.yaml': yaml('extend: [c.yaml]'),
    'c.yaml': yaml('paths: { exclude: [x] }'),
  };
  expect(config({ target }).paths.exclude).toEqual(['x']);
});

test('a file that is named again and again is read once: what is scanned cannot make reading it endless', () => {
  const level = (next: number): string =>
    yaml(`extend: [${Array.from({ length: 500 }, () => `${next}.yaml`).join(', ')}]`);
  const levels = Array.from({ length: 6 }, (_, i) => [`${i}.yaml`, level(i + 1)] as const);
  const target = {
    ...Object.fromEntries(levels),
    '6.yaml': yaml('failOn: none'),
    'unleak.yaml': yaml('extend: [0.yaml]'),
  };
  expect(config({ target }).failOn).toBe('none');
});

test('files that extend each other are an error that names the chain', () => {
  const target = {
    'unleak.yaml': yaml('extend: [a.yaml]'),
    'a.yaml': yaml('extend:', '  - b.yaml'),
    'b.yaml': yaml('extend: [a.yaml]'),
  };
  const error = errorOf({ target });
  expect(error.code).toBe('extend-cycle');
  expect(error.message).toBe('b.yaml:2: extend[0]: these files extend each other: a.yaml → b.yaml → a.yaml');
  expect(errorOf({ target: { 'unleak.yaml': yaml('extend: [unleak.yaml]') } }).message).toContain(
    'unleak.yaml → unleak.yaml',
  );
});

test('extension is bounded in depth and in number', () => {
  const deep = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [i === 0 ? 'unleak.yaml' : `${i}.yaml`, yaml(`extend: [${i + 1}.yaml]`)]),
  );
  expect(errorOf({ target: deep }).code).toBe('extend-limit');
  const names = Array.from({ length: 64 }, (_, i) => `${i}.yaml`);
  const wide = {
    'unleak.yaml': yaml(`extend: [${names.join(', ')}]`),
    ...Object.fromEntries(names.map((name) => [name, yaml()])),
  };
  expect(errorOf({ target: wide }).code).toBe('extend-limit');
});

test('an extended file that is not there is an error', () => {
  expect(errorOf({ target: { 'unleak.yaml': yaml('extend: [gone.yaml]') } }).message).toBe(
    'unleak.yaml:2: extend[0]: there is no file gone.yaml',
  );
});

test('a target has one configuration file', () => {
  expect(config({ target: { '.unleak.yaml': yaml('failOn: none') } }).failOn).toBe('none');
  expect(errorOf({ target: { 'unleak.yaml': yaml(), '.unleak.yaml': yaml() } }).message).toBe(
    '.unleak.yaml: unleak.yaml is there too: keep one of them',
  );
});
