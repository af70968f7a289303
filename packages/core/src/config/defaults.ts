import type { FailOn } from '../reports/exit-code.ts';
import type { Confidence, Severity } from '../types/index.ts';
import type { OnTimeout } from './schema.ts';

export interface Defaults {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly failOn: FailOn;
  readonly maxFileSize: number;
  readonly maxDecodeDepth: number;
  readonly gitignore: boolean;
  readonly inline: boolean;
  readonly ignoreFile: string;
  readonly budget: string;
  readonly pushBudget: string;
  readonly onTimeout: OnTimeout;
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
  budget: '2s',
  pushBudget: '30s',
  onTimeout: 'pass',
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

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `2s`, `500ms`, `1.5 m`: in milliseconds. The schema has checked the form. */
export function parseDuration(duration: string): number {
  const [, digits = '0', unit = ''] = /^([0-9.]+) ?(ms|s|m)$/.exec(duration) ?? [];
  return Number(digits) * (MILLISECONDS[unit] ?? 1);
}

/** `10MiB`, `1.5 GB`, `300k`: in bytes. The schema has checked the form. */
export function parseSize(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, digits = '0', unit = ''] = /^([0-9.]+) ?([kKMG]?i?)B?$/.exec(size) ?? [];
  return Math.floor(Number(digits) * (UNITS[unit.replace('K', 'k')] ?? 1));
}
