import { expect, test } from 'vitest';
import { satisfies } from './engines.mjs';

const range = '^22.22.2 || ^24.15.0 || >=26.0.0';

test.each(['v22.22.2', 'v22.23.0', 'v24.15.0', 'v24.99.9', 'v26.0.0', 'v27.1.0', 'v26.0.0-nightly20261122'])(
  '%s is in the range',
  (version) => {
    expect(satisfies(version, range)).toBe(true);
  },
);

test.each(['v18.20.0', 'v20.20.2', 'v22.22.1', 'v22.9.99', 'v23.11.0', 'v24.14.9', 'v25.9.0'])(
  '%s is not',
  (version) => {
    expect(satisfies(version, range)).toBe(false);
  },
);

test('a range in another notation is refused, not misread', () => {
  expect(() => satisfies('v24.15.0', '~24.15.0')).toThrow('~24.15.0');
  expect(() => satisfies('v24.15.0', '>=22 <27')).toThrow('>=22 <27');
});
