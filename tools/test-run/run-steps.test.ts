import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runSteps, StepFailure, type Step } from './run-steps.ts';

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

let ran: string[] = [];
function step(name: string, result: number | StepFailure): Step {
  return {
    name,
    title: name,
    run: () => {
      ran.push(name);
      return result instanceof StepFailure ? Promise.reject(result) : Promise.resolve({ passed: result });
    },
  };
}
beforeEach(() => {
  ran = [];
});

test('what the machine lacks is told before the last line', async () => {
  const lacking = { ...step('a', 1), run: () => Promise.resolve({ passed: 1, missing: ['2 tests, …'] }) };
  expect(await runSteps([lacking, step('b', 1)], [])).toBe(0);
  expect(lines.slice(-2).map((line) => line.trim())).toEqual(['not tested: 2 tests, …', '2 passed, 0 failed']);
});

test('tests of all steps are added up in the last line', async () => {
  expect(await runSteps([step('a', 0), step('b', 5), step('c', 2)], [])).toBe(0);
  expect(lines.at(-1)?.trim()).toBe('7 passed, 0 failed');
});

test('the first failure ends the run, and its tests count', async () => {
  const failing = step('b', new StepFailure('tests failed', { passed: 3, failed: 2 }));
  expect(await runSteps([step('a', 4), failing, step('c', 1)], [])).toBe(1);
  expect(ran).toEqual(['a', 'b']);
  expect(lines.at(-1)).toBe('7 passed, 2 failed');
});

test('a failed step that runs no tests is one failure', async () => {
  expect(await runSteps([step('a', new StepFailure('no'))], [])).toBe(1);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
});

test('only the named steps run, in the order of the list', async () => {
  expect(await runSteps([step('a', 0), step('b', 0), step('c', 0)], ['c', 'a'])).toBe(0);
  expect(ran).toEqual(['a', 'c']);
});

test('a name that no step has is wrong usage, and nothing runs', async () => {
  expect(await runSteps([step('a', 0)], ['a', 'z'])).toBe(2);
  expect(ran).toEqual([]);
});
