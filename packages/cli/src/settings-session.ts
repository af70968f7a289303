/** The configuration and rules of commands that scan nothing. */
import { resolve } from 'node:path';
import { effectiveRules, operatorFiles, resolveConfig, type ResolvedConfig, type Ruleset } from '@unleak/core';
import { configTarget } from './config-target.ts';
import { settingsOf } from './flags/settings.ts';
import type { Flag } from './flags/flag.ts';
import type { Io } from './io.ts';
import { configAmbient } from './session.ts';
import { createMessages, type Messages } from './terminal/messages.ts';

export interface RunValues {
  readonly quiet?: true;
  readonly 'log-level'?: 'debug' | 'info' | 'warn';
  readonly config?: string;
  readonly 'trust-target-config'?: true;
}

export function messagesFor(values: RunValues, io: Io): Messages {
  return createMessages(io, { quiet: values.quiet === true, level: values['log-level'] ?? 'warn' });
}

/** `target`: whose own configuration counts, too; a path. */
export async function resolvedFor(
  flags: readonly Flag[],
  values: RunValues,
  target: string,
  io: Io,
  creates?: 'baseline' | 'ignore-file',
): Promise<ResolvedConfig> {
  return resolveConfig({
    flags: settingsOf(flags, { ...values }),
    config: values.config,
    trustTargetConfig: values['trust-target-config'],
    ambient: configAmbient(io),
    operatorFiles: operatorFiles(),
    target: await configTarget([resolve(io.cwd, target)], false, messagesFor(values, io)),
    creates,
  });
}

export async function rulesFor(flags: readonly Flag[], values: RunValues, io: Io): Promise<Ruleset> {
  const { config, warnings } = await resolvedFor(flags, values, '.', io);
  const rules = await effectiveRules(config, { cwd: io.cwd, operatorFiles: operatorFiles() });
  const messages = messagesFor(values, io);
  for (const warning of [...warnings, ...rules.warnings]) messages.log('warn', warning);
  return rules.ruleset;
}
