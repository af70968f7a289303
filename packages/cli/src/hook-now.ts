/** What a hook runs: somebody waits for every commit. */
import { preCommitCommand, prePushCommand, type HookValues } from './commands/hook.ts';
import { PRE_COMMIT_FLAGS, PRE_PUSH_FLAGS } from './flags/hook.ts';
import { shortParse } from './flags/to-parse-args.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';

/** `undefined` where the arguments need the full parser: for help, or to be told what is wrong with them. */
export async function hookNow([hook, ...args]: readonly string[], io: Io): Promise<number | undefined> {
  const isCommit = hook === 'pre-commit';
  if (!isCommit && hook !== 'pre-push') return undefined;
  const parsed = shortParse(isCommit ? PRE_COMMIT_FLAGS : PRE_PUSH_FLAGS, args);
  if (parsed === undefined || parsed.values['help'] === true) return undefined;
  const values = parsed.values as HookValues;
  try {
    return await (isCommit ? preCommitCommand : prePushCommand)(values, parsed.positionals, io);
  } catch (error) {
    return await reportFailure(error, io, values['log-level'] === 'debug');
  }
}
