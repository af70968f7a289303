import { nearest, neutralise, type Rule } from '@unleak/core';
import { ownCommand } from '@unleak/pre-commit';
import { RULES_SHOW } from '../flags/commands.ts';
import type { Values } from '../flags/flag.ts';
import type { Io } from '../io.ts';
import { rulesFor } from '../settings-session.ts';
import { writeReport } from '../terminal/write-report.ts';
import { UsageError } from '../usage-error.ts';

export async function rulesShowCommand(
  values: Values<typeof RULES_SHOW.flags>,
  [id = '']: readonly string[],
  io: Io,
): Promise<number> {
  const { rules } = await rulesFor(RULES_SHOW.flags, values, io);
  const found = rules.filter(
    (rule) => rule.id === id || [...(rule.aliases.gitleaks ?? []), ...(rule.aliases.betterleaks ?? [])].includes(id),
  );
  if (found.length === 0) {
    const near = nearest(
      id,
      rules.map((rule) => rule.id),
    );
    throw new UsageError(
      `there is no rule '${id}'${near === undefined ? '' : `; did you mean '${near}'?`} (${ownCommand(io).typed} rules list names them)`,
    );
  }
  const text =
    values.json === true
      ? `${JSON.stringify(found.length === 1 ? found[0] : found, undefined, 2)}\n`
      : found.map(shown).join('\n');
  await writeReport([text], undefined, io);
  return 0;
}

function shown(rule: Rule): string {
  const { aliases } = rule;
  const rows: readonly (readonly [string, string])[] = [
    ['id', rule.id],
    ['title', rule.title],
    ['provider', `${rule.providerName} (${rule.provider})`],
    ['kind', rule.kind],
    ['severity', rule.severity],
    ['confidence', rule.confidence],
    ['rank', rule.rank],
    ['keywords', rule.keywords.join(', ')],
    ['pattern', rule.pattern],
    ['reach', `${rule.reach.class}: ${rule.reach.back} bytes before a keyword, ${rule.reach.forward} from it`],
    ['gate', rule.gate ?? ''],
    ['checksum', rule.checksum ?? ''],
    ['entropy', rule.minEntropy === undefined ? '' : `at least ${rule.minEntropy} bits per byte`],
    ['length', rule.minLength === undefined ? '' : `at least ${rule.minLength} bytes`],
    [
      'filters',
      [rule.placeholders ? 'placeholders' : '', rule.words ? 'words' : ''].filter((name) => name !== '').join(', '),
    ],
    ['paths', pathText(rule)],
    ['with', rule.companions.map((c) => `${c.name}${c.required ? '' : ' (if there is one)'}`).join(', ')],
    ['identity', rule.identity],
    ['tags', rule.tags.join(', ')],
    ['gitleaks', (aliases.gitleaks ?? []).join(', ')],
    ['betterleaks', (aliases.betterleaks ?? []).join(', ')],
    ['console', rule.console ?? ''],
    ['references', rule.references.join(' ')],
  ];
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(12)}${neutralise(value)}\n`)
    .join('');
}

function pathText({ paths, pathPattern }: Rule): string {
  const parts = [
    paths?.only === undefined ? '' : `only ${paths.only.join(' ')}`,
    paths?.except === undefined ? '' : `not ${paths.except.join(' ')}`,
    paths?.raise === undefined ? '' : `surer on ${paths.raise.join(' ')}`,
    pathPattern === undefined ? '' : `matching ${pathPattern}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
