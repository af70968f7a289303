import type { FailOn } from '../reports/exit-code.ts';
import type { Confidence, Severity } from '../types/index.ts';

export interface Defaults {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly failOn: FailOn;
  readonly maxFileSize: number;
  readonly maxDecodeDepth: number;
  readonly gitignore: boolean;
  readonly inline: boolean;
  readonly ignoreFile: string;
  readonly exitCode: number;
  readonly strict: boolean;
}

/** What holds where nobody said anything. */
export const DEFAULTS: Defaults = {
  severity: 'low',
  confidence: 'medium',
  failOn: 'medium',
  maxFileSize: 512 * 1024 * 1024,
  maxDecodeDepth: 3,
  gitignore: true,
  inline: true,
  ignoreFile: '.unleakignore',
  exitCode: 1,
  strict: false,
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** `10MiB`, `1.5 GB`, `300k`: in bytes. The schema has checked the form. */
export function parseSize(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, digits = '0', unit = ''] = /^([0-9.]+) ?([kKMG]?i?)B?$/.exec(size) ?? [];
  return Math.floor(Number(digits) * (UNITS[unit.replace('K', 'k')] ?? 1));
}
