import { CONFIDENCES, SETTINGS, SEVERITIES } from '@unleak/core';
import { expect, test } from 'vitest';
import { GITLEAKS_COMMANDS } from '../compat/gitleaks/flags.ts';
import { COMMANDS } from './commands.ts';
import type { Flag } from './flag.ts';
import { commandHelp } from './help.ts';
import { PRE_COMMIT_FLAGS, PRE_PUSH_FLAGS } from './hook.ts';
import { SCAN_FLAGS } from './scan.ts';
import { settingsOf } from './settings.ts';

const all = [...COMMANDS, ...GITLEAKS_COMMANDS];

test('within a command no name and no letter stands for two flags', () => {
  for (const { name, flags } of all) {
    const names = flags.map((flag) => flag.name);
    const letters = flags.flatMap((flag) => ('alias' in flag && flag.alias !== undefined ? [flag.alias] : []));
    expect(new Set(names).size, name).toBe(names.length);
    expect(new Set(letters).size, name).toBe(letters.length);
  }
});

test('every setting of the configuration can be given to scan, or to the hook that it is for', () => {
  const opposites: Readonly<Record<string, string>> = { gitignore: 'no-ignore', inline: 'no-inline-ignore' };
  const names = (flags: readonly Flag[]): ReadonlySet<string> => new Set(flags.map((flag) => flag.name));
  const missing = (hook: boolean, flags: readonly Flag[]): readonly string[] =>
    SETTINGS.filter(({ key }) => key.startsWith('hook.') === hook)
      .map(({ flag }) => opposites[flag] ?? flag)
      .filter((flag) => !names(flags).has(flag));
  expect(missing(false, SCAN_FLAGS)).toEqual([]);
  expect(missing(true, [...PRE_COMMIT_FLAGS, ...PRE_PUSH_FLAGS])).toEqual([]);
});

test('what a flag says of its key and variable is what the resolver reads', () => {
  const flags: readonly Flag[] = [...SCAN_FLAGS, ...PRE_COMMIT_FLAGS, ...PRE_PUSH_FLAGS];
  for (const flag of flags) {
    const setting = SETTINGS.find((one) => one.flag === flag.name);
    if (setting !== undefined)
      expect({ env: flag.env, config: flag.config }).toEqual({ env: setting.env, config: setting.key });
  }
});

test('choices are those of core', () => {
  const flags: readonly Flag[] = SCAN_FLAGS;
  const choices = (name: string): readonly string[] | undefined => flags.find((flag) => flag.name === name)?.choices;
  expect(choices('confidence')).toEqual(CONFIDENCES);
  expect(choices('min-severity')).toEqual(SEVERITIES);
});

test('only settings are given to the resolver, and opposites as such', () => {
  expect(
    settingsOf(SCAN_FLAGS, {
      staged: true,
      'no-ignore': true,
      'no-inline-ignore': true,
      baseline: 'b.txt',
      output: '-',
      workers: 3,
    }),
  ).toEqual({ gitignore: false, inline: false, baseline: 'b.txt', workers: 3 });
});

test.each([40, 80, 110])('help fits %i columns, but for what cannot be broken', (width) => {
  for (const command of all) {
    const long = commandHelp(command, width)
      .split('\n')
      .filter(
        (line) => line.length > Math.max(width, 64) && !line.startsWith('  unleak') && line.trim().includes('  '),
      );
    expect(long, command.name).toEqual([]);
  }
});
