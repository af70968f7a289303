import { neutralise } from '../../bytes/display.ts';
import type { Report, Reporter } from '../../types/report.ts';
import { csvRow } from '../csv-text.ts';
import { gitleaksRecords, type GitleaksOptions, type GitleaksRecord } from './records.ts';

const COLUMNS = [
  'RuleID',
  'Commit',
  'File',
  'SymlinkFile',
  'Secret',
  'Match',
  'StartLine',
  'EndLine',
  'StartColumn',
  'EndColumn',
  'Author',
  'Message',
  'Date',
  'Email',
  'Fingerprint',
  'Tags',
] as const satisfies readonly (keyof GitleaksRecord)[];

/** What may be of many lines by right; a line break in a name is an attempt to pass for a record of its own. */
const OF_MANY_LINES: readonly string[] = ['Secret', 'Match', 'Message'];

/** gitleaks' columns; an empty file, without a header, when there are no records. */
export function gitleaksCsvReporter(options: GitleaksOptions = {}): Reporter {
  return {
    id: 'gitleaks-csv',
    extension: 'csv',
    *render(report: Report) {
      let header = false;
      for (const record of gitleaksRecords(report, options)) {
        if (!header) yield csvRow(COLUMNS);
        header = true;
        yield csvRow(
          COLUMNS.map((column) =>
            neutralise(
              column === 'Tags' ? record.Tags.join(' ') : String(record[column]),
              OF_MANY_LINES.includes(column) ? '\n\t' : '',
            ),
          ),
        );
      }
    },
  };
}
