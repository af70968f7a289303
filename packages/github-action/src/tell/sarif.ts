/** SARIF: the file with everything, and the part of it that GitHub's code scanning takes. */
import { gzipSync } from 'node:zlib';
import { createReporter, sortReport, type Finding, type Report } from '@unleak/core';
import type { Context, Plan } from '../types.ts';

/** Of GitHub: more results than these are dropped; a packed file over the size, or a rule with more tags, is refused. */
const MAX_RESULTS = 5000;
export const MAX_PACKED = 10_000_000;
const MAX_UNPACKED = 150_000_000;
const MAX_LOCATIONS = 100;
const MAX_TAGS = 18;

/**
 * Runs that ask different questions have categories of their own: GitHub closes the alerts of a category that its newest
 * run does not name, and a pull request's run names only what that brings.
 */
export function category(plan: Plan): string {
  if (plan.scan !== 'changes') return 'unleak-history';
  return plan.pullRequest === undefined ? 'unleak-push' : 'unleak-pull-request';
}

export async function sarifFile(report: Report, plan: Plan, gitleaks: boolean): Promise<Iterable<string>> {
  const reporter = await createReporter(gitleaks ? 'gitleaks-sarif' : 'sarif', { sarif: { category: category(plan) } });
  return reporter.render(report);
}

/** Where alerts belong. */
export interface UploadPlace {
  readonly ref: string;
  readonly commit: string;
}

/**
 * Undefined for a push that was scanned by its changes: its run holds the newest commits alone, so on a branch it would
 * close the alerts of all earlier ones.
 */
export function uploadPlace(plan: Plan, { ref, sha }: Context): UploadPlace | undefined {
  if (plan.scan === 'history') return { ref, commit: sha };
  if (plan.scan !== 'changes' || plan.pullRequest === undefined) return undefined;
  // The head was scanned, not the merge that GitHub made: lines are those of the head.
  return { ref: `refs/pull/${plan.pullRequest.number}/head`, commit: plan.pullRequest.headSha };
}

export interface Upload {
  readonly sarif: string;
  /** Findings that are not in it. */
  readonly left: number;
}

/**
 * What GitHub takes of a report, the gravest first. Accepted findings are not in it: GitHub does not read suppressions,
 * and would open alerts for them.
 */
export async function sarifUpload(report: Report, plan: Plan): Promise<Upload> {
  const sorted = sortReport(report);
  const reporter = await createReporter('sarif', { sarif: { category: category(plan) } });
  let results = Math.min(MAX_RESULTS, sorted.findings.length);
  let locations = MAX_LOCATIONS;
  for (;;) {
    const findings = sorted.findings.slice(0, results).map((finding) => withPlaces(finding, locations));
    // Nothing is put together that no string can hold.
    if (roughLength(findings) <= MAX_UNPACKED) {
      const sarif = [...reporter.render(limited(sorted, findings))].join('');
      if (gzipSync(sarif).length <= MAX_PACKED) return { sarif, left: sorted.findings.length - results };
    }
    if (locations > 1) locations = Math.ceil(locations / 10);
    else results = Math.floor(results / 2);
  }
}

/** At least about as long as it gets: paths are percent-encoded. */
function roughLength(findings: readonly Finding[]): number {
  let length = 0;
  for (const { sightings } of findings) {
    length += 2000;
    for (const { path } of sightings) length += 600 + 3 * Buffer.byteLength(path);
  }
  return length;
}

function limited(report: Report, findings: readonly Finding[]): Report {
  const named = new Set(findings.map(({ ruleId }) => ruleId));
  const rules = report.rules
    .filter(({ id }) => named.has(id))
    .map((rule) => ({ ...rule, tags: rule.tags.slice(0, MAX_TAGS) }));
  return { ...report, rules, findings, suppressed: [] };
}

/** A finding's places are sorted so that those in HEAD are not the first; the reporter picks the one to show. */
function withPlaces(finding: Finding, limit: number): Finding {
  if (finding.sightings.length <= limit) return finding;
  const present = finding.sightings.filter((sighting) => sighting.kind === 'git' && sighting.inHead);
  const others = finding.sightings.filter((sighting) => !present.includes(sighting));
  return { ...finding, sightings: [...present, ...others].slice(0, limit) };
}
