/** What somebody reads whose commit was stopped, and who has perhaps never heard of us. */
import { neutralise, type Finding } from '@unleak/core';

export interface StopMessageOptions {
  /** What was stopped. */
  readonly action: 'commit' | 'push';
  /** Those that stop it, worst first. */
  readonly findings: readonly Finding[];
}

/** Whole lines, with a line break at the end. */
export function stopMessage({ action, findings }: StopMessageOptions): string {
  const many = findings.length === 1 ? 'a credential' : `${findings.length} credentials`;
  return [
    `unleak: this ${action} is stopped: it would bring in ${many}`,
    ...findings.map(
      ({ title, secret, sightings }) =>
        `  ${neutralise(`${sightings[0]?.path ?? ''}:${sightings[0]?.line ?? 0}  ${title}  ${secret}`)}`,
    ),
    '',
  ].join('\n');
}
