import { neutralise } from '../../bytes/display.ts';
import type { Finding } from '../../types/finding.ts';
import type { CommitRef, Sighting } from '../../types/sighting.ts';
import { advise } from '../advice.ts';
import { day, firstSeen, isPresent, lastSeen, presence, presenceText, removedBy, shortCommit } from '../place.ts';
import { clip, grouped, plural, wrap } from './layout.ts';
import type { Style } from './style.ts';

const PLACES = 5;
const LABEL = 14;

/** The lines about one credential, without a line break at the end. */
export function findingLines(finding: Finding, style: Style, width: number): readonly string[] {
  const column = Math.max(20, width - LABEL);
  const first = firstSeen(finding);
  const last = lastSeen(finding);
  const removed = removedBy(finding);
  return [
    heading(finding, style),
    ...row('secret', [secret(finding)]),
    ...(finding.context === '' ? [] : row('match', [style.dim(clip(neutralise(finding.context), column))])),
    ...row('where', places(finding, style)),
    ...(first === undefined ? [] : row('first seen', [commit(first)])),
    ...(last === undefined ? [] : row('last seen', [commit(last)])),
    ...(removed === undefined ? [] : row('removed', [commit(removed)])),
    ...row('status', [status(finding)]),
    ...row('next', wrap(neutralise(advise(finding)), column)),
    ...row('id', [
      style.dim(neutralise([`${finding.id}, rule ${finding.ruleId}`, ...finding.alsoMatched].join(', also '))),
    ]),
  ];
}

function row(label: string, values: readonly string[]): readonly string[] {
  return values.map((value, index) => `  ${(index === 0 ? label : '').padEnd(LABEL - 2)}${value}`);
}

function heading(finding: Finding, style: Style): string {
  const certainty = finding.confidence === 'high' ? '' : ` (${finding.confidence} confidence)`;
  return `${style.severity(finding.severity, finding.severity.toUpperCase())}  ${style.bold(neutralise(finding.title))}${certainty}`;
}

function secret(finding: Finding): string {
  const about = [
    plural(finding.secretLength, 'byte'),
    ...(finding.name === undefined ? [] : [`held by ${finding.name}`]),
  ];
  const parts = Object.entries(finding.parts).map(([name, value]) => `${name} ${value}`);
  return neutralise(`${finding.secret} (${[...about, ...parts].join(', ')})`);
}

function status(finding: Finding): string {
  const verdict = finding.verdict.state === 'unverified' ? '' : `${finding.verdict.state}; `;
  return verdict + presenceText(presence(finding));
}

function commit(ref: CommitRef): string {
  return neutralise(`${day(ref.date)} by ${ref.author} in ${shortCommit(ref.commit)}`);
}

/** Present places first: they are the ones to edit. */
function places(finding: Finding, style: Style): readonly string[] {
  const ordered = [...finding.sightings.filter(isPresent), ...finding.sightings.filter((s) => !isPresent(s))];
  const shown = ordered.slice(0, PLACES).map((sighting) => neutralise(place(sighting)));
  const rest = finding.sightingCount - shown.length;
  return rest > 0 ? [...shown, style.dim(`and ${grouped(rest)} more ${rest === 1 ? 'place' : 'places'}`)] : shown;
}

function place(sighting: Sighting): string {
  const at = `${sighting.line}:${sighting.column}`;
  const decoded =
    sighting.decoded === undefined || sighting.decoded.length === 0
      ? ''
      : `, inside ${sighting.decoded.join(' inside ')}`;
  switch (sighting.kind) {
    case 'file':
      return `${sighting.path}:${at}${decoded}`;
    case 'stdin':
      return `${sighting.path === '' ? 'standard input' : sighting.path}:${at}${decoded}`;
    case 'staged':
      return `${sighting.path}:${at}${decoded}, staged${alreadyIn(sighting.alreadyIn)}`;
    case 'git':
      return `${sighting.path}:${at}${decoded}, ${interval(sighting)}`;
    case 'commit-message':
      return `message of commit ${shortCommit(sighting.commit)}, line ${sighting.line}${decoded}`;
    case 'tag-message':
      return `message of tag ${sighting.tag ?? shortCommit(sighting.commit)}, line ${sighting.line}${decoded}`;
    case 'git-unreachable':
      return `unreachable object ${shortCommit(sighting.blob)}, line ${sighting.line}${decoded}`;
    case 'git-object':
      return `object ${shortCommit(sighting.blob)}, line ${sighting.line}${decoded}`;
  }
}

function alreadyIn(paths: readonly string[] | undefined): string {
  return paths === undefined || paths.length === 0 ? '' : `, already in ${paths.join(', ')}`;
}

function interval(sighting: Extract<Sighting, { kind: 'git' }>): string {
  if (sighting.inHead) return 'in HEAD';
  if (sighting.removed !== undefined) {
    return `removed ${day(sighting.removed.date)} by ${sighting.removed.author} in ${shortCommit(sighting.removed.commit)}`;
  }
  return sighting.branches.length === 0 ? 'not in HEAD' : `in ${sighting.branches.join(', ')}`;
}
