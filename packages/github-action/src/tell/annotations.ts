/**
 * Annotations: what GitHub shows beside the lines of a change. Of each level it shows ten for a step and drops the rest
 * without a word, so no more are written, and how many there would be is told in the summary.
 */
import { filePath, firstSeen, neutralise, primarySighting, shortCommit, type Finding } from '@unleak/core';
import type { Notice } from '../types.ts';
import { annotationCommand } from './command.ts';
import type { Outcome } from './options.ts';
import { adviceText, headPlace, revokeUrl, statusText } from './words.ts';

type Level = Notice['level'];
export type Room = Readonly<Record<Level, number>>;

/** Of each level, for one step of a job. */
export const SHOWN_BY_GITHUB = 10;

export interface Annotations {
  readonly commands: readonly string[];
  /** Findings that there was no room for. */
  readonly left: number;
}

/** `room`: how many of each level may still be written. Findings of a sorted report come in the order of their weight. */
export function annotations(outcome: Outcome, room: Room): Annotations {
  const left = { ...room };
  const commands: string[] = [];
  const { findings } = outcome.report;
  for (const finding of findings) {
    const level = levelOf(finding, outcome);
    if (left[level] <= 0) continue;
    left[level]--;
    commands.push(annotation(finding, level, outcome));
  }
  return { commands, left: findings.length - commands.length };
}

function levelOf(finding: Finding, { fails }: Outcome): Level {
  if (fails(finding)) return 'error';
  return finding.confidence === 'low' || finding.severity === 'low' ? 'notice' : 'warning';
}

function annotation(finding: Finding, level: Level, { plan }: Outcome): string {
  const place = headPlace(finding);
  const text = [
    `${finding.title} ${statusText(finding, plan)}.`,
    ...(place === undefined ? whereItWas(finding) : [...unshown(place.file), ...others(finding)]),
    adviceText(finding),
    ...(revokeUrl(finding) === undefined ? [] : [`Where to revoke it: ${revokeUrl(finding) ?? ''}`]),
    `Id: ${finding.id}`,
  ].join(' ');
  return annotationCommand(level, text, finding.title, place);
}

/** It has no line to stand beside. */
function whereItWas(finding: Finding): readonly string[] {
  const sighting = primarySighting(finding);
  if (sighting === undefined) return [];
  const first = firstSeen(finding);
  const commit = first === undefined ? '' : ` (commit ${shortCommit(first.commit)})`;
  return sighting.path === ''
    ? [`Since commit ${first?.commit ?? ''}.`]
    : [`It was in ${filePath(sighting)}${commit}.`];
}

/** GitHub is given no path that would have to be shown in another way than it is. */
function unshown(file: string): readonly string[] {
  return neutralise(file) === file ? [] : [`It is in ${file}.`];
}

function others({ sightingCount }: Finding): readonly string[] {
  return sightingCount === 1 ? [] : [`It is in ${sightingCount} places.`];
}
