/** What is said of one finding: where, what, why, and what to write in its place. */
import { neutralise, plural, wrap, type Finding, type Style } from '@unleak/core';
import { envNameOf } from '../language/env-name.ts';
import { isDotenv, isDotenvExample, languageOf, type Language } from '../language/languages.ts';
import { fileOf, isKeyFile, placeText } from './places.ts';
import { shellPath } from './shell.ts';
import { whyText } from './why.ts';

const LABEL = 12;
const PLACES = 3;

/** A sentence, which is wrapped, or something to copy, which is not. */
type Part = string | { readonly copy: string };

export interface FindingLinesOptions {
  readonly action: 'commit' | 'push';
  readonly width: number;
  readonly style: Style;
  /** How this program is called. */
  readonly command: string;
  /** What `--fix` would call the variable, where it can take the finding out. */
  readonly variable: string | undefined;
}

export function findingLines(finding: Finding, options: FindingLinesOptions): readonly string[] {
  const { action, width, style, command, variable } = options;
  const column = Math.max(20, width - LABEL);
  const row = (label: string, ...parts: readonly Part[]): readonly string[] =>
    parts
      .flatMap((part) =>
        typeof part === 'string' ? wrap(neutralise(part), column) : [style.bold(neutralise(part.copy))],
      )
      .map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL - 2)}${line}`);
  const shown = finding.sightings.slice(0, PLACES);
  const [first = '', ...others] = shown.map((sighting) => neutralise(placeText(sighting)));
  const rest = finding.sightingCount - shown.length;
  return [
    `${style.bold(first)}  ${style.severity(finding.severity, neutralise(finding.title))}`,
    ...others.flatMap((place) => row('', `also ${place}`)),
    ...(rest > 0 ? row('', `and in ${plural(rest, 'more place', 'more places')}`) : []),
    ...row('value', valueText(finding)),
    ...row('why', whyText(finding)),
    ...row('instead', ...insteadParts(finding, action, variable ?? envNameOf(finding))),
    ...row('not one?', ...acceptParts(finding, command)),
  ];
}

function valueText({ secret, secretLength, name, sightings }: Finding): string {
  const decoded = sightings[0]?.decoded ?? [];
  return [
    `${secret} (${plural(secretLength, 'byte')}`,
    name === undefined ? '' : `, held by ${name}`,
    decoded.length === 0 ? ')' : `, inside ${decoded.join(' inside ')})`,
  ].join('');
}

/** How to go on without the value in the file. */
function insteadParts(finding: Finding, action: 'commit' | 'push', variable: string): readonly Part[] {
  const path = fileOf(finding);
  if (path === '') return ['Write the message anew, without it.'];
  if (isDotenvExample(path)) return ['Leave the value empty: an example says which variables there are.'];
  const isKey = isKeyFile(finding);
  if (isKey || isDotenv(path)) {
    const what = isKey ? 'Take the file out of git' : 'Keep this file on your machine, and out of git';
    return [
      action === 'commit' ? `${what}; it stays where it is:` : `${what}, in each commit that has it:`,
      { copy: `git rm --cached -- ${shellPath(path) ?? '<that file>'}` },
      `and name it in .gitignore.${isKey ? '' : ' Commit an example without values.'}`,
    ];
  }
  return readParts(languageOf(path), variable);
}

function readParts({ name, read, hint }: Language, variable: string): readonly Part[] {
  if (read === undefined) return [`${upperFirst(hint ?? '')}.`];
  return [
    `Read it from the environment. In ${name}:`,
    { copy: read(variable) },
    ...(hint === undefined ? [] : [`${hint}.`]),
  ];
}

function acceptParts(finding: Finding, command: string): readonly Part[] {
  const { comment } = languageOf(fileOf(finding));
  const byId = { copy: `${command} ignore ${finding.id} --reason "…"` };
  if (comment === undefined || isKeyFile(finding) || fileOf(finding) === '') return [byId];
  return [
    'Say so in the line above, with a reason:',
    { copy: comment(`unleak:allow[${finding.ruleId}] reason="…"`) },
    'or for every place of it:',
    byId,
  ];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
