/**
 * Every command but the short ways of entry.ts: reads the arguments, runs the command, and turns whatever goes wrong
 * into one line and an exit code.
 */
import type { OwnCommand } from '@unleak/pre-commit';
import { COMMANDS } from './flags/commands.ts';
import type { Io } from './io.ts';
import { reportFailure } from './failure.ts';
import { VERSION } from './version.ts';

/** Gives the exit code; everything was written when it resolves. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    return await reportFailure(
      error,
      io,
      args.some((arg, i) => arg === '--log-level=debug' || (arg === '--log-level' && args[i + 1] === 'debug')),
    );
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const { gitleaksVerb } = await import('./compat/gitleaks/verbs.ts');
  if (gitleaksVerb(args) !== undefined) {
    const { gitleaks } = await import('./compat/gitleaks/gitleaks.ts');
    return await gitleaks(args, io);
  }
  const [first] = args;
  if (first === '--version' || first === '-V') {
    await io.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (first === undefined) {
    await io.stdout.write((await import('./flags/help.ts')).shortHelp(await shared(io)));
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    const named = args.slice(1).filter((arg) => !arg.startsWith('-'));
    if (first !== 'help' || named.length === 0) {
      await io.stdout.write((await import('./flags/help.ts')).longHelp(await shared(io)));
      return 0;
    }
    return await dispatch([...named, '--help'], io);
  }
  const { parse } = await import('./flags/parse.ts');
  const group = COMMANDS.filter((command) => command.name.startsWith(`${first} `));
  if (group.length > 0 && (args[1] === '--help' || args[1] === '-h')) {
    const { groupHelp } = await import('./flags/help.ts');
    await io.stdout.write(groupHelp(group, await shared(io)));
    return 0;
  }
  const { command, values, positionals } = await parse(args);
  if (values['help'] === true) {
    const { commandHelp } = await import('./flags/help.ts');
    await io.stdout.write(commandHelp(command, Math.min(io.stdout.columns, 110), await shared(io)));
    return 0;
  }
  const { runCommand } = await import('./commands/index.ts');
  return await runCommand(command.name, values, positionals, io);
}

/** How help calls us: by a name that works here, and without paths of this machine. */
async function shared(io: Io): Promise<OwnCommand['shared']> {
  return (await import('@unleak/pre-commit')).ownCommand(io).shared;
}
