import { neutralise, type Rule } from '@unleak/core';
import { RULES_LIST } from '../flags/commands.ts';
import type { Values } from '../flags/flag.ts';
import type { Io } from '../io.ts';
import { rulesFor } from '../settings-session.ts';
import { writeReport } from '../terminal/write-report.ts';

export async function rulesListCommand(
  values: Values<typeof RULES_LIST.flags>,
  _positionals: readonly string[],
  io: Io,
): Promise<number> {
  const { rules } = await rulesFor(RULES_LIST.flags, values, io);
  const text = values.json === true ? `${JSON.stringify(rules.map(listed), undefined, 2)}\n` : table(rules);
  await writeReport([text], undefined, io);
  return 0;
}

function listed({ id, title, provider, providerName, kind, severity, confidence, rank, tags }: Rule): object {
  return { id, title, provider, providerName, kind, severity, confidence, rank, tags };
}

function table(rules: readonly Rule[]): string {
  const width = rules.reduce((most, rule) => Math.max(most, rule.id.length), 0);
  const lines = rules.map(
    (rule) =>
      `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.confidence.padEnd(6)}  ${neutralise(rule.title)}`,
  );
  const providers = new Set(rules.map((rule) => rule.provider)).size;
  return `${[...lines, '', `${rules.length} rules of ${providers} providers`].join('\n')}\n`;
}
