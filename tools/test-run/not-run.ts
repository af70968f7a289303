/** Sorts tests that were not run. */

/**
 * A test that needs a program which not every machine has says so at the end of its name, as `[needs pre-commit]`, and
 * may be left out where it is missing, which is told. Any other test that was skipped is `skipped`.
 */
export function notRun(names: readonly string[]): {
  readonly skipped: readonly string[];
  readonly missing: readonly string[];
} {
  const needs = /\[needs ([^\]]+)\]$/;
  const counts = new Map<string, number>();
  for (const name of names) {
    const program = needs.exec(name)?.[1];
    if (program !== undefined) counts.set(program, (counts.get(program) ?? 0) + 1);
  }
  return {
    skipped: names.filter((name) => !needs.test(name)),
    missing: [...counts].map(
      ([program, count]) =>
        `${count === 1 ? '1 test' : `${count} tests`}, since there is no ${program} on this machine`,
    ),
  };
}
