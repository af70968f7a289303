/** Arguments as gitleaks reads them: values behind `=` or in the next argument, clusters of letters, the last one wins. */
import { nearest } from '@unleak/core';
import { readValues, type RawValue } from '../../flags/read-values.ts';
import type { Flag } from '../../flags/flag.ts';
import { UsageError } from '../../usage-error.ts';
import { WITHOUT_VALUE } from './flags.ts';

/** gitleaks tells this mistake from all others by its exit code. */
export class UnknownFlagError extends UsageError {}

export interface GitleaksArguments {
  readonly values: Record<string, unknown>;
  readonly positionals: readonly string[];
}

/** @throws UsageError; UnknownFlagError for a long flag that does not exist */
export function readArguments(flags: readonly Flag[], args: readonly string[]): GitleaksArguments {
  const raw: Record<string, RawValue> = {};
  const positionals: string[] = [];
  const give = (flag: Flag, value: string): void => {
    if (flag.type === 'list')
      raw[flag.name] = [
        ...((raw[flag.name] as string[] | undefined) ?? []),
        ...value.split(',').filter((item) => item !== ''),
      ];
    else raw[flag.name] = value;
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const next = (flag: Flag): string => {
      const value = args[++at];
      if (value === undefined) throw new UsageError(`flag needs an argument: --${flag.name}`);
      return value;
    };
    if (arg === '--') {
      positionals.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name, value] = cut(arg.slice(2));
      const flag = flags.find((one) => one.name === name);
      if (flag === undefined) throw unknown(name, flags);
      give(flag, value ?? bare(flag) ?? next(flag));
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let letter = 1; letter < arg.length; letter++) {
        const flag = flags.find((one) => one.alias === arg[letter]);
        if (flag === undefined) throw new UsageError(`unknown shorthand flag: '${arg[letter] ?? ''}' in ${arg}`);
        const rest = arg.slice(letter + 1);
        const value = rest.startsWith('=') ? rest.slice(1) : undefined;
        if (value === undefined && bare(flag) !== undefined) {
          give(flag, bare(flag) ?? '');
          continue;
        }
        give(flag, value ?? (rest === '' ? next(flag) : rest));
        break;
      }
    } else positionals.push(arg);
  }
  return { values: readValues(flags, raw), positionals };
}

function cut(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** What a flag says when no value is given with it. */
function bare(flag: Flag): string | undefined {
  return flag.type === 'boolean' ? 'true' : WITHOUT_VALUE[flag.name];
}

function unknown(name: string, flags: readonly Flag[]): UnknownFlagError {
  const near = nearest(
    name,
    flags.map((flag) => flag.name),
  );
  return new UnknownFlagError(`unknown flag: --${name}${near === undefined ? '' : `; did you mean --${near}?`}`);
}
