/**
 * The report formats by name. Most runs write one, so each is loaded when it is asked for; the one for people, which most
 * runs write, is there already.
 */
import type { Reporter } from '../types/report.ts';
import type { ReporterOptions } from './formats.ts';
import { sorting } from './order.ts';
import { terminalReporter } from './terminal/terminal.ts';

export interface ReportFormat {
  readonly id: string;
  /** Other names that `--format` takes. */
  readonly aliases: readonly string[];
  /** Without a dot. */
  readonly extension: string;
  readonly title: string;
  /** Shows the secrets of a report that holds them (`revealed`); the others never do. */
  readonly showsSecrets: boolean;
}

export const REPORT_FORMATS: readonly ReportFormat[] = [
  { id: 'terminal', aliases: ['text', 'pretty'], extension: 'txt', title: 'for people', showsSecrets: true },
  {
    id: 'json',
    aliases: [],
    extension: 'json',
    title: 'one JSON object, docs/schema/report.schema.json',
    showsSecrets: true,
  },
  {
    id: 'jsonl',
    aliases: ['ndjson', 'json-lines'],
    extension: 'jsonl',
    title: 'one JSON object per line',
    showsSecrets: true,
  },
  {
    id: 'sarif',
    aliases: [],
    extension: 'sarif',
    title: 'SARIF 2.1.0, one result per credential',
    showsSecrets: false,
  },
  { id: 'csv', aliases: [], extension: 'csv', title: 'a row per place', showsSecrets: true },
  { id: 'junit', aliases: [], extension: 'xml', title: 'JUnit XML, a test case per credential', showsSecrets: true },
  {
    id: 'gitlab-secrets',
    aliases: ['gitlab', 'gitlab-secret-detection'],
    extension: 'json',
    title: 'GitLab secret detection report',
    showsSecrets: false,
  },
  {
    id: 'gitlab-codequality',
    aliases: ['codequality', 'codeclimate'],
    extension: 'json',
    title: 'GitLab code quality report',
    showsSecrets: false,
  },
  { id: 'gitleaks-json', aliases: [], extension: 'json', title: "gitleaks' JSON", showsSecrets: true },
  { id: 'gitleaks-csv', aliases: [], extension: 'csv', title: "gitleaks' CSV", showsSecrets: true },
  { id: 'gitleaks-junit', aliases: [], extension: 'xml', title: "gitleaks' JUnit XML", showsSecrets: true },
  { id: 'gitleaks-sarif', aliases: [], extension: 'sarif', title: "gitleaks' SARIF", showsSecrets: false },
  { id: 'gitleaks-verbose', aliases: [], extension: 'txt', title: 'what gitleaks -v prints', showsSecrets: true },
];

/** By id or alias. */
export function findFormat(name: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => format.id === name || format.aliases.includes(name));
}

/** The format that a file name asks for by its extension; the first in the list that has it. */
export function formatForPath(path: string): ReportFormat | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  if (dot < 0) return undefined;
  const extension = name.slice(dot + 1).toLowerCase();
  return REPORT_FORMATS.find((format) => format.extension === extension || format.aliases.includes(extension));
}

/** Takes a report in any order. @throws RangeError for an id that is not in the list */
export async function createReporter(id: string, options?: ReporterOptions): Promise<Reporter> {
  if (id === 'terminal') return sorting(terminalReporter(options?.terminal));
  const { reporterFor } = await import('./formats.ts');
  return reporterFor(id, options);
}
