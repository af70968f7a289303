import { UsageError } from '../usage-error.ts';
import type { Flag } from './flag.ts';

/** What a parser gives for one flag: repeated flags may give lists. */
export type RawValue = string | boolean | readonly (string | boolean)[] | undefined;

/**
 * Values by name, with their types, whichever parser read them. Of a flag that takes one value the last one counts.
 * @throws UsageError
 */
export function readValues(flags: readonly Flag[], raw: Readonly<Record<string, RawValue>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const flag of flags) {
    const given = raw[flag.name];
    if (given === undefined) continue;
    if (flag.type === 'list') {
      const items = [given].flat().map((item) => text(flag, item));
      if (items.length > 0) values[flag.name] = items;
      continue;
    }
    const last = Array.isArray(given) ? (given as readonly (string | boolean)[]).at(-1) : (given as string | boolean);
    const value = flag.type === 'boolean' ? truth(flag, last) : single(flag, text(flag, last));
    if (value !== undefined) values[flag.name] = value;
  }
  return values;
}

function text(flag: Flag, value: string | boolean | undefined): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${flag.name} needs a value`);
  return value;
}

/** `--flag=false` is the same as no flag. */
function truth(flag: Flag, value: string | boolean | undefined): true | undefined {
  if (value === true || value === 'true' || value === '') return true;
  if (value === false || value === 'false' || value === undefined) return undefined;
  throw new UsageError(`--${flag.name} takes no value`);
}

function single(flag: Flag, value: string): string | number {
  if (flag.type === 'number') return wholeNumber(flag, value);
  if (flag.choices !== undefined && !flag.choices.includes(value))
    throw new UsageError(`--${flag.name} takes ${list(flag.choices)}, not '${value}'`);
  return value;
}

function list(choices: readonly string[]): string {
  return choices.length === 1 ? (choices[0] ?? '') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
}

function wholeNumber(flag: Flag, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--${flag.name} takes a whole number, not '${value}'`);
  return Number(value);
}
