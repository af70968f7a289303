/**
 * Every check of the project, cheapest first, stopping at the first that fails: what `npm test` runs after the set-up.
 * Arguments name the steps to run; without any, all run. The last line is `N passed, N failed`: tests, and a failed step
 * of another kind counts as one failure.
 */
import { runSteps } from './test-run/run-steps.ts';
import { steps } from './test-run/steps.ts';

process.exitCode = await runSteps(steps, process.argv.slice(2));
