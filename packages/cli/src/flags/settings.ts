import { SETTINGS, type FlagValue } from '@unleak/core';
import type { Flag } from './flag.ts';

/** Flags that say the opposite of a setting. */
const NEGATED: Readonly<Record<string, string>> = { 'no-ignore': 'gitignore', 'no-inline-ignore': 'inline' };

/** Of the given values those that are settings, by the names that the configuration knows them by. */
export function settingsOf(
  flags: readonly Flag[],
  values: Readonly<Record<string, unknown>>,
): Record<string, FlagValue> {
  const settings: Record<string, FlagValue> = {};
  for (const { name } of flags) {
    const value = values[name] as FlagValue;
    // `-` is standard output, which is no file.
    if (value === undefined || (name === 'output' && value === '-')) continue;
    const negated = NEGATED[name];
    if (negated !== undefined) settings[negated] = false;
    else if (SETTINGS.some((setting) => setting.flag === name)) settings[name] = value;
  }
  return settings;
}
