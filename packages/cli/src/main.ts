/**
 * Every command but the short ways of entry.ts: reads the arguments, runs the command, and turns whatever goes wrong
 * into one line and an exit code.
 */
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
    await io.stdout.write(shortHelp());
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    const named = args.slice(1).filter((arg) => !arg.startsWith('-'));
    if (first !== 'help' || named.length === 0) {
      await io.stdout.write(longHelp());
      return 0;
    }
    return await dispatch([...named, '--help'], io);
  }
  const { parse } = await import('./flags/parse.ts');
  const group = COMMANDS.filter((command) => command.name.startsWith(`${first} `));
  if (group.length > 0 && (args[1] === '--help' || args[1] === '-h')) {
    await io.stdout.write(group.map(line).join(''));
    return 0;
  }
  const { command, values, positionals } = await parse(args);
  if (values['help'] === true) {
    const { commandHelp } = await import('./flags/help.ts');
    await io.stdout.write(commandHelp(command, Math.min(io.stdout.columns, 110)));
    return 0;
  }
  const { runCommand } = await import('./commands/index.ts');
  return await runCommand(command.name, values, positionals, io);
}

function shortHelp(): string {
  return [
    'unleak finds every leaked credential in files and git history.',
    '',
    '  unleak scan                                  this directory; a repository with its whole history',
    '  unleak scan --staged                         what the next commit brings in',
    '  unleak scan https://github.com/acme/app      a repository by URL',
    '',
    'unleak --help lists all commands, unleak <command> --help says more about one.',
    '',
  ].join('\n');
}

function longHelp(): string {
  return [
    'unleak <command> [options]\n\n',
    'Commands:\n',
    ...COMMANDS.map(line),
    '\nIn place of gitleaks, with its flags, files, formats and exit codes:\n',
    '  git, dir, stdin, detect, protect, version\n',
    '\nExamples:\n',
    '  unleak scan\n  unleak scan --staged\n  unleak scan https://github.com/acme/app\n',
    '\nunleak <command> --help says more about one. unleak --version tells the version.\n',
  ].join('');
}

function line(command: (typeof COMMANDS)[number]): string {
  return `  ${command.name.padEnd(15)} ${command.description}\n`;
}
