/** Figures that issues ask for, beside what was measured. */
import { bytes, peakOf, times, wallOf } from './table.mjs';

/**
 * @typedef {{ name: string, runs: import('./measure.mjs').Run[] }} Result
 * @typedef {{ what: string, measured: string, goal: string, reached: boolean | undefined }} Goal
 */

/**
 * The wall time of one as a ratio to that of another. Where the other was stopped for its time the ratio is smaller than
 * what is said; where the one was, nothing is known.
 *
 * @param {Result} one
 * @param {Result} other
 * @param {number} most
 * @returns {Goal}
 */
export function ratioGoal(one, other, most) {
  const a = wallOf(one);
  const b = wallOf(other);
  const ratio = a.seconds / b.seconds;
  return {
    what: `wall: ${one.name} / ${other.name}`,
    measured: a.over ? '–' : (b.over ? '< ' : '') + times(ratio),
    goal: `≤ ${times(most)}`,
    reached: a.over || (b.over && ratio > most) ? undefined : ratio <= most,
  };
}

/**
 * The peak memory of one below a number of bytes.
 *
 * @param {Result} one
 * @param {number} below
 * @param {string} what
 * @returns {Goal}
 */
export function memoryGoal(one, below, what) {
  const peak = wallOf(one).over ? undefined : peakOf(one);
  return {
    what: `peak memory: ${one.name}${what}`,
    measured: bytes(peak),
    goal: `< ${bytes(below)}`,
    reached: peak === undefined ? undefined : peak < below,
  };
}

/** @param {Goal[]} goals */
export function printGoals(goals) {
  console.log();
  for (const { what, measured, goal, reached } of goals) {
    const verdict = reached === undefined ? 'not known' : reached ? 'reached' : 'NOT REACHED';
    console.log(`- ${what}: ${measured} (goal ${goal}): ${verdict}`);
  }
}
