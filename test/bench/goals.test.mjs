import { expect, test } from 'vitest';
import { memoryGoal, ratioGoal } from './goals.mjs';

const result = (seconds, more) => ({ name: 'x', runs: [{ seconds, peakBytes: 100, timedOut: false, ...more }] });

test('a ratio of wall times is reached, or not', () => {
  expect(ratioGoal(result(1), result(4), 0.5)).toMatchObject({ measured: '0.25 ×', goal: '≤ 0.50 ×', reached: true });
  expect(ratioGoal(result(3), result(4), 0.5)).toMatchObject({ measured: '0.75 ×', reached: false });
});

test('where the other was stopped, the ratio is below what is said', () => {
  const stopped = result(10, { timedOut: true });
  expect(ratioGoal(result(1), stopped, 0.5)).toMatchObject({ measured: '< 0.10 ×', reached: true });
  expect(ratioGoal(result(8), stopped, 0.5)).toMatchObject({ measured: '< 0.80 ×', reached: undefined });
  expect(ratioGoal(stopped, result(1), 0.5)).toMatchObject({ measured: '–', reached: undefined });
});

test('memory is below, or not, or not known', () => {
  expect(memoryGoal(result(1), 101, '').reached).toBe(true);
  expect(memoryGoal(result(1), 100, '').reached).toBe(false);
  expect(memoryGoal(result(1, { peakBytes: undefined }), 100, '').reached).toBeUndefined();
  expect(memoryGoal(result(1, { timedOut: true }), 101, '').reached).toBeUndefined();
});
