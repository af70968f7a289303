import { problemLine } from '../rules/problem.ts';
import type { Problem } from '../rules/problem.ts';

/** `other-salt`: ids made under another salt, which would make everything look new. `bad-entry`: what cannot be read. */
export type SuppressionErrorCode = 'other-salt' | 'bad-entry';

/** A file of suppressions that cannot be used. `problems` is never empty; the message has one line for each. */
export class SuppressionError extends Error {
  readonly code: SuppressionErrorCode;
  readonly problems: readonly Problem[];
  constructor(code: SuppressionErrorCode, problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'));
    this.name = 'SuppressionError';
    this.code = code;
    this.problems = problems;
  }
}
