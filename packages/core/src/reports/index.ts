/**
 * Reports: pure functions from a `Report` to text. They do no I/O, read no clock and compute no mask: a finding carries
 * what may be shown of its secret. Whatever came from scanned input is neutralised here.
 */
export { REPORT_FORMATS, createReporter, findFormat, formatForPath, type ReportFormat } from './format-table.ts';
export type { ReporterOptions } from './formats.ts';
export { DEFAULT_EXIT_OPTIONS, exitCode, fails, type FailPolicy } from './exit-code.ts';
export { compareConfidence, sortReport } from './order.ts';
export { advise } from './advice.ts';
export { gitleaksFingerprint } from './gitleaks/records.ts';
export {
  commitOf,
  filePath,
  firstSeen,
  presence,
  presenceText,
  primarySighting,
  removedBy,
  shortCommit,
  type Presence,
} from './place.ts';
