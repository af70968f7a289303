/** A scan as hooks run it, or of a history that is known: somebody waits for every millisecond of it. */
import { scanCommand, type ScanValues } from './commands/scan.ts';
import { SCAN_FLAGS } from './flags/scan.ts';
import { shortParse } from './flags/to-parse-args.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';

/** `undefined` where the arguments need the full parser: for help, or to be told what is wrong with them. */
export async function scanNow(args: readonly string[], io: Io): Promise<number | undefined> {
  const parsed = shortParse(SCAN_FLAGS, args);
  if (parsed === undefined || parsed.values['help'] === true) return undefined;
  const values = parsed.values as ScanValues;
  try {
    return await scanCommand(values, parsed.positionals, io);
  } catch (error) {
    return await reportFailure(error, io, values['log-level'] === 'debug');
  }
}
