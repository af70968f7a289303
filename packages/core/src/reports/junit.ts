import { neutralise } from '../bytes/display.ts';
import type { Finding, SuppressionNote } from '../types/finding.ts';
import type { Report, Reporter } from '../types/report.ts';
import { advise } from './advice.ts';
import { DEFAULT_FAIL_POLICY, fails, type FailPolicy } from './exit-code.ts';
import { commitOf, filePath, firstSeen, primarySighting, shortCommit } from './place.ts';
import { xmlAttributes, xmlText } from './xml-text.ts';

/**
 * A test case per finding: failed if it fails the run under `policy`, else skipped, and skipped if suppressed. One more
 * case stands for the scan itself, an error when something could not be scanned: a suite without cases would be no
 * answer to many CI systems.
 */
export function junitReporter(policy: FailPolicy = DEFAULT_FAIL_POLICY): Reporter {
  return {
    id: 'junit',
    extension: 'xml',
    *render(report: Report) {
      const failures = report.findings.filter((finding) => fails(finding, policy)).length;
      const counts = {
        tests: report.findings.length + report.suppressed.length + 1,
        failures,
        errors: report.summary.complete ? 0 : 1,
        skipped: report.findings.length - failures + report.suppressed.length,
      };
      yield '<?xml version="1.0" encoding="UTF-8"?>\n';
      yield `<testsuites${attributes({ name: report.tool.name, ...counts })}>\n`;
      yield `  <testsuite${attributes({ name: report.tool.name, ...counts })}>\n`;
      yield scanCase(report);
      for (const finding of report.findings) {
        yield testCase(finding, fails(finding, policy) ? failure(finding) : skipped(belowThreshold(finding)));
      }
      for (const finding of report.suppressed) yield testCase(finding, skipped(suppression(finding.suppressed)));
      yield '  </testsuite>\n</testsuites>\n';
    },
  };
}

function scanCase(report: Report): string {
  const start = `    <testcase${attributes({ name: 'everything was scanned', classname: report.tool.name })}`;
  if (report.summary.complete) return `${start}/>\n`;
  const failed = report.notScanned.filter((event) => event.state === 'failed');
  const lines = failed.map(
    ({ reason, where, detail }) => `${reason}: ${where}${detail === undefined ? '' : ` (${detail})`}`,
  );
  const error = attributes({
    message: report.summary.interrupted ? 'the scan was interrupted' : 'the scan is incomplete',
    type: 'incomplete',
  });
  return `${start}>\n      <error${error}>${content(lines)}</error>\n    </testcase>\n`;
}

function testCase(finding: Finding, outcome: string): string {
  const place = primarySighting(finding);
  const where = place === undefined ? '' : ` in ${filePath(place)}, line ${place.line}`;
  const name = `${finding.title}${where} (${finding.id})`;
  const file = place === undefined ? {} : { file: filePath(place), line: place.line };
  return `    <testcase${attributes({ name, classname: finding.ruleId, ...file })}>\n      ${outcome}\n    </testcase>\n`;
}

function failure(finding: Finding): string {
  const seen = firstSeen(finding);
  const lines = [
    `credential: ${finding.id}`,
    `secret: ${finding.secret}`,
    `severity: ${finding.severity}, confidence: ${finding.confidence}`,
    ...(seen === undefined ? [] : [`first seen: ${seen.date} by ${seen.author} in ${shortCommit(seen.commit)}`]),
    ...finding.sightings.map((sighting) => {
      const commit = commitOf(sighting);
      return `at: ${filePath(sighting)}:${sighting.line}:${sighting.column}${commit === undefined ? '' : ` in ${shortCommit(commit.commit)}`}`;
    }),
    `places: ${finding.sightingCount}`,
    `next: ${advise(finding)}`,
  ];
  return `<failure${attributes({ message: `${finding.severity}: ${finding.title}`, type: finding.severity })}>${content(lines)}</failure>`;
}

function skipped(message: string): string {
  return `<skipped${attributes({ message })}/>`;
}

function belowThreshold(finding: Finding): string {
  return `reported, but does not fail the run: severity ${finding.severity}, confidence ${finding.confidence}`;
}

function suppression({ by, source, reason }: SuppressionNote): string {
  return `suppressed by ${by} (${source})${reason === undefined ? '' : `: ${reason}`}`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return xmlAttributes(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, neutralise(String(value))])),
  );
}

/** One line each; the breaks are real ones, as people read this. */
function content(lines: readonly string[]): string {
  return lines.map((line) => xmlText(neutralise(line))).join('\n');
}
