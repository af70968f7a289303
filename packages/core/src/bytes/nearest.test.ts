import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test('the nearest name is the one with the fewest letters changed, if it is near at all', () => {
  expect(nearest('exlcude', ['include', 'exclude'])).toBe('exclude');
  expect(nearest('Fail-On', ['failOn'])).toBe('failOn');
  expect(nearest('xyz', ['allow', 'rules'])).toBeUndefined();
  expect(nearest('a', ['b'])).toBe('b');
  expect(nearest('abcd', ['aXcY'])).toBeUndefined();
  expect(nearest('abcde', ['aXcYe'])).toBe('aXcYe');
  expect(nearest('abc', [])).toBeUndefined();
  expect(nearest('a-very-long-name', ['a-very-long-XXXX'])).toBe('a-very-long-XXXX');
  expect(nearest('a-very-long-name', ['a-very-lonXXXXXX'])).toBeUndefined();
});

test('two letters that are swapped are one mistake, wherever they stand', () => {
  expect(nearest('ab', ['ba'])).toBe('ba');
  expect(nearest('xabcx', ['xbacx'])).toBe('xbacx');
  expect(nearest('liTs', ['list'])).toBe('list');
});

test('the beginning of a name means it', () => {
  expect(nearest('git', ['gitleaks-json', 'sarif'])).toBe('gitleaks-json');
  expect(nearest('gi', ['gitleaks-json', 'sarif'])).toBeUndefined();
  expect(nearest('json', ['jsonl', 'json'])).toBe('json');
});

test('of equally near names the first by alphabet is told, in whatever order they come', () => {
  expect(nearest('acme-b', ['acme-z', 'acme-a', 'acme-m'])).toBe('acme-a');
  expect(nearest('acme-b', new Set(['acme-a', 'acme-z']))).toBe('acme-a');
});
