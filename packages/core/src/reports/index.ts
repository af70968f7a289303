/**
 * Reports: pure functions from a `Report` to text. They do no I/O, read no clock and compute no mask: a finding carries
 * what may be shown of its secret. Whatever came from scanned input is neutralised here.
 */
export { REPORT_FORMATS, createReporter, findFormat, formatForPath, type ReportFormat } from './format-table.ts';
export type { ReporterOptions } from './formats.ts';
export { DEFAULT_EXIT_OPTIONS, exitCode } from './exit-code.ts';
export { compareConfidence } from './order.ts';
