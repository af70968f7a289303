import { neutralise } from '../../bytes/display.ts';
import type { Report, Reporter } from '../../types/report.ts';
import { jsonText } from '../json-text.ts';
import { xmlAttributes, xmlText } from '../xml-text.ts';
import { gitleaksRecords, type GitleaksOptions, type GitleaksRecord } from './records.ts';

/** gitleaks' JUnit: one suite named `gitleaks`, a failed case per record, the record as JSON inside. */
export function gitleaksJunitReporter(options: GitleaksOptions = {}): Reporter {
  return {
    id: 'gitleaks-junit',
    extension: 'xml',
    *render(report: Report) {
      const records = gitleaksRecords(report, options);
      yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
      yield `\t<testsuite${xmlAttributes({ failures: records.length, name: 'gitleaks', tests: records.length, time: '' })}>`;
      for (const record of records) yield testCase(record);
      yield records.length === 0 ? '</testsuite>\n</testsuites>' : '\n\t</testsuite>\n</testsuites>';
    },
  };
}

function testCase(record: GitleaksRecord): string {
  const commit = record.Commit === '' ? '' : `, at commit ${record.Commit}`;
  const message = neutralise(
    `${record.RuleID} has detected a secret in file ${record.File}, line ${record.StartLine}${commit}.`,
  );
  const type = neutralise(record.Description);
  const attributes = xmlAttributes({ classname: type, file: neutralise(record.File), name: message, time: '' });
  return `\n\t\t<testcase${attributes}>\n\t\t\t<failure${xmlAttributes({ message, type })}>${xmlText(jsonText(record, '\t'))}</failure>\n\t\t</testcase>`;
}
