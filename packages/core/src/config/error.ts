import { problemLine } from '../rules/problem.ts';
import type { Problem } from '../rules/problem.ts';

export const CONFIG_ERROR_CODES = [
  /** A file that something names is not there. */
  'not-found',
  /** It is there, and cannot be read as text. */
  'unreadable',
  'too-large',
  /** Not YAML, or YAML that expands without bound. */
  'bad-yaml',
  'unknown-key',
  'bad-value',
  'bad-pattern',
  'bad-glob',
  /** Set by what is scanned, and only the operator may set it. */
  'operator-only',
  /** A path in a target's configuration that leaves the target. */
  'outside-target',
  'extend-cycle',
  'extend-limit',
  /** A credential id that was made with another salt. */
  'other-salt',
] as const;
export type ConfigErrorCode = (typeof CONFIG_ERROR_CODES)[number];

export interface ConfigProblem extends Problem {
  readonly code: ConfigErrorCode;
}

/**
 * Configuration that cannot be used. `problems` is never empty; the message has a line `file:line: …` for each, where
 * `file` may be a flag or an environment variable.
 */
export class ConfigError extends Error {
  /** Of the first problem. */
  readonly code: ConfigErrorCode;
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]]) {
    super(problems.map(problemLine).join('\n'));
    this.name = 'ConfigError';
    this.code = problems[0].code;
    this.problems = problems;
  }
}

/** @throws ConfigError if there are problems */
export function throwProblems(problems: readonly ConfigProblem[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw new ConfigError([first, ...others]);
}
