import type { Report, Reporter } from '../types/report.ts';
import { findingFields, notScannedFields, summaryFields, suppressedFields, toolFields } from './json-fields.ts';
import { REPORT_SCHEMA_VERSION } from './json.ts';
import { jsonText } from './json-text.ts';

/** One object per line, each with its `type`: finding, suppressed, notScanned, and one summary as the last line. */
export function jsonLinesReporter(): Reporter {
  return {
    id: 'jsonl',
    extension: 'jsonl',
    *render(report: Report) {
      for (const finding of report.findings) yield line('finding', findingFields(finding));
      for (const finding of report.suppressed) yield line('suppressed', suppressedFields(finding));
      for (const event of report.notScanned) yield line('notScanned', notScannedFields(event));
      yield line('summary', {
        schemaVersion: REPORT_SCHEMA_VERSION,
        tool: toolFields(report),
        revealed: report.revealed,
        ...summaryFields(report),
      });
    },
  };
}

function line(type: string, fields: Readonly<Record<string, unknown>>): string {
  return `${jsonText({ type, ...fields })}\n`;
}
