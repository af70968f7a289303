/** The table as Node's own parser takes it: for the hook, which cannot wait for yargs to load. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Flag } from './flag.ts';
import { readValues } from './read-values.ts';

export interface ShortParse {
  readonly values: Record<string, unknown>;
  readonly positionals: readonly string[];
}

/** `undefined` when the arguments are not plain flags of the table: the full parser then says what is wrong. */
export function shortParse(flags: readonly Flag[], args: readonly string[]): ShortParse | undefined {
  // What hooks call takes no parser at all.
  if (args.every((arg) => flags.some((flag) => flag.type === 'boolean' && arg === `--${flag.name}`)))
    return { values: Object.fromEntries(args.map((arg) => [arg.slice(2), true])), positionals: [] };
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const flag of flags) {
    options[flag.name] = {
      type: flag.type === 'boolean' ? 'boolean' : 'string',
      ...(flag.alias === undefined ? {} : { short: flag.alias }),
      ...(flag.type === 'list' ? { multiple: true } : {}),
    };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values: readValues(flags, values), positionals };
  } catch {
    return undefined;
  }
}
