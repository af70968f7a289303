import { neutralise } from '../bytes/display.ts';
import type { Finding } from '../types/finding.ts';
import type { Report, Reporter } from '../types/report.ts';
import type { Severity } from '../types/rule.ts';
import { advise } from './advice.ts';
import { jsonArray, jsonText } from './json-text.ts';
import { commitOf, filePath, presence, presenceText, primarySighting } from './place.ts';
import { nameUuid } from './uuid.ts';

export interface GitlabOptions {
  /** When the scan began and ended; the epoch where it is not known, so that a report is a function of its input. */
  readonly startTime?: Date | undefined;
  readonly endTime?: Date | undefined;
}

/** Understood by every GitLab that takes version 15 at all. */
const SCHEMA_VERSION = '15.0.7';

/** GitLab's own analyser writes this where there is no commit; the field is required. */
const NO_COMMIT = '0000000';

const SEVERITY: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

/**
 * GitLab secret detection report, one vulnerability per credential that is not suppressed. It holds no extract of the
 * source, no mail address and no commit message.
 */
export function gitlabSecretsReporter({ startTime, endTime }: GitlabOptions = {}): Reporter {
  return {
    id: 'gitlab-secrets',
    extension: 'json',
    *render(report: Report) {
      const { name, version } = report.tool;
      const scanner = { id: name, name, version, vendor: { name } };
      const scan = {
        analyzer: scanner,
        scanner,
        type: 'secret_detection',
        start_time: seconds(startTime ?? new Date(0)),
        end_time: seconds(endTime ?? startTime ?? new Date(0)),
        status: report.summary.complete ? 'success' : 'failure',
        messages: messages(report),
      };
      yield `{\n  "version": "${SCHEMA_VERSION}",\n  "scan": ${jsonText(scan, 2).replaceAll('\n', '\n  ')},\n  "vulnerabilities": `;
      yield* jsonArray(report.findings, vulnerability, '  ', 1);
      yield '\n}\n';
    },
  };
}

function vulnerability(finding: Finding): unknown {
  const title = neutralise(finding.title);
  const place = primarySighting(finding);
  const commit = place && commitOf(place);
  return {
    id: nameUuid(finding.id),
    name: title.slice(0, 255),
    description: `${title} ${presenceText(presence(finding))}, in ${places(finding.sightingCount)}.`,
    severity: SEVERITY[finding.severity],
    solution: neutralise(advise(finding)).slice(0, 7000),
    identifiers: [
      { type: 'unleak_rule_id', name: `unleak rule ${finding.ruleId}`, value: finding.ruleId },
      { type: 'cwe', name: 'CWE-798', value: '798', url: 'https://cwe.mitre.org/data/definitions/798.html' },
    ],
    links: finding.references
      .filter((url) => url.startsWith('https://') || url.startsWith('http://'))
      .map((url) => ({ url })),
    details: { credential: { type: 'text', name: 'Credential', value: finding.id } },
    flags:
      finding.confidence === 'low'
        ? [
            {
              type: 'flagged-as-likely-false-positive',
              origin: 'unleak',
              description: 'low confidence: the value may not be a credential',
            },
          ]
        : undefined,
    location: {
      ...(place === undefined ? {} : { file: filePath(place), start_line: place.line, end_line: place.endLine }),
      commit:
        commit === undefined ? { sha: NO_COMMIT } : { sha: commit.commit, author: commit.author, date: commit.date },
    },
  };
}

function messages({ notScanned, summary }: Report): readonly unknown[] {
  const failed = notScanned.filter((event) => event.state === 'failed');
  const shown = failed
    .slice(0, 100)
    .map(({ reason, where }) => ({ level: 'warn', value: neutralise(`not scanned, ${reason}: ${where}`) }));
  if (failed.length > shown.length)
    shown.push({ level: 'warn', value: `${failed.length - shown.length} more could not be scanned` });
  if (!summary.complete && shown.length === 0) shown.push({ level: 'warn', value: 'the scan is incomplete' });
  return shown;
}

function places(count: number): string {
  return count === 1 ? 'one place' : `${count} places`;
}

/** `yyyy-mm-ddThh:mm:ss`, UTC, as the schema wants it. */
function seconds(date: Date): string {
  return date.toISOString().slice(0, 19);
}
