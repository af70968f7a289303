import { SEVERITIES, type Severity } from '../types/rule.ts';
import type { Finding } from '../types/finding.ts';
import type { Report } from '../types/report.ts';
import { compareConfidence, compareSeverity } from './order.ts';
import { isPresent } from './place.ts';

/**
 * Which findings fail a run. `low`, `medium`, `high`: the least confidence. `present`: at least medium, and still in
 * HEAD, a file, the index or on standard input. `none`: no finding does.
 */
export const FAIL_ON = ['low', 'medium', 'high', 'present', 'none'] as const;
export type FailOn = (typeof FAIL_ON)[number];

export interface FailPolicy {
  readonly failOn: FailOn;
  /** The least severity that fails a run. */
  readonly minSeverity: Severity;
}

export const DEFAULT_FAIL_POLICY: FailPolicy = { failOn: 'medium', minSeverity: SEVERITIES[3] };

export interface ExitOptions extends FailPolicy {
  /** What was excluded by policy counts as not scanned. */
  readonly strict: boolean;
  /** Replaces 1. */
  readonly exitCode: number;
}

export const DEFAULT_EXIT_OPTIONS: ExitOptions = { ...DEFAULT_FAIL_POLICY, strict: false, exitCode: 1 };

export function fails(finding: Finding, policy: FailPolicy): boolean {
  if (policy.failOn === 'none' || compareSeverity(finding.severity, policy.minSeverity) > 0) return false;
  if (policy.failOn === 'present') {
    return compareConfidence(finding.confidence, 'medium') <= 0 && finding.sightings.some(isPresent);
  }
  return compareConfidence(finding.confidence, policy.failOn) <= 0;
}

/**
 * 130 interrupted; 1 (or `exitCode`) when a finding fails the run, complete or not; 2 when nothing does but the scan is
 * incomplete; else 0. Wrong usage is the caller's 2.
 */
export function exitCode(report: Report, options: ExitOptions): number {
  if (report.summary.interrupted) return 130;
  if (report.findings.some((finding) => fails(finding, options))) return options.exitCode;
  return isIncomplete(report, options.strict) ? 2 : 0;
}

function isIncomplete({ summary, notScanned }: Report, strict: boolean): boolean {
  if (!summary.complete || total(summary.failed) > 0) return true;
  if (notScanned.some((event) => event.state === 'failed')) return true;
  return strict && (total(summary.excluded) > 0 || notScanned.length > 0);
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
