import type { Invocation, Location, Notification, Result, Suppression } from 'sarif';
import type { Finding, SuppressionNote } from '../types/finding.ts';
import type { Report, Reporter } from '../types/report.ts';
import type { Sighting } from '../types/sighting.ts';
import { advise } from './advice.ts';
import { jsonArray, jsonText } from './json-text.ts';
import { commitOf, filePath, presence, presenceText, primarySighting, shortCommit } from './place.ts';
import { sarifLevel, sarifRule, sarifText } from './sarif-rules.ts';

export interface SarifOptions {
  /**
   * Distinguishes runs that answer different questions about one repository, such as `history` and `pull-request`:
   * GitHub closes the alerts of a category that its newest run does not name.
   */
  readonly category?: string | undefined;
}

const MAX_NOTIFICATIONS = 200;

/**
 * SARIF 2.1.0 (OASIS), one result per credential. The place in HEAD, if there is one, is the location; the others are
 * related locations. Results are matched between runs by the credential's id, never by text; neither the secret nor a
 * mask, snippet, author or message is in it. Columns count bytes.
 */
export function sarifReporter({ category }: SarifOptions = {}): Reporter {
  return {
    id: 'sarif',
    extension: 'sarif',
    *render(report: Report) {
      const ruleIndex = new Map(report.rules.map((rule, index) => [rule.id, index]));
      const driver = {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        rules: report.rules.map(sarifRule),
        properties: { ruleset: report.tool.ruleset },
      };
      yield '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n  "version": "2.1.0",\n  "runs": [\n    {\n';
      yield member('tool', { driver });
      if (category !== undefined) yield member('automationDetails', { id: `${category}/` });
      yield member('invocations', [invocation(report)]);
      yield member('properties', { columnUnit: 'byte' });
      yield '      "results": ';
      yield* jsonArray(
        [...report.findings, ...report.suppressed],
        (finding) => result(finding, ruleIndex.get(finding.ruleId)),
        '  ',
        3,
      );
      yield '\n    }\n  ]\n}\n';
    },
  };
}

function member(name: string, value: unknown): string {
  return `      "${name}": ${jsonText(value, 2).replaceAll('\n', '\n      ')},\n`;
}

function result(finding: Finding, ruleIndex: number | undefined): Result {
  const primary = primarySighting(finding);
  const others = finding.sightings.filter((sighting) => sighting !== primary);
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: sarifLevel(finding.severity, finding.confidence),
    message: { text: sarifText(`${finding.title} ${presenceText(presence(finding))}. ${advise(finding)}`) },
    locations: primary === undefined ? [] : [location(primary)],
    ...(others.length === 0 ? {} : { relatedLocations: others.map(relatedLocation) }),
    partialFingerprints: { primaryLocationLineHash: `${finding.id}:1`, 'unleakCredential/v1': finding.id },
    suppressions: finding.suppressed === undefined ? [] : [suppression(finding.suppressed)],
    properties: {
      credential: finding.id,
      severity: finding.severity,
      confidence: finding.confidence,
      kind: finding.kind,
      provider: finding.provider,
      verdict: finding.verdict.state,
      sightingCount: finding.sightingCount,
    },
  };
}

function location(sighting: Sighting): Location {
  // GitHub shows the lines of the commit that was scanned, not of the one that brought the credential in.
  const place = (sighting.kind === 'git' ? sighting.headPlace : undefined) ?? sighting;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriPath(filePath(sighting)), uriBaseId: '%SRCROOT%' },
      region: {
        startLine: place.line,
        startColumn: place.column,
        endLine: place.endLine,
        endColumn: place.endColumn,
      },
    },
  };
}

function relatedLocation(sighting: Sighting, index: number): Location {
  return { id: index + 1, ...location(sighting), message: { text: sarifText(relation(sighting)) } };
}

function relation(sighting: Sighting): string {
  const commit = commitOf(sighting);
  if (sighting.kind === 'git' && sighting.inHead) return 'also in HEAD';
  if (commit !== undefined) return `also in the history, since commit ${shortCommit(commit.commit)}`;
  if (sighting.kind === 'git-object') return 'also in an object of the repository';
  return sighting.kind === 'git-unreachable' ? 'also in an unreachable object' : 'also here';
}

function suppression({ by, source, reason, owner, until }: SuppressionNote): Suppression {
  const notes = [source, reason, owner && `owner ${owner}`, until && `until ${until}`].filter(
    (note) => note !== undefined && note !== '',
  );
  return { kind: by === 'inline' ? 'inSource' : 'external', status: 'accepted', justification: notes.join('; ') };
}

function invocation({ summary, notScanned }: Report): Invocation {
  const failed = notScanned.filter((event) => event.state === 'failed');
  const notifications: Notification[] = failed.slice(0, MAX_NOTIFICATIONS).map(({ reason, where, detail }) => ({
    level: 'error',
    descriptor: { id: reason },
    message: { text: sarifText(`${reason}: ${where}${detail === undefined ? '' : ` (${detail})`}`) },
  }));
  if (failed.length > MAX_NOTIFICATIONS) {
    notifications.push({
      level: 'error',
      message: { text: `${failed.length - MAX_NOTIFICATIONS} more could not be scanned` },
    });
  }
  for (const [reason, count] of Object.entries(summary.excluded)) {
    notifications.push({
      level: 'note',
      descriptor: { id: reason },
      message: { text: `${count} not scanned by policy: ${reason}` },
    });
  }
  return { executionSuccessful: summary.complete, toolExecutionNotifications: notifications };
}

const encoder = new TextEncoder();
const UNRESERVED = new Set(
  encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/@+,=!()'),
);

/** A path as a relative URI reference (RFC 3986). */
export function uriPath(path: string): string {
  let out = '';
  for (const byte of encoder.encode(path)) {
    out += UNRESERVED.has(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
