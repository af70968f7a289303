/**
 * The view that gitleaks has of the same findings: a record for every commit, path and line that brought a credential
 * in. Field names, meanings and order are those of gitleaks 8 reports.
 */
import type { Finding } from '../../types/finding.ts';
import type { Report } from '../../types/report.ts';
import type { Sighting } from '../../types/sighting.ts';
import { commitOf, filePath } from '../place.ts';

export interface GitleaksOptions {
  /**
   * Percentage of each secret that is not shown, 100 by default. Less than 100 shows something only in a report that
   * holds the secrets (`revealed`): out of a masked one nothing can be shown.
   */
  readonly redact?: number | undefined;
}

export interface GitleaksRecord {
  readonly RuleID: string;
  readonly Description: string;
  readonly StartLine: number;
  readonly EndLine: number;
  /** 1-based bytes. */
  readonly StartColumn: number;
  /** Of the last byte. */
  readonly EndColumn: number;
  readonly Match: string;
  readonly Secret: string;
  /** Empty for standard input. */
  readonly File: string;
  readonly SymlinkFile: string;
  /** Empty where there is none. */
  readonly Commit: string;
  readonly Entropy: number;
  readonly Author: string;
  readonly Email: string;
  readonly Date: string;
  readonly Message: string;
  readonly Tags: readonly string[];
  readonly Fingerprint: string;
}

const REDACTED = 'REDACTED';

export interface GitleaksEntry {
  /** Id of the credential that the record is about. */
  readonly credential: string;
  readonly record: GitleaksRecord;
}

export function* gitleaksEntries(report: Report, { redact = 100 }: GitleaksOptions = {}): Generator<GitleaksEntry> {
  const aliases = new Map(report.rules.map((rule) => [rule.id, rule.aliases.gitleaks?.[0]]));
  const percent = report.revealed ? redact : 100;
  const hidden = percent <= 0 ? new Set<string>() : messagesWithSecrets(report);
  for (const finding of report.findings) {
    const rule = aliases.get(finding.ruleId) ?? finding.ruleId;
    const shown = report.revealed ? redacted(finding, percent) : masked(finding);
    const seen = new Set<string>();
    for (const sighting of finding.sightings) {
      const fingerprint = gitleaksFingerprint(sighting, rule);
      if (seen.has(fingerprint)) continue;
      seen.add(fingerprint);
      yield { credential: finding.id, record: { ...record(finding, sighting, rule, hidden), ...shown } };
    }
  }
}

export function gitleaksRecords(report: Report, options: GitleaksOptions = {}): readonly GitleaksRecord[] {
  return Array.from(gitleaksEntries(report, options), (entry) => entry.record);
}

/** `commit:file:rule:line`, or `file:rule:line` where there is no commit: a line of `.gitleaksignore`. */
export function gitleaksFingerprint(sighting: Sighting, rule: string): string {
  const commit = commitOf(sighting);
  const place = `${gitleaksFile(sighting)}:${rule}:${sighting.line}`;
  return commit === undefined ? place : `${commit.commit}:${place}`;
}

function gitleaksFile(sighting: Sighting): string {
  return sighting.kind === 'stdin' ? sighting.path : filePath(sighting);
}

function record(
  finding: Finding,
  sighting: Sighting,
  rule: string,
  hidden: ReadonlySet<string> | 'all',
): GitleaksRecord {
  const commit = commitOf(sighting);
  const hide = commit !== undefined && (hidden === 'all' || hidden.has(commit.commit));
  return {
    RuleID: rule,
    Description: finding.title,
    StartLine: sighting.line,
    EndLine: sighting.endLine,
    StartColumn: sighting.column,
    EndColumn: Math.max(1, sighting.endColumn - 1),
    Match: REDACTED,
    Secret: REDACTED,
    File: gitleaksFile(sighting),
    SymlinkFile: '',
    Commit: commit?.commit ?? '',
    Entropy: singlePrecision(finding.entropy),
    Author: commit?.author ?? '',
    Email: commit?.email ?? '',
    Date: commit === undefined ? '' : wholeSeconds(commit.date),
    Message: hide ? REDACTED : withoutFinalBreaks(commit?.message ?? ''),
    Tags: [...finding.tags, ...decodedTags(sighting)],
    Fingerprint: gitleaksFingerprint(sighting, rule),
  };
}

function decodedTags({ decoded = [] }: Sighting): readonly string[] {
  return decoded.length === 0
    ? []
    : [...decoded.map((decoder) => `decoded:${decoder}`), `decode-depth:${decoded.length}`];
}

function withoutFinalBreaks(message: string): string {
  let end = message.length;
  while (end > 0 && message.charAt(end - 1) === '\n') end--;
  return message.slice(0, end);
}

/**
 * The commits whose message holds a credential, so may not be printed in a redacted report; `all` when a finding has
 * more sightings than are listed, as any message may be one of them.
 */
function messagesWithSecrets(report: Report): ReadonlySet<string> | 'all' {
  const commits = new Set<string>();
  for (const finding of [...report.findings, ...report.suppressed]) {
    if (finding.sightingCount > finding.sightings.length) return 'all';
    for (const sighting of finding.sightings) {
      if (sighting.kind === 'commit-message' || sighting.kind === 'tag-message') commits.add(sighting.commit);
    }
  }
  return commits;
}

/** Out of a report without secrets: its context is redacted already. */
function masked(finding: Finding): Pick<GitleaksRecord, 'Match' | 'Secret'> {
  return { Match: finding.context === '' ? REDACTED : finding.context, Secret: REDACTED };
}

/** Out of a report with secrets, where the context is the match itself. */
function redacted(finding: Finding, percent: number): Pick<GitleaksRecord, 'Match' | 'Secret'> {
  if (percent <= 0) return { Match: finding.context === '' ? finding.secret : finding.context, Secret: finding.secret };
  const secret = partOf(finding.secret, percent);
  // A match that does not hold the secret as it is holds it encoded.
  if (finding.secret === '' || !finding.context.includes(finding.secret)) return { Match: secret, Secret: secret };
  let match = finding.context;
  const parts = [finding.secret, ...Object.values(finding.parts)].filter((part) => part !== '');
  for (const part of parts.toSorted((a, b) => b.length - a.length))
    match = match.replaceAll(part, () => partOf(part, percent));
  return { Match: match, Secret: secret };
}

/** gitleaks' own rule: the first (100 − percent) % and three dots. */
function partOf(secret: string, percent: number): string {
  if (percent >= 100) return REDACTED;
  const characters = [...secret];
  return `${characters.slice(0, roundHalfEven((characters.length * (100 - percent)) / 100)).join('')}...`;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The shortest decimal of the nearest 32-bit float, which is what gitleaks prints. */
function singlePrecision(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

function wholeSeconds(date: string): string {
  return date.endsWith('.000Z') ? `${date.slice(0, -5)}Z` : date;
}
