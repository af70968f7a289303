/**
 * Reports: pure functions from a `Report` to text. They do no I/O, read no clock and compute no mask: a finding carries
 * what may be shown of its secret. Whatever came from scanned input is neutralised here.
 */
export { REPORT_FORMATS, findFormat, formatForPath, type ReportFormat, type ReporterOptions } from './formats.ts';
export { DEFAULT_EXIT_OPTIONS, exitCode } from './exit-code.ts';
export { compareConfidence } from './order.ts';
