import type { Report, Reporter } from '../types/report.ts';
import { findingFields, notScannedFields, summaryFields, suppressedFields, toolFields } from './json-fields.ts';
import { jsonArray, jsonText } from './json-text.ts';

/** Raised only if a field would ever have to change its meaning; new fields do not raise it. */
export const REPORT_SCHEMA_VERSION = 1;

/** The whole report as one object. */
export function jsonReporter(): Reporter {
  return {
    id: 'json',
    extension: 'json',
    *render(report: Report) {
      yield '{\n';
      yield `  "schemaVersion": ${REPORT_SCHEMA_VERSION},\n`;
      yield `  "tool": ${nested(toolFields(report))},\n`;
      yield `  "revealed": ${String(report.revealed)},\n`;
      yield* member('findings', report.findings, findingFields);
      yield* member('suppressed', report.suppressed, suppressedFields);
      yield* member('notScanned', report.notScanned, notScannedFields);
      yield `  "summary": ${nested(summaryFields(report))}\n`;
      yield '}\n';
    },
  };
}

function* member<T>(name: string, items: readonly T[], toFields: (item: T) => unknown): Generator<string> {
  yield `  "${name}": `;
  yield* jsonArray(items, toFields, '  ', 1);
  yield ',\n';
}

function nested(value: unknown): string {
  return jsonText(value, 2).replaceAll('\n', '\n  ');
}
