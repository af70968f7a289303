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

/** gitleaks' columns; an empty file, without a header, when there are no records. Line breaks stay as they are. */
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
            neutralise(column === 'Tags' ? record.Tags.join(' ') : String(record[column]), '\n\t'),
          ),
        );
      }
    },
  };
}
