/** The JSON report of an earlier run, as far as it is read again. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isCredentialId } from '@unleak/core';
import type { Io } from './io.ts';
import { systemReason } from './system-reason.ts';
import { UsageError } from './usage-error.ts';

export interface ReportedFinding {
  readonly id: string;
  readonly ruleId: string;
  readonly sightings: readonly { readonly path: string }[];
  readonly sightingCount: number;
  /** Who suppressed it, where somebody did. */
  readonly suppressedBy?: string;
}

export interface EarlierReport {
  /** Suppressed ones, too. */
  readonly findings: readonly ReportedFinding[];
  /** False where it says itself that its scan was cut short or could not read everything. */
  readonly complete: boolean;
}

/** @throws UsageError */
export async function readJsonReport(path: string, io: Pick<Io, 'cwd'>): Promise<EarlierReport> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${systemReason(error)}`);
  }
  const report = record(parsed(text));
  const lists = [report?.['findings'], report?.['suppressed'] ?? []];
  if (report === undefined || !lists.every(Array.isArray))
    throw new UsageError(`${path}: is no report of unleak scan --format json`);
  const findings = (lists as unknown[][]).flat().map((item) => {
    const finding = toFinding(record(item));
    if (finding === undefined) throw new UsageError(`${path}: holds a finding without id, ruleId or sightings`);
    return finding;
  });
  const summary = record(report['summary']);
  return { findings, complete: summary?.['complete'] !== false && summary?.['interrupted'] !== true };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function toFinding(item: Record<string, unknown> | undefined): ReportedFinding | undefined {
  const { id, ruleId, sightings, sightingCount, suppressed } = item ?? {};
  if (typeof id !== 'string' || !isCredentialId(id) || typeof ruleId !== 'string' || !Array.isArray(sightings))
    return undefined;
  const paths = sightings.flatMap((sighting) => {
    const path = record(sighting)?.['path'];
    return typeof path === 'string' ? [{ path }] : [];
  });
  const by = record(suppressed)?.['by'];
  return {
    id,
    ruleId,
    sightings: paths,
    sightingCount: typeof sightingCount === 'number' ? sightingCount : sightings.length,
    ...(typeof by === 'string' ? { suppressedBy: by } : {}),
  };
}
