/** Arguments to a command and its values, by yargs. */
import { nearest } from '@unleak/core';
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../usage-error.ts';
import { COMMANDS } from './commands.ts';
import type { Command, Flag } from './flag.ts';
import { readValues, type RawValue } from './read-values.ts';

export interface Invocation {
  readonly command: Command;
  readonly values: Record<string, unknown>;
  readonly positionals: readonly string[];
}

/** @throws UsageError */
export async function parse(args: readonly string[]): Promise<Invocation> {
  const { command, rest } = findCommand(args);
  let failure: string | undefined;
  const raw = (await base(withoutClusters(command.flags, rest))
    .options(Object.fromEntries(command.flags.map((flag) => [flag.name, yargsOption(flag)])))
    .fail((message) => {
      failure ??= message;
    })
    .parseAsync()) as Record<string, unknown>;
  refuseUnknown(command, raw);
  if (failure !== undefined) throw new UsageError(oneLine(failure));
  const values = readValues(command.flags, raw as Record<string, RawValue>);
  const positionals = [...((raw['_'] as unknown[]) ?? []), ...((raw['--'] as unknown[]) ?? [])].map(String);
  if (values['help'] !== true) checkPositionals(command, positionals);
  return { command, values, positionals };
}

function base(args: readonly string[]): Argv {
  return yargs([...args])
    .scriptName('unleak')
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
      'populate--': true,
    });
}

/** `-fjson` as `-f json`, which yargs does not read: a letter that takes a value takes the rest of its argument. */
function withoutClusters(flags: readonly Flag[], args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.flatMap((arg, i) => {
    if ((end >= 0 && i > end) || !/^-[^-]/.test(arg)) return [arg];
    for (let at = 1; at < arg.length; at++) {
      const flag = flags.find((one) => one.alias === arg[at]);
      if (flag === undefined) return [arg];
      if (flag.type === 'boolean') continue;
      const value = arg.slice(at + 1).replace(/^=/, '');
      return value === '' ? [arg] : [arg.slice(0, at + 1), value];
    }
    return [arg];
  });
}

function yargsOption(flag: Flag): { type: 'boolean' | 'string' | 'array'; string?: boolean; alias?: string } {
  return {
    type: flag.type === 'boolean' ? 'boolean' : flag.type === 'list' ? 'array' : 'string',
    ...(flag.type === 'list' ? { string: true } : {}),
    ...(flag.alias === undefined ? {} : { alias: flag.alias }),
  };
}

/** @throws UsageError for a word that is no command */
function findCommand(args: readonly string[]): { command: Command; rest: readonly string[] } {
  const [first = '', second = ''] = args;
  const one = COMMANDS.find((command) => command.name === first);
  if (one !== undefined) return { command: one, rest: args.slice(1) };
  const two = COMMANDS.find((command) => command.name === `${first} ${second}`);
  if (two !== undefined) return { command: two, rest: args.slice(2) };
  const subs = COMMANDS.filter((command) => command.name.startsWith(`${first} `)).map(
    (command) => command.name.split(' ')[1] ?? '',
  );
  if (subs.length > 0) {
    const near = nearest(second, subs);
    const what =
      second === '' || second.startsWith('-')
        ? `which one: ${orList(subs.map((sub) => `'${first} ${sub}'`))}? (${first} --help says what they do)`
        : `there is no command '${first} ${second}'`;
    throw new UsageError(`${what}${near === undefined || second === '' ? '' : `; did you mean '${first} ${near}'?`}`);
  }
  const near = nearest(first, new Set(COMMANDS.map((command) => command.name.split(' ')[0] ?? '')));
  throw new UsageError(
    `there is no command '${first}'${near === undefined ? '' : `; did you mean '${near}'?`} (--help lists them)`,
  );
}

function refuseUnknown(command: Command, raw: Readonly<Record<string, unknown>>): void {
  const known = new Set<string>(
    command.flags.flatMap((flag) => [flag.name, ...('alias' in flag && flag.alias !== undefined ? [flag.alias] : [])]),
  );
  for (const name of Object.keys(raw)) {
    if (name === '_' || name === '$0' || name === '--' || known.has(name)) continue;
    const dashes = name.length === 1 ? '-' : '--';
    const near =
      name.length === 1
        ? undefined
        : nearest(
            name,
            command.flags.map((flag) => flag.name),
          );
    throw new UsageError(
      `unknown option ${dashes}${name}${near === undefined ? ` (${command.name} --help lists them)` : `; did you mean --${near}?`}`,
    );
  }
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const required = command.positionals.filter((p) => p.required === true);
  const missing = required[given.length];
  if (missing !== undefined) throw new UsageError(`${command.name} needs <${missing.name}>: ${missing.description}`);
  const many = command.positionals.some((p) => p.many === true);
  const extra = given[command.positionals.length];
  if (!many && extra !== undefined) throw new UsageError(`${command.name} takes no further argument: '${extra}'`);
}

function orList(items: readonly string[]): string {
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`;
}

function oneLine(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}
