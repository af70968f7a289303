import type { Report, Reporter } from '../../types/report.ts';
import { jsonArray } from '../json-text.ts';
import { gitleaksRecords, type GitleaksOptions } from './records.ts';

/** An array of records, `[]` when there are none; one space of indentation, as gitleaks writes it. */
export function gitleaksJsonReporter(options: GitleaksOptions = {}): Reporter {
  return {
    id: 'gitleaks-json',
    extension: 'json',
    *render(report: Report) {
      yield* jsonArray(gitleaksRecords(report, options), (record) => record, ' ');
      yield '\n';
    },
  };
}
