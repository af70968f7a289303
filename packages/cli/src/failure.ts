/** Whatever ended a command, as one line: what happened, to which file, what to do. */
import {
  ConfigError,
  GitError,
  neutralise,
  PatternError,
  RuleError,
  SelectionError,
  SuppressionError,
  UserKeyError,
} from '@unleak/core';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** Gives 2, the exit code of all of them. */
export async function reportFailure(error: unknown, io: Pick<Io, 'stderr'>, debug: boolean): Promise<number> {
  for (const line of failureLines(error)) await io.stderr.write(`unleak: ${neutralise(line)}\n`);
  if (debug && error instanceof Error && error.stack !== undefined) await io.stderr.write(`${frames(error.stack)}\n`);
  else if (!isExpected(error))
    await io.stderr.write('unleak: this is a mistake of unleak; --log-level debug shows where\n');
  return 2;
}

export function failureLines(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (isWithoutDirectory(error)) return ['the current directory is not there any more: change to another one'];
  // Errors with problems say one line for each; other messages are lines of their own.
  return isExpected(error) ? error.message.split('\n') : [withoutQuotes(`${error.name}: ${error.message}`)];
}

/** What `process.cwd()` throws, ours or that of a library. */
function isWithoutDirectory(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
}

/** An error that nobody expected may quote what it stumbled over, as those of JSON.parse do. */
function withoutQuotes(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/(["'`]).*\1/, '…').slice(0, 200);
}

/** Where it happened, without the message. */
function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n');
}

function isExpected(error: unknown): boolean {
  return (
    isWithoutDirectory(error) ||
    error instanceof UsageError ||
    error instanceof ConfigError ||
    error instanceof SuppressionError ||
    error instanceof RuleError ||
    error instanceof SelectionError ||
    error instanceof PatternError ||
    error instanceof GitError ||
    error instanceof UserKeyError
  );
}
