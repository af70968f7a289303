/** Lists and rules, which are put together from several layers. */
import { expect, test } from 'vitest';
import { config, origin, run, yaml, type World } from './test-config.ts';

test('lists of what to leave out, to read and to allow add up over all layers, each item with its origin', () => {
  const world: World = {
    own: { 'ci.yaml': yaml('paths: { exclude: [b] }', 'allow:', '  - paths: [y]') },
    target: { 'unleak.yaml': yaml('paths:', '  exclude:', '    - c', 'allow:', '  - paths: [z]', '    reason: why') },
    user: yaml('paths: { exclude: [d] }'),
  };
  const resolved = run(world, { flags: { exclude: ['a'] }, config: 'ci.yaml' });
  expect(resolved.config.paths.exclude).toEqual(['a', 'b', 'c', 'd']);
  expect(['paths.exclude[0]', 'paths.exclude[1]', 'paths.exclude[2]'].map((key) => origin(resolved, key))).toEqual([
    '--exclude',
    'ci.yaml:2',
    'unleak.yaml:4 (target)',
  ]);
  expect(resolved.config.allow).toEqual([
    { paths: ['y'], origin: { kind: 'config', name: 'ci.yaml', line: 4 } },
    { paths: ['z'], reason: 'why', origin: { kind: 'target', name: 'unleak.yaml', line: 6 } },
  ]);
});

test('lists that choose are taken whole from the first layer that has one', () => {
  const world: World = {
    target: { 'unleak.yaml': yaml('paths: { include: [b] }', 'rules: { only: [y] }', 'ignore: { markers: [unleak] }') },
  };
  expect(config(world, { flags: { include: ['a'] } }).paths.include).toEqual(['a']);
  expect(config(world, { flags: { 'only-rule': ['x'] } }).rules.only).toEqual(['x']);
  expect(config(world).ignore.markers).toEqual(['unleak']);
  expect(config(world, { flags: { inline: false } }).ignore.markers).toEqual([]);
});

test('of what one enables and another disables the one that goes before is right', () => {
  const world: World = { target: { 'unleak.yaml': yaml('rules:', '  disable: [a, b]', '  enable: [c]') } };
  const { rules } = config(world, { flags: { 'enable-rule': ['a'], 'disable-rule': ['c', 'd'] } });
  expect([rules.enable, rules.disable]).toEqual([['a'], ['c', 'd', 'b']]);
});

test('overrides of a rule are merged attribute by attribute', () => {
  const world: World = {
    own: { 'ci.yaml': yaml('rules: { overrides: { a: { severity: low } } }') },
    target: {
      'unleak.yaml': yaml(
        'rules:',
        '  overrides:',
        '    a: { severity: high, entropy: 3 }',
        '    b: { confidence: low }',
      ),
    },
  };
  const resolved = run(world, { config: 'ci.yaml' });
  expect(resolved.config.rules.overrides).toEqual({ a: { severity: 'low', entropy: 3 }, b: { confidence: 'low' } });
  expect(origin(resolved, 'rules.overrides.a.severity')).toBe('ci.yaml:2');
  expect(origin(resolved, 'rules.overrides.a.entropy')).toBe('unleak.yaml:4 (target)');
});
