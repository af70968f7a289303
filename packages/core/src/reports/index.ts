/**
 * Reports: pure functions from a `Report` to text. They do no I/O, read no clock and compute no mask: a finding carries
 * what may be shown of its secret. Whatever came from scanned input is neutralised here.
 */
export { REPORT_FORMATS, findFormat, formatForPath, type ReportFormat, type ReporterOptions } from './formats.ts';
export {
  DEFAULT_EXIT_OPTIONS,
  DEFAULT_FAIL_POLICY,
  FAIL_ON,
  exitCode,
  fails,
  type ExitOptions,
  type FailOn,
  type FailPolicy,
} from './exit-code.ts';
export { advise } from './advice.ts';
export {
  MAX_SIGHTINGS,
  compareConfidence,
  compareEntries,
  compareFindings,
  compareNotScanned,
  compareSeverity,
  compareSightings,
  compareText,
  selectSightings,
  sortReport,
} from './order.ts';
export { firstSeen, isPresent, lastSeen, presence, primarySighting, removedBy, type Presence } from './place.ts';
export { gitleaksFingerprint, gitleaksRecords, type GitleaksOptions, type GitleaksRecord } from './gitleaks/records.ts';
export { jsonText } from './json-text.ts';
export { REPORT_SCHEMA_VERSION } from './json.ts';
export type { GitlabOptions } from './gitlab-secrets.ts';
export type { SarifOptions } from './sarif.ts';
export type { TerminalOptions } from './terminal/terminal.ts';
