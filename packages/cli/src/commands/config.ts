import { effectiveRules, operatorFiles, originText, readSuppressionFiles, saltTag, showValues } from '@unleak/core';
import { CONFIG_CHECK, CONFIG_SHOW } from '../flags/commands.ts';
import type { Values } from '../flags/flag.ts';
import type { Io } from '../io.ts';
import { messagesFor, resolvedFor } from '../settings-session.ts';
import { writeReport } from '../terminal/write-report.ts';

/** Everything that a scan would read: configuration, rule files, ignore files, baseline. */
export async function configCheckCommand(
  values: Values<typeof CONFIG_CHECK.flags>,
  [target = '.']: readonly string[],
  io: Io,
): Promise<number> {
  const { config, values: settings, warnings } = await resolvedFor(CONFIG_CHECK.flags, values, target, io);
  const rules = await effectiveRules(config, { cwd: io.cwd, operatorFiles: operatorFiles() });
  const { entries, places } = readSuppressionFiles(config.suppressions, saltTag(config.project.salt));
  const messages = messagesFor(values, io);
  for (const warning of [...warnings, ...rules.warnings]) messages.log('warn', warning);
  const files = new Set(
    settings.flatMap(({ origin }) => (origin.kind === 'default' || origin.line === undefined ? [] : [origin.name])),
  );
  const read = [...files, ...config.suppressions.map((file) => file.name)];
  const told = read.length === 0 ? 'there is no configuration file' : `read ${read.join(', ')}`;
  await writeReport(
    [
      `no problems: ${told}; ${rules.ruleset.rules.length} rules, ${config.allow.length + entries.length + places.length} accepted entries\n`,
    ],
    undefined,
    io,
  );
  return 0;
}

export async function configShowCommand(
  values: Values<typeof CONFIG_SHOW.flags>,
  [target = '.']: readonly string[],
  io: Io,
): Promise<number> {
  const { values: settings, warnings } = await resolvedFor(CONFIG_SHOW.flags, values, target, io);
  const messages = messagesFor(values, io);
  for (const warning of warnings) messages.log('warn', warning);
  const text =
    values.json === true
      ? `${JSON.stringify(
          settings.map(({ key, value, origin }) => ({ key, value, origin: originText(origin) })),
          undefined,
          2,
        )}\n`
      : showValues(settings)
          .map((line) => `${line}\n`)
          .join('');
  await writeReport([text], undefined, io);
  return 0;
}
