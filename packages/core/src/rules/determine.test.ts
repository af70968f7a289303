import { expect, test } from 'vitest';
import { EMPTY_SET } from './char-set.ts';
import { byteClasses, determine } from './determine.ts';

const PASSED = 255;

/** An automaton of so many positions in which each letter may follow each. How many of its states have no way that ends. */
function told(positions: number): { readonly states: number; readonly open: number } {
  const sets = Array.from({ length: positions }, (_, i) => ({ ...EMPTY_SET, ascii: 1n << BigInt(97 + (i % 26)) }));
  const all = sets.map((_, i) => i);
  const classes = byteClasses(sets);
  const next = sets.map(() => all);
  const { rows } = determine(classes, next, () => false, [new Set([0])], 1016);
  const states = Array.from({ length: rows.length / classes.count }, (_, i) =>
    rows.subarray(i * classes.count, (i + 1) * classes.count),
  );
  return { states: states.length, open: states.filter((row) => row.every((target) => target === PASSED)).length };
}

test('an automaton of few positions is followed to its end', () => {
  expect(told(260)).toEqual({ states: 1, open: 0 });
});

test('of one with more ways than are worth following, it is left open what comes later', () => {
  const { states, open } = told(5200);
  expect(open).toBe(1);
  expect(states).toBeGreaterThan(1);
});
