/**
 * The one order of everything in a report. All comparisons are by code unit, never by locale, and total over what is
 * printed, so that equal reports are equal bytes whatever order the workers delivered in.
 */
import { CONFIDENCES, SEVERITIES, type Confidence, type Severity } from '../types/rule.ts';
import type { NotScanned } from '../types/events.ts';
import type { Finding } from '../types/finding.ts';
import type { Entry, Report, Reporter } from '../types/report.ts';
import type { Sighting } from '../types/sighting.ts';
import { commitOf, isPresent } from './place.ts';

/** Sightings that a finding keeps; `sightingCount` says how many there were. */
const MAX_SIGHTINGS = 100;

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

export function compareConfidence(a: Confidence, b: Confidence): number {
  return CONFIDENCES.indexOf(a) - CONFIDENCES.indexOf(b);
}

/** Most severe first, then most certain, then by rule id and credential id. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareSeverity(a.severity, b.severity) ||
    compareConfidence(a.confidence, b.confidence) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.id, b.id)
  );
}

/** By path, date, line, column; then by whatever tells two places apart. */
export function compareSightings(a: Sighting, b: Sighting): number {
  return (
    compareText(a.path, b.path) ||
    compareText(commitOf(a)?.date ?? '', commitOf(b)?.date ?? '') ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.kind, b.kind) ||
    compareText(commitOf(a)?.commit ?? '', commitOf(b)?.commit ?? '') ||
    compareText(discriminator(a), discriminator(b)) ||
    a.endLine - b.endLine ||
    a.endColumn - b.endColumn
  );
}

function discriminator(sighting: Sighting): string {
  switch (sighting.kind) {
    case 'git':
      return `${sighting.blob} ${sighting.last?.commit ?? ''} ${sighting.removed?.commit ?? ''}`;
    case 'git-unreachable':
    case 'git-object':
      return sighting.blob;
    case 'tag-message':
      return sighting.tag ?? '';
    default:
      return '';
  }
}

/** Failures before exclusions, then by reason, place and detail. */
export function compareNotScanned(a: NotScanned, b: NotScanned): number {
  return (
    compareText(b.state, a.state) ||
    compareText(a.reason, b.reason) ||
    compareText(a.where, b.where) ||
    compareText(a.detail ?? '', b.detail ?? '') ||
    (a.count ?? 1) - (b.count ?? 1)
  );
}

function compareEntries(a: Entry, b: Entry): number {
  return compareText(a.source, b.source) || a.line - b.line || compareText(a.text, b.text);
}

/**
 * The sightings that a finding keeps, sorted: present ones are kept before past ones and old ones before new ones, so
 * that "still there" and "first seen" are right however many are cut.
 */
export function selectSightings(all: readonly Sighting[], limit: number = MAX_SIGHTINGS): readonly Sighting[] {
  if (all.length <= limit) return all.toSorted(compareSightings);
  const byWorth = (a: Sighting, b: Sighting): number =>
    Number(isPresent(b)) - Number(isPresent(a)) ||
    compareText(commitOf(a)?.date ?? '', commitOf(b)?.date ?? '') ||
    compareSightings(a, b);
  const kept = all.toSorted(byWorth).slice(0, limit);
  const oldest = all.filter((s) => commitOf(s) !== undefined).toSorted(byDate)[0];
  if (oldest !== undefined && !kept.includes(oldest)) kept[kept.length - 1] = oldest;
  return kept.toSorted(compareSightings);
}

function byDate(a: Sighting, b: Sighting): number {
  return compareText(commitOf(a)?.date ?? '', commitOf(b)?.date ?? '') || compareSightings(a, b);
}

/** A copy in which everything that has an order is in it. */
export function sortReport(report: Report): Report {
  return {
    ...report,
    rules: report.rules.toSorted((a, b) => compareText(a.id, b.id)),
    findings: report.findings.toSorted(compareFindings).map(sortSightings),
    suppressed: report.suppressed.toSorted(compareFindings).map(sortSightings),
    notScanned: report.notScanned.toSorted(compareNotScanned),
    summary: {
      ...report.summary,
      excluded: sortKeys(report.summary.excluded),
      failed: sortKeys(report.summary.failed),
      facts: sortKeys(report.summary.facts),
      expiredEntries: report.summary.expiredEntries.toSorted(compareEntries),
      unusedEntries: report.summary.unusedEntries.toSorted(compareEntries),
    },
  };
}

/** A reporter that takes reports in any order, of one that wants them sorted. */
export function sorting(reporter: Reporter): Reporter {
  return { ...reporter, render: (report) => reporter.render(sortReport(report)) };
}

function sortSightings<F extends Finding>(finding: F): F {
  return { ...finding, sightings: finding.sightings.toSorted(compareSightings), parts: sortKeys(finding.parts) };
}

function sortKeys<V>(record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareText(a, b)));
}
