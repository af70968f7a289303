/** What a hook runs: somebody waits for every commit. */
import { preCommitCommand, prePushCommand, type HookValues } from './commands/hook.ts';
import { HOOK_FLAGS } from './flags/hook.ts';
import { shortParse } from './flags/to-parse-args.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';

/** `undefined` where the arguments need the full parser: for help, or to be told what is wrong with them. */
export async function hookNow([hook, ...args]: readonly string[], io: Io): Promise<number | undefined> {
  const command = hook === 'pre-commit' ? preCommitCommand : hook === 'pre-push' ? prePushCommand : undefined;
  if (command === undefined) return undefined;
  const parsed = shortParse(HOOK_FLAGS, args);
  if (parsed === undefined || parsed.values['help'] === true) return undefined;
  const values = parsed.values as HookValues;
  try {
    return await command(values, parsed.positionals, io);
  } catch (error) {
    return await reportFailure(error, io, values['log-level'] === 'debug');
  }
}
