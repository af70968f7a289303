/** What is said of one finding: where, what, why, and what to write in its place. */
import { neutralise, plural, wrap, type Finding, type Style } from '@unleak/core';
import { envNameOf } from '../language/env-name.ts';
import { isDotenv, languageOf, type Language } from '../language/languages.ts';
import { fileOf, isKeyFile, placeText } from './places.ts';
import { shellPath } from './shell.ts';
import { whyText } from './why.ts';

const LABEL = 12;
const PLACES = 3;

export function findingLines(
  finding: Finding,
  action: 'commit' | 'push',
  width: number,
  style: Style,
): readonly string[] {
  const column = Math.max(20, width - LABEL);
  const row = (label: string, text: string): readonly string[] =>
    wrap(text, column).map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL - 2)}${line}`);
  const shown = finding.sightings.slice(0, PLACES);
  const [first = '', ...others] = shown.map((sighting) => neutralise(placeText(sighting)));
  const rest = finding.sightingCount - shown.length;
  return [
    `${style.bold(first)}  ${style.severity(finding.severity, neutralise(finding.title))}`,
    ...others.flatMap((place) => row('', `also ${place}`)),
    ...(rest > 0 ? row('', `and in ${plural(rest, 'more place', 'more places')}`) : []),
    ...row('value', neutralise(valueText(finding))),
    ...row('why', whyText(finding)),
    ...row('instead', neutralise(insteadText(finding, action))),
    ...row('not one?', neutralise(acceptText(finding))),
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
function insteadText(finding: Finding, action: 'commit' | 'push'): string {
  const path = fileOf(finding);
  if (path === '') return 'Write the message anew, without it.';
  if (isKeyFile(finding)) return keyFileText(path, action);
  const language = languageOf(path);
  return isDotenv(path) && action === 'commit' ? dotenvText(path) : readText(language, envNameOf(finding));
}

function keyFileText(path: string, action: 'commit' | 'push'): string {
  const name = shellPath(path);
  const command = name === undefined ? 'git rm --cached with its name' : `git rm --cached -- ${name}`;
  return action === 'commit'
    ? `Take the file out of git, it stays on your disk: ${command}. Then name it in .gitignore.`
    : `Take the file out of the commits that are not pushed yet (${command}), and name it in .gitignore.`;
}

function dotenvText(path: string): string {
  const name = shellPath(path);
  const command = name === undefined ? 'git rm --cached with its name' : `git rm --cached -- ${name}`;
  return `Keep this file on your machine: ${command}, and name it in .gitignore. Commit an example without values.`;
}

function readText({ name, read, hint }: Language, variable: string): string {
  if (read === undefined) return `${upperFirst(hint ?? '')}.`;
  return `Read it from the environment. In ${name}: ${read(variable)}${hint === undefined ? '' : `, ${hint}`}`;
}

function acceptText(finding: Finding): string {
  const { comment } = languageOf(fileOf(finding));
  const byId = `unleak ignore ${finding.id} --reason "…"`;
  if (comment === undefined || isKeyFile(finding) || fileOf(finding) === '') return byId;
  return `${comment(`unleak:allow[${finding.ruleId}] reason="…"`)} in the line above; or ${byId}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
