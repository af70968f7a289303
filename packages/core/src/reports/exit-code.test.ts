import { describe, expect, it } from 'vitest';
import { EMPTY, commit, finding, gitSighting, report, suppress } from '../../../../test/support/reports.ts';
import type { Report } from '../types/report.ts';
import { DEFAULT_EXIT_OPTIONS, exitCode, type ExitOptions } from './exit-code.ts';

const code = (of: Report, options: Partial<ExitOptions> = {}): number =>
  exitCode(of, { ...DEFAULT_EXIT_OPTIONS, ...options });

const failed = { state: 'failed', reason: 'corrupt', where: 'x' } as const;
const excluded = { state: 'excluded', reason: 'binary', where: 'x' } as const;
const removed = gitSighting({ inHead: false, branches: [], removed: commit('2', '2024-05-01T00:00:00Z') });

describe('exitCode', () => {
  it('is 0 when nothing was found and everything was scanned', () => {
    expect(code(EMPTY)).toBe(0);
    expect(code(report({ notScanned: [excluded] }))).toBe(0);
  });

  it('is 1 for findings, complete or not', () => {
    expect(code(report({ findings: [finding()] }))).toBe(1);
    expect(code(report({ findings: [finding()], notScanned: [failed] }))).toBe(1);
  });

  it('is 2 when the scan is incomplete and nothing that counts was found', () => {
    expect(code(report({ notScanned: [failed] }))).toBe(2);
    expect(code(report({ summary: { complete: false } }))).toBe(2);
    expect(code(report({ summary: { failed: { limit: 1 } } }))).toBe(2);
    expect(code(report({ findings: [finding({ confidence: 'low' })], notScanned: [failed] }))).toBe(2);
    expect(code(report({ findings: [finding()], notScanned: [failed] }), { failOn: 'none' })).toBe(2);
  });

  it('is 2 for what policy excluded when strict', () => {
    expect(code(report({ notScanned: [excluded] }), { strict: true })).toBe(2);
    expect(code(EMPTY, { strict: true })).toBe(0);
    expect(code(report({ findings: [finding()], notScanned: [excluded] }), { strict: true })).toBe(1);
  });

  it('is 130 when interrupted, whatever was found', () => {
    expect(code(report({ findings: [finding()], summary: { interrupted: true, complete: false } }))).toBe(130);
  });

  it('replaces 1, and only 1, on request', () => {
    expect(code(report({ findings: [finding()] }), { exitCode: 7 })).toBe(7);
    expect(code(report({ findings: [finding()] }), { exitCode: 0 })).toBe(0);
    expect(code(report({ notScanned: [failed] }), { exitCode: 7 })).toBe(2);
  });

  it('counts medium confidence and up by default', () => {
    const of = (confidence: 'high' | 'medium' | 'low') => report({ findings: [finding({ confidence })] });
    expect(code(of('low'))).toBe(0);
    expect(code(of('medium'))).toBe(1);
    expect(code(of('low'), { failOn: 'low' })).toBe(1);
    expect(code(of('medium'), { failOn: 'high' })).toBe(0);
    expect(code(of('high'), { failOn: 'high' })).toBe(1);
    expect(code(of('high'), { failOn: 'none' })).toBe(0);
  });

  it('counts only what is still there when asked for present ones', () => {
    expect(code(report({ findings: [finding({ sightings: [removed] })] }), { failOn: 'present' })).toBe(0);
    expect(code(report({ findings: [finding({ sightings: [removed, gitSighting()] })] }), { failOn: 'present' })).toBe(
      1,
    );
    expect(code(report({ findings: [finding({ confidence: 'low' })] }), { failOn: 'present' })).toBe(0);
  });

  it('counts only from the least severity up', () => {
    const high = report({ findings: [finding({ severity: 'high' })] });
    expect(code(high, { minSeverity: 'critical' })).toBe(0);
    expect(code(high, { minSeverity: 'high' })).toBe(1);
    expect(code(high, { minSeverity: 'low' })).toBe(1);
  });

  it('never counts suppressed findings', () => {
    expect(
      code(report({ suppressed: [suppress(finding(), { by: 'baseline', source: 'x' })] }), { failOn: 'low' }),
    ).toBe(0);
  });
});
