import type { Report, Reporter } from '../../types/report.ts';
import { jsonArray, jsonText } from '../json-text.ts';
import { gitleaksEntries, type GitleaksEntry } from './records.ts';

/**
 * SARIF in the shape that readers of gitleaks' know: a result per record, the path as it is, `commitSha` among the
 * partial fingerprints. The author's name and mail and the message are empty there, the snippet never holds the secret,
 * and the credential's id is added, so that results can be matched between runs.
 */
export function gitleaksSarifReporter(): Reporter {
  return {
    id: 'gitleaks-sarif',
    extension: 'sarif',
    *render(report: Report) {
      const driver = {
        name: 'gitleaks',
        semanticVersion: report.tool.version,
        informationUri: 'https://github.com/gitleaks/gitleaks',
        rules: report.rules.map((rule) => ({
          id: rule.aliases.gitleaks?.[0] ?? rule.id,
          shortDescription: { text: rule.title },
        })),
      };
      yield '{\n "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n "version": "2.1.0",\n "runs": [\n  {\n';
      yield `   "tool": ${jsonText({ driver }, ' ').replaceAll('\n', '\n   ')},\n   "results": `;
      const counts = new Map<string, number>();
      yield* jsonArray([...gitleaksEntries(report)], (entry) => result(entry, counts), ' ', 3);
      yield '\n  }\n ]\n}\n';
    },
  };
}

function result({ credential, record }: GitleaksEntry, counts: Map<string, number>): unknown {
  const key = `${credential} ${record.File}`;
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  const commit = record.Commit === '' ? '' : ` at commit ${record.Commit}`;
  return {
    message: { text: `${record.RuleID} has detected secret for file ${record.File}${commit}.` },
    ruleId: record.RuleID,
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: record.File },
          region: {
            startLine: record.StartLine,
            startColumn: record.StartColumn,
            endLine: record.EndLine,
            endColumn: record.EndColumn,
            snippet: { text: record.Secret },
          },
        },
      },
    ],
    partialFingerprints: {
      commitSha: record.Commit,
      email: '',
      author: '',
      date: record.Date,
      commitMessage: '',
      primaryLocationLineHash: `${credential}:${count}`,
      'unleakCredential/v1': credential,
    },
    properties: { tags: record.Tags },
  };
}
