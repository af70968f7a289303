import { completionScript } from '../flags/completion.ts';
import { COMMANDS, SHELLS } from '../flags/commands.ts';
import { GITLEAKS_COMMANDS } from '../compat/gitleaks/flags.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

export async function completionCommand(_values: object, [shell = '']: readonly string[], io: Io): Promise<number> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined) throw new UsageError(`there is completion for ${SHELLS.join(', ')}, not for '${shell}'`);
  await io.stdout.write(completionScript(known, [...COMMANDS, ...GITLEAKS_COMMANDS]));
  return 0;
}
