/** Rule files for tests: one small provider, `acme`, whose keys are `acme_` and eight digits. */
import { stringify } from 'yaml';

const KEY = {
  id: 'acme-key',
  title: 'Acme key',
  kind: 'api-key',
  severity: 'high',
  confidence: 'high',
  keywords: ['acme_'],
  pattern: '\\b(?P<secret>acme_[0-9]{8})\\b',
  examples: { match: ['ACME=[[acme_{digit:8}]]'], noMatch: ['acme_{digit:7}', 'acme_{digit:9}'] },
  references: ['https://docs.acme.example/'],
};

/** The file with one rule, some fields of which are replaced; `undefined` takes a field away. */
export function ruleYaml(...changes: readonly Readonly<Record<string, unknown>>[]): string {
  const rules = changes.map((change) =>
    Object.fromEntries(Object.entries({ ...KEY, ...change }).filter(([, value]) => value !== undefined)),
  );
  return stringify({ provider: 'acme', name: 'Acme', rules }, { lineWidth: 0 });
}
