import { neutralise } from '../bytes/display.ts';
import type { Finding } from '../types/finding.ts';
import type { Report, Reporter } from '../types/report.ts';
import type { Sighting } from '../types/sighting.ts';
import { csvRow, withoutFormula } from './csv-text.ts';
import { commitOf, filePath, isPresent } from './place.ts';

/** New columns come last. */
const COLUMNS = [
  'id',
  'rule',
  'title',
  'provider',
  'kind',
  'severity',
  'confidence',
  'verdict',
  'secret',
  'place',
  'path',
  'line',
  'column',
  'commit',
  'author',
  'date',
  'present',
  'fingerprint',
] as const;

/** A row per sighting of each finding, under a header that is always there. */
export function csvReporter(): Reporter {
  return {
    id: 'csv',
    extension: 'csv',
    *render(report: Report) {
      yield csvRow(COLUMNS);
      for (const finding of report.findings) {
        for (const sighting of finding.sightings)
          yield csvRow(row(finding, sighting).map((field) => withoutFormula(neutralise(field))));
      }
    },
  };
}

function row(finding: Finding, sighting: Sighting): readonly string[] {
  const commit = commitOf(sighting);
  return [
    finding.id,
    finding.ruleId,
    finding.title,
    finding.provider,
    finding.kind,
    finding.severity,
    finding.confidence,
    finding.verdict.state,
    finding.secret,
    sighting.kind,
    filePath(sighting),
    String(sighting.line),
    String(sighting.column),
    commit?.commit ?? '',
    commit?.author ?? '',
    commit?.date ?? '',
    String(isPresent(sighting)),
    finding.fingerprint,
  ];
}
