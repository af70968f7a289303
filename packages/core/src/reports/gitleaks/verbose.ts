import { neutralise } from '../../bytes/display.ts';
import type { Report, Reporter } from '../../types/report.ts';
import { gitleaksRecords, type GitleaksOptions, type GitleaksRecord } from './records.ts';

/** What `gitleaks -v` prints: a block of keys and values for each record, and an empty line after it. */
export function gitleaksVerboseReporter(options: GitleaksOptions = {}): Reporter {
  return {
    id: 'gitleaks-verbose',
    extension: 'txt',
    *render(report: Report) {
      for (const record of gitleaksRecords(report, options)) {
        for (const [key, value] of lines(record)) yield `${`${key}:`.padEnd(12)} ${neutralise(value)}\n`;
        yield '\n';
      }
    },
  };
}

function lines(record: GitleaksRecord): readonly (readonly [key: string, value: string])[] {
  const head: readonly (readonly [string, string])[] = [
    ['Finding', record.Match.trim()],
    ['Secret', record.Secret.trim()],
    ['RuleID', record.RuleID],
    ['Entropy', record.Entropy.toFixed(6)],
  ];
  if (record.File === '') return head;
  return [
    ...head,
    ...(record.Tags.length === 0 ? [] : [['Tags', `[${record.Tags.join(' ')}]`] as const]),
    ['File', record.File],
    ['Line', String(record.StartLine)],
    ...(record.Commit === ''
      ? []
      : ([
          ['Commit', record.Commit],
          ['Author', record.Author],
          ['Email', record.Email],
          ['Date', record.Date],
        ] as const)),
    ['Fingerprint', record.Fingerprint],
  ];
}
