import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTORY, commit, finding, gitSighting, shuffled } from '../../../../test/support/reports.ts';
import type { Finding } from '../types/finding.ts';
import { CONFIDENCES, SEVERITIES } from '../types/rule.ts';
import { compareFindings, compareNotScanned, compareSightings, selectSightings, sortReport } from './order.ts';

const key = (f: Finding): string => `${f.severity} ${f.confidence} ${f.ruleId} ${f.id}`;

describe('findings', () => {
  it('come most severe first, then most certain, then by rule id and id', () => {
    const inOrder = [
      finding({ severity: 'critical', confidence: 'high', ruleId: 'a', id: '1' }),
      finding({ severity: 'critical', confidence: 'high', ruleId: 'a', id: '2' }),
      finding({ severity: 'critical', confidence: 'high', ruleId: 'b', id: '1' }),
      finding({ severity: 'critical', confidence: 'low', ruleId: 'a', id: '1' }),
      finding({ severity: 'high', confidence: 'high', ruleId: 'a', id: '1' }),
      finding({ severity: 'medium', confidence: 'medium', ruleId: 'a', id: '1' }),
      finding({ severity: 'low', confidence: 'high', ruleId: 'a', id: '1' }),
    ];
    expect(inOrder.toReversed().sort(compareFindings).map(key)).toEqual(inOrder.map(key));
  });

  it('have one order, whatever order they came in', () => {
    const arbitrary = fc.record({
      severity: fc.constantFrom(...SEVERITIES),
      confidence: fc.constantFrom(...CONFIDENCES),
      ruleId: fc.constantFrom('a', 'B', 'ä', 'b-c'),
      id: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(arbitrary), (parts) => {
        const findings = parts.map((part) => finding(part));
        expect(findings.toReversed().sort(compareFindings).map(key)).toEqual(
          findings.toSorted(compareFindings).map(key),
        );
      }),
    );
  });

  it('are compared by code unit, not by locale', () => {
    expect(compareFindings(finding({ ruleId: 'Z' }), finding({ ruleId: 'a' }))).toBeLessThan(0);
  });
});

describe('sightings', () => {
  it('come by path, then date, then line', () => {
    const inOrder = [
      gitSighting({ path: 'a', ...commit('1', '2024-01-02T00:00:00Z'), line: 9 }),
      gitSighting({ path: 'b', ...commit('2', '2024-01-01T00:00:00Z'), line: 8 }),
      gitSighting({ path: 'b', ...commit('3', '2024-01-02T00:00:00Z'), line: 1 }),
      gitSighting({ path: 'b', ...commit('3', '2024-01-02T00:00:00Z'), line: 10 }),
    ];
    expect(inOrder.toReversed().sort(compareSightings)).toEqual(inOrder);
  });

  it('are never equal when they are different places', () => {
    const at = { line: 1, column: 1, endLine: 1, endColumn: 2 };
    expect(
      compareSightings(
        { kind: 'git-unreachable', path: '', blob: 'a', ...at },
        { kind: 'git-unreachable', path: '', blob: 'b', ...at },
      ),
    ).not.toBe(0);
    expect(compareSightings(gitSighting({ blob: 'a' }), gitSighting({ blob: 'b' }))).not.toBe(0);
    expect(compareSightings({ kind: 'file', path: 'x', ...at }, { kind: 'staged', path: 'x', ...at })).not.toBe(0);
  });

  it('that are kept of too many hold the present ones and the first one', () => {
    const past = Array.from({ length: 300 }, (_, i) =>
      gitSighting({
        path: `p${i}`,
        inHead: false,
        ...commit('1', `2024-01-01T00:00:00.${String(i).padStart(3, '0')}Z`),
      }),
    );
    const present = Array.from({ length: 100 }, (_, i) =>
      gitSighting({ path: `z${i}`, ...commit('2', '2024-06-01T00:00:00Z') }),
    );
    const some = selectSightings([...past, ...present.slice(0, 5)]);
    expect(some).toHaveLength(100);
    expect(some.filter((s) => s.kind === 'git' && s.inHead)).toHaveLength(5);
    expect(some.map((s) => s.path)).toContain('p0');
    expect(some).toEqual(some.toSorted(compareSightings));
    expect(selectSightings([...past, ...present]).map((s) => s.path)).toContain('p0');
    expect(selectSightings(past.slice(0, 3))).toEqual(past.slice(0, 3));
  });
});

it('failures come before exclusions', () => {
  const failed = { state: 'failed', reason: 'unreadable', where: 'b' } as const;
  const excluded = { state: 'excluded', reason: 'binary', where: 'a' } as const;
  expect([excluded, failed].sort(compareNotScanned)).toEqual([failed, excluded]);
});

it('sortReport gives one report for all orders and changes nothing else', () => {
  expect(sortReport(shuffled(HISTORY))).toEqual(sortReport(HISTORY));
  expect(JSON.stringify(sortReport(shuffled(HISTORY)))).toBe(JSON.stringify(sortReport(HISTORY)));
  expect(sortReport(HISTORY).findings).toHaveLength(HISTORY.findings.length);
  expect(sortReport(HISTORY).summary.facts).toEqual(HISTORY.summary.facts);
});
