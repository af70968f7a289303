import { neutralise } from '../bytes/display.ts';
import type { Finding } from '../types/finding.ts';
import type { Report, Reporter } from '../types/report.ts';
import { advise } from './advice.ts';
import { jsonArray } from './json-text.ts';
import { filePath, presence, presenceText, primarySighting } from './place.ts';

const SEVERITY = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor' } as const;

/** GitLab code quality report: an entry per credential that is not suppressed, known by the credential's id. */
export function gitlabCodeQualityReporter(): Reporter {
  return {
    id: 'gitlab-codequality',
    extension: 'json',
    *render(report: Report) {
      yield* jsonArray(report.findings, issue, '  ');
      yield '\n';
    },
  };
}

function issue(finding: Finding): unknown {
  const place = primarySighting(finding);
  return {
    description: neutralise(`${finding.title} ${presenceText(presence(finding))}. ${advise(finding)}`),
    check_name: finding.ruleId,
    fingerprint: finding.id,
    severity: finding.confidence === 'low' ? 'info' : SEVERITY[finding.severity],
    location: {
      path: place === undefined ? '' : filePath(place),
      lines: { begin: place?.line ?? 1, end: place?.endLine ?? 1 },
    },
  };
}
