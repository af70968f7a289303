/** Something wrong with a rule file, said in one line. */
export interface Problem {
  readonly file: string;
  /** 1-based, where it is known. */
  readonly line?: number;
  /** Id of the rule, where there is one. */
  readonly rule?: string;
  readonly message: string;
}

/** `file:line: rule: message` with the parts that are known. */
export function problemLine(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  return problem.rule === undefined ? `${place}: ${problem.message}` : `${place}: ${problem.rule}: ${problem.message}`;
}

/** Rule files that cannot be used. `problems` is never empty. */
export class RuleError extends Error {
  readonly code = 'BAD_RULES';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'));
    this.name = 'RuleError';
    this.problems = problems;
  }
}
