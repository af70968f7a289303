import { performance } from 'node:perf_hooks';

export interface Step {
  readonly name: string;
  /** What it proves, in a few words. */
  readonly title: string;
  /** Throws a StepFailure when it fails; returns how many tests passed if it runs any. */
  run(): Promise<StepResult>;
}

export interface StepResult {
  readonly passed: number;
  /** Programs that the machine lacks, each with what was not tested without it. */
  readonly missing?: readonly string[];
}

/** A check that failed; its output was shown already. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly tests: { readonly passed: number; readonly failed: number };

  constructor(message: string, tests: { readonly passed: number; readonly failed: number } = { passed: 0, failed: 1 }) {
    super(message);
    this.tests = tests;
  }
}

/** Runs the named steps (all if none is named) in their order; returns the exit code. */
export async function runSteps(steps: readonly Step[], names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`no such step: ${unknown.join(', ')}. There are: ${steps.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  let passed = 0;
  const missing: string[] = [];
  for (const step of steps) {
    if (names.length > 0 && !names.includes(step.name)) continue;
    console.log(`\n== ${step.name}: ${step.title}`);
    const started = performance.now();
    const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    try {
      const result = await step.run();
      passed += result.passed;
      missing.push(...(result.missing ?? []));
      console.log(`== ${step.name}: ok, ${seconds()}`);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      console.log(`== ${step.name}: FAILED after ${seconds()}: ${error.message}`);
      console.log(`${passed + error.tests.passed} passed, ${error.tests.failed} failed`);
      return 1;
    }
  }
  for (const line of missing) console.log(`\nnot tested: ${line}`);
  console.log(`\n${passed} passed, 0 failed`);
  return 0;
}
